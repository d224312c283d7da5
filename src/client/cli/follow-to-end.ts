import { exitCode, printReport, redactedReport, type RunReport } from '../../report/index.js';
import { followRun } from '../follow-run.js';
import type { IngestionClient } from '../ingestion-client.js';
import type { IngestionRun } from '../ingestion-run.js';
import { RunFailedError } from '../run-errors.js';
import type { ExitCode } from './exit-codes.js';
import { createProgressView } from './create-progress-view.js';
import type { Terminal } from './terminal.js';

/**
 * Follows a run, shows its progress and prints its report.
 * @returns what `run` exits with
 * @throws what `IngestionRun.wait` throws for a run that ended without a report
 */
export async function followToEnd(client: IngestionClient, run: IngestionRun, terminal: Terminal): Promise<ExitCode> {
  const view = createProgressView(terminal, false);
  const report = await reportAtEnd(client, run, view).finally(() => view.close());
  const shown = redactedReport(report);
  terminal.outText(printReport(shown));
  return exitCode(shown);
}

async function reportAtEnd(
  client: IngestionClient,
  run: IngestionRun,
  view: ReturnType<typeof createProgressView>
): Promise<RunReport> {
  try {
    const report = await followRun(client, run, {
      onProgress: (progress) => view.show(progress),
      onNoWorker: () =>
        view.note(`no worker polls ${client.taskQueue}: the run waits. Start one by \`om-ingest worker\`.`),
      onWait: (line) => view.note(`${run.workflowId} ${line}`),
      onAway: (line) => view.note(line),
    });
    if (report === undefined) throw new Error(`${run.workflowId} was left.`);
    return report;
  } catch (error) {
    if (error instanceof RunFailedError && error.report !== undefined) return error.report;
    throw error;
  }
}
