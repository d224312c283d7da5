import type { StageResult } from '../../contract/run-plan.js';
import { TransientError } from '../../errors/index.js';

/** Throttling that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

/** How long an error asks to wait, milliseconds; undefined for one that is no pressure. */
export function waitAskedBy(error: unknown): number | undefined {
  if (!(error instanceof TransientError) || !error.throttled) return undefined;
  return error.retryAfterMs ?? DEFAULT_WAIT_MS;
}

/**
 * Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
 * @param nothing what a stage answers that has done nothing: what it has is staged, and counted when it is finished
 */
export async function orSlowDown<T extends StageResult>(nothing: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const retryAfterMs = waitAskedBy(error);
    if (retryAfterMs === undefined) throw error;
    return { ...nothing, retryAfterMs };
  }
}
