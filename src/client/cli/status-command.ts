import { harmlessLine } from '../../errors/index.js';
import { exitCode, printReport, redactedReport } from '../../report/index.js';
import { WORKFLOW_TASK } from '../failing-task.js';
import { createClient } from '../ingestion-client.js';
import type { IngestionRun, RunDescription } from '../ingestion-run.js';
import { reportOf } from '../report-of.js';
import { timeText, waitText } from '../run-waits.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { stageText } from './stage-text.js';
import type { StatusFlags } from './status.js';
import type { Terminal } from './terminal.js';

/** Prints how far a run is. @returns 0 while it runs, afterwards what `run` would have exited with */
export async function statusCommand(id: string, flags: StatusFlags, terminal: Terminal): Promise<ExitCode> {
  const client = await createClient();
  try {
    const run = client.attach(id);
    const description = await run.describe();
    if (description.status === 'RUNNING') return await printRunning(run, description, flags, terminal);
    const report = redactedReport(await reportOf(run));
    if (flags.json === true) terminal.out(JSON.stringify({ ...description, report }));
    else terminal.outText(`${harmlessLine(headline(description))}\n\n${printReport(report)}`);
    return exitCode(report);
  } finally {
    await client.close();
  }
}

async function printRunning(
  run: IngestionRun,
  description: RunDescription,
  flags: StatusFlags,
  terminal: Terminal
): Promise<ExitCode> {
  const progress = await run.progress();
  if (flags.json === true) {
    terminal.out(JSON.stringify({ ...description, progress }));
    return EXIT.success;
  }
  terminal.out(headline(description));
  const standsStill = description.waits.some(({ activity }) => activity === WORKFLOW_TASK);
  if (progress === undefined && standsStill) terminal.out('it stands still: its stages are not known');
  else if (progress === undefined) terminal.out(unansweredText(description));
  else if (progress.paused === true)
    terminal.out(`  paused: \`om-ingest resume ${description.workflowId}\` goes on with it`);
  for (const stage of progress?.stages ?? []) terminal.out(`  ${stageText(stage)}`);
  for (const wait of description.waits) terminal.out(`  ${waitText(wait)}`);
  return EXIT.success;
}

/** @param run its `version` is of a deployment: no worker of another one takes its tasks */
export function unansweredText({
  taskQueue,
  version,
  workerAwaitedSince: since,
  versionsThere: versions = [],
}: Pick<RunDescription, 'taskQueue' | 'version' | 'workerAwaitedSince' | 'versionsThere'>): string {
  const awaited = since === undefined ? '' : `; its next task waits for one since ${timeText(since)}`;
  const none = `no worker of ${taskQueue} answers: its stages are not known${awaited}`;
  if (versions.length > 0)
    return harmlessLine(
      `${none}. The workers there are of the deployment version ${versions.join(' and ')}, and none of theirs is current: \`temporal worker deployment set-current-version\` makes one so`
    );
  if (version === undefined) return none;
  return harmlessLine(
    `${none}; it waits for workers of the deployment version ${version} (TEMPORAL_DEPLOYMENT_NAME, TEMPORAL_WORKER_BUILD_ID)`
  );
}

function headline({ workflowId, type, status, startedAt, closedAt }: RunDescription): string {
  const end = closedAt === undefined ? '' : `, ended ${closedAt.toISOString()}`;
  return `${workflowId}: ${type} ${status.toLowerCase().replaceAll('_', ' ')}, started ${startedAt.toISOString()}${end}`;
}
