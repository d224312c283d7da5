import type { StageResult } from '../../contract/run-plan.js';
import { TransientError } from '../../errors/index.js';
import { NO_PART } from '../../report/index.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

/** Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again. */
export async function orSlowDown(work: () => Promise<StageResult>): Promise<StageResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TransientError) || !error.throttled) throw error;
    return { part: NO_PART, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
  }
}
