import { log } from '@temporalio/activity';
import type { EntityReference, OpenMetadataClient, PipelineStatusRecord } from '../../openmetadata/index.js';
import { KINDS } from '../../contract/kinds.js';
import { redact } from '../../secrets/index.js';
import { splitFqn } from '../../openmetadata/index.js';
import type { PartRecorder, RunReport } from '../../report/index.js';
import {
  printReport,
  redactedReport,
  toDiscovery,
  toLastUpdate,
  toPipelineStatus,
  toRunningStatus,
} from '../../report/index.js';
import { IngestionError } from '../../errors/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { ActivityDeps } from './activity-deps.js';
import { workOf } from '../work-of.js';
import { factsForStatus, factsIn } from '../../run-context/index.js';
import { pipelineConfig } from './pipeline-config.js';
import { isAliveBesides, thisProcess } from './run-process.js';
import { LOG_SENDER, logLine } from './run-watch.js';
import type { RunIdentity } from '../../contract/run-plan.js';

/** How far back `running` statuses are looked for: no run lasts longer. Milliseconds. */
const STALE_WINDOW_MS = 14 * 24 * 3_600_000;

/** Longest time a run may spend on progress or logs, milliseconds. */
const IN_PASSING_MS = 10_000;

export interface StatusReporter {
  readonly client: OpenMetadataClient;
  readonly recipe: Recipe;
  readonly identity: RunIdentity;
  readonly recorder: PartRecorder;
  readonly signal: AbortSignal;
}

type StaleDeps = Pick<ActivityDeps, 'isRunning' | 'ownServer' | 'store'>;

/**
 * Reports `running`, creates the pipeline if it doesn't exist, and closes statuses of runs that ended without reporting
 * it. A status never fails a run: a fault is a warning.
 */
export async function reportRunning(reporter: StatusReporter, owner: EntityReference, deps: StaleDeps): Promise<void> {
  const { client, recipe, identity, signal } = reporter;
  const fqn = recipe.ingestionPipelineFQN;
  if (fqn === undefined) return;
  await asWarning(reporter, async () => {
    await ensurePipeline(reporter, fqn, owner);
    const own = await closeStale(reporter, fqn, deps);
    const process = deps.ownServer === true ? { process: thisProcess } : {};
    await client.pipelines.putStatus(
      fqn,
      toRunningStatus(identity, { ...factsIn(own?.metadata), ...mark(identity), ...process }),
      { signal }
    );
  });
  await inPassing(reporter, async (within) => {
    const update = toDiscovery(identity.pipelineRunId, recipe.source.serviceName, Date.now());
    await client.progress.put(fqn, update, { signal: within });
  });
}

/** What this run has said to the pipeline's other runs, when nothing else of it is left. */
export async function saidByRun(reporter: StatusReporter): Promise<Readonly<Record<string, unknown>>> {
  const { client, recipe, identity, signal } = reporter;
  const fqn = recipe.ingestionPipelineFQN;
  if (fqn === undefined) return {};
  let said = {};
  await asWarning(reporter, async () => {
    said = factsIn((await client.pipelines.getStatus(fqn, identity.pipelineRunId, { signal }))?.metadata);
  });
  return said;
}

/** @param facts what the run leaves to the pipeline's next runs */
export async function reportEnd(
  reporter: StatusReporter,
  report: RunReport,
  facts: Readonly<Record<string, unknown>> = {}
): Promise<void> {
  const { client, recipe, identity, signal } = reporter;
  const fqn = recipe.ingestionPipelineFQN;
  if (fqn === undefined) return;
  await asWarning(reporter, async () => {
    await client.pipelines.putStatus(fqn, toPipelineStatus(report, { ...mark(identity), ...facts }), { signal });
  });
  await inPassing(reporter, async (within) => {
    await client.progress.put(fqn, toLastUpdate(report), { signal: within });
  });
  if (recipe.enableStreamableLogs) await inPassing(reporter, (within) => closeLog(client, fqn, report, within));
}

/** The report is what the run's log ends with. */
async function closeLog(
  client: OpenMetadataClient,
  fqn: string,
  report: RunReport,
  signal: AbortSignal
): Promise<void> {
  const { pipelineRunId: runId } = report;
  const lines = [logLine(report.state === 'failed' ? 'ERROR' : 'INFO', `\n${printReport(redactedReport(report))}`)];
  const batch = { lines, connectorId: LOG_SENDER, timestamp: report.finishedAt };
  if (await client.runLogs.append(fqn, runId, batch, { signal })) await client.runLogs.close(fqn, runId, { signal });
}

