import { setTimeout as sleepFor } from 'node:timers/promises';
import { SHORTEST_WAIT_MS } from '../../contract/waits.js';

/** How a call is repeated inside the client. Longer outages are up to the caller (an activity's retry). */
export interface RetryPolicy {
  /** Attempts altogether, including the first. Default 4. */
  readonly attempts: number;
  /** Longest wait before the second attempt, doubled for each later one. Default 500 ms. */
  readonly baseMs: number;
  /** Default 5,000 ms. */
  readonly maxMs: number;
  /** A longer wait that a server asks for doesn't happen here: the error carries `retryAfterMs`. Default 10,000 ms. */
  readonly retryAfterCapMs: number;
  /** A call with all its repeats and waits ends after this time. Default 600,000 ms. */
  readonly totalMs: number;
  /** Source of jitter, 0 ≤ x < 1. */
  readonly random: () => number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 4,
  baseMs: 500,
  maxMs: 5_000,
  retryAfterCapMs: 10_000,
  totalMs: 600_000,
  random: Math.random,
};

/**
 * Milliseconds to wait after attempt number `attempt` (1-based) failed; undefined when it was the last one, or the
 * server asks for more than the cap. Back-off is exponential, the upper half of each step random, so that workers don't
 * come back together.
 */
export function delayBeforeRetry(
  policy: RetryPolicy,
  attempt: number,
  retryAfterMs: number | undefined
): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  const step = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  const backOff = step / 2 + (step / 2) * policy.random();
  if (retryAfterMs === undefined) return backOff;
  // jitter is added to what the server asked for, never subtracted
  return retryAfterMs > policy.retryAfterCapMs ? undefined : Math.max(backOff, retryAfterMs + backOff - step / 2);
}

/**
 * Reads a Retry-After header, seconds or an HTTP date; undefined when absent, unreadable or no wait (0 s, a date in the
 * past), so that the usual back-off applies. A second at least, whoever waits then; the error bounds it above.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : Date.parse(text) - now;
  return wait > 0 ? Math.max(wait, SHORTEST_WAIT_MS) : undefined;
}

/** Waits; an abort ends this at once and throws the signal's reason. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
