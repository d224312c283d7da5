import type { StageResult } from '../../contract/run-plan.js';
import { TransientError } from '../../errors/index.js';

/** How long to wait when a throttled answer doesn't say, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

/** How long an error asks to wait, milliseconds; undefined for one that isn't about pressure. */
export function waitAskedBy(error: unknown): number | undefined {
  if (!(error instanceof TransientError) || !error.throttled) return undefined;
  return error.retryAfterMs ?? DEFAULT_WAIT_MS;
}

/**
 * Reports pressure to the workflow, which narrows its lanes, instead of failing and being tried again.
 * @param nothing the answer of a stage that has done nothing: what it has is staged, and counted when it finishes
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