async function ensurePipeline(
  { client, recipe, signal }: StatusReporter,
  fqn: string,
  owner: EntityReference
): Promise<void> {
  if ((await client.pipelines.find(fqn, { signal })) !== undefined) return;
  await client.pipelines.create(
    {
      name: splitFqn(fqn).at(-1) ?? fqn,
      service: owner,
      pipelineType: KINDS[recipe.kind].pipelineType,
      sourceConfig: { config: pipelineConfig(recipe.source.sourceConfig.config) },
      airflowConfig: {},
      ...(recipe.enableStreamableLogs ? { enableStreamableLogs: true } : {}),
    },
    { signal }
  );
}

/**
 * A run of another Temporal server can't be asked about: if its process is alive it is under way, and if the server is
 * a cluster, the cluster looks after it.
 */
async function isUnderWay(
  workflowId: string,
  { runId, metadata }: { readonly runId: string; readonly metadata?: Readonly<Record<string, unknown>> | undefined },
  { isRunning, ownServer }: StaleDeps
): Promise<boolean> {
  const owner = metadata?.['process'];
  if (typeof owner === 'string' ? isAliveBesides(owner) : ownServer === true) return true;
  return isRunning(workflowId, runId);
}

/**
 * A killed run leaves `running` and its staged data. When its workflow no longer runs, the status becomes `failed` and
 * the data is removed.
 * @returns what this run said before its staging store was lost
 */
async function closeStale(
  { client, recipe, identity, recorder, signal }: StatusReporter,
  fqn: string,
  deps: StaleDeps
): Promise<PipelineStatusRecord | undefined> {
  const window = { startTs: identity.startedAt - STALE_WINDOW_MS, endTs: identity.startedAt };
  const statuses = await client.pipelines.listStatuses(fqn, window, { signal });
  for (const status of statuses) {
    if (status.pipelineState !== 'running' || status.runId === identity.pipelineRunId) continue;
    const workflowId = status.metadata?.['workflowId'];
    if (typeof workflowId === 'string' && (await isUnderWay(workflowId, status, deps))) continue;
    const startDate = status.startDate ?? status.timestamp ?? identity.startedAt;
    const ended = { store: deps.store, run: status.runId, startedAt: startDate };
    if (typeof workflowId === 'string')
      await workOf(recipe.kind).leaveEarly?.({ ...ended, recipe, client, recorder, signal });
    await client.pipelines.putStatus(
      fqn,
      {
        runId: status.runId,
        pipelineState: 'failed',
        startDate,
        timestamp: status.timestamp ?? startDate,
        endDate: identity.startedAt,
        config: {},
        metadata: {
          ...status.metadata,
          ...(await factsForStatus(deps.store, status.runId)),
          error: 'The run ended without reporting its end; closed by the next one.',
        },
      },
      { signal }
    );
    if (typeof workflowId === 'string') await deps.store.removeRun(status.runId);
  }
  return statuses.find(({ runId, pipelineState }) => runId === identity.pipelineRunId && pipelineState === 'running');
}

function mark({ workflowId }: RunIdentity): Readonly<Record<string, unknown>> {
  return { workflowId };
}

/**
 * For progress and logs, which nothing depends on: they may take long once, but may not hold the run up. A server that
 * is busy or away is logged, since the run's status is sent again and again; one that refuses is noted in the report.
 */
async function inPassing(
  { recorder, signal }: StatusReporter,
  work: (signal: AbortSignal) => Promise<void>
): Promise<void> {
  try {
    await work(AbortSignal.any([signal, AbortSignal.timeout(IN_PASSING_MS)]));
  } catch (error) {
    if (signal.aborted) throw error;
    const reason = error instanceof IngestionError ? error.describe() : String(error);
    const message = `OpenMetadata was not told of the run's progress or log: ${reason}`;
    if (error instanceof IngestionError && error.consequence !== 'transient') recorder.note(message);
    else log.warn(redact(message));
  }
}

async function asWarning({ recorder, recipe }: StatusReporter, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof IngestionError)) throw error;
    recorder.warning(
      'sink',
      `The status of pipeline ${recipe.ingestionPipelineFQN ?? ''} was not reported: ${error.describe()}`
    );
  }
}
