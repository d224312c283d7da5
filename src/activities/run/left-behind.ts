import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';

/** How the SDK says that the worker was told to stop. */
const EVICTED = 'WORKER_SHUTDOWN';

/** Whether an activity ends because its worker does. */
export function isEvicted(error: unknown): error is CancelledFailure {
  return error instanceof CancelledFailure && error.message === EVICTED;
}

/**
 * Rejects with the cancellation when the worker's end cut the activity off and `wrapUpMs` have passed since: a source
 * that is silent, or a driver that hangs, can't keep a worker. Otherwise it never settles.
 */
export function leftBehind(context: Pick<Context, 'cancelled'>, wrapUpMs: number): Promise<never> {
  const left = context.cancelled.catch(async (error: unknown) => {
    if (!isEvicted(error)) return await new Promise<never>(() => undefined);
    await sleep(wrapUpMs, undefined, { ref: false });
    throw error;
  });
  // whether anybody still waits for it
  left.catch(() => undefined);
  return left;
}
