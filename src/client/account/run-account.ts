import { PermanentError } from '../../errors/index.js';
import type { RunReport } from '../../report/index.js';
import type { IngestionClient } from '../ingestion-client.js';
import type { RunDescription } from '../ingestion-run.js';
import { reportOf } from '../report-of.js';
import { isRunReport } from '../run-result.js';
import { runTimeline, type StageSpans } from './run-timeline.js';

/** All that Temporal keeps of a run that is over. */
export interface RunAccount {
  readonly description: RunDescription;
  readonly report: RunReport;
  readonly stages: readonly StageSpans[];
  /** The run of the same pipeline, or else under the same workflow id, that ended last before this one began. */
  readonly before?: RunReport;
}

/** Candidates looked at for the previous run. */
const MOST_CANDIDATES = 20;

/**
 * Gathers what is known about a run.
 *
 * @throws RunNotFoundError; PermanentError for a run that is still going; what `wait` throws for one that ended without
 * a report
 */
export async function runAccount(client: IngestionClient, workflowId: string): Promise<RunAccount> {
  const run = client.attach(workflowId);
  const description = await run.describe();
  if (description.status === 'RUNNING')
    throw new PermanentError('The run is under way; its account is made when it is over.', {
      where: workflowId,
      remedy: `\`om-ingest status ${workflowId}\` shows where it stands.`,
    });
  const report = await reportOf(run);
  const before = await runBefore(client, workflowId, description, report);
  return {
    description,
    report,
    stages: await runTimeline(client.temporal, workflowId, description.runId),
    ...(before === undefined ? {} : { before }),
  };
}

async function runBefore(
  { temporal, taskQueue }: IngestionClient,
  workflowId: string,
  { type, startedAt, runId }: RunDescription,
  report: RunReport
): Promise<RunReport | undefined> {
  const query = `WorkflowType = '${type}' AND TaskQueue = '${taskQueue.replaceAll("'", "''")}' AND ExecutionStatus = 'Completed' AND CloseTime <= '${startedAt.toISOString()}'`;
  let looked = 0;
  for await (const each of temporal.workflow.list({ query, pageSize: MOST_CANDIDATES })) {
    looked += 1;
    if (looked > MOST_CANDIDATES) return undefined;
    if (each.runId === runId) continue;
    const result: unknown = await temporal.workflow.getHandle(each.workflowId, each.runId).result();
    if (!isRunReport(result) || result.service !== report.service) continue;
    if (result.ingestionPipelineFQN !== report.ingestionPipelineFQN) continue;
    if (report.ingestionPipelineFQN !== undefined || ofOneRecipe(each.workflowId, workflowId)) return result;
  }
  return undefined;
}

/** Schedules add the time to the id of each run. */
function ofOneRecipe(...ids: readonly [string, string]): boolean {
  const [one, other] = ids.map((id) => id.replace(/-\d{4}-\d{2}-\d{2}T[\d:]+Z$/, ''));
  return one === other;
}
