import type { RunReport } from '../report/index.js';
import type { IngestionRun } from './ingestion-run.js';
import { RunFailedError, RunStoppedError } from './run-errors.js';

/**
 * The report of a run when it ends, also if it failed or was cancelled.
 * @throws what `wait` throws for a run that ended without one
 */
export async function reportOf(run: IngestionRun): Promise<RunReport> {
  try {
    return await run.wait();
  } catch (error) {
    if (error instanceof RunFailedError && error.report !== undefined) return error.report;
    const stopped = error instanceof RunStoppedError ? await run.stoppedReport() : undefined;
    if (stopped !== undefined) return stopped;
    throw error;
  }
}
