import { setTimeout } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';

/** Milliseconds. If a server takes longer than this to find rows, waiting doesn't make it faster. */
const HEAD_START_MS = 250;

/** What was started; `arrived` resolves when its first rows are there and never rejects. */
export interface Started<T> {
  readonly value: T;
  readonly arrived: Promise<unknown>;
}

const queues = new Map<string, LimitFunction>();

/**
 * Starts statements, and keeps others on the same server (`key`) in this process from starting until these have their
 * first rows or the head start is over; first come, first served. Reads that begin together share the server, so all
 * get their first rows when the slowest does; one after another, the first read's rows are processed meanwhile.
 * @param signal ends the wait; what was started handles it itself
 * @throws the signal's reason when it is aborted before the start
 */
export async function withHeadStart<T>(
  key: string,
  signal: AbortSignal,
  start: () => Started<T>,
  headStartMs = HEAD_START_MS
): Promise<T> {
  const queue = queues.get(key) ?? pLimit(1);
  queues.set(key, queue);
  let stopWaiting: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stopWaiting = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stopWaiting, { once: true });
  });
  const begin = async (): Promise<T> => {
    signal.removeEventListener('abort', stopWaiting);
    signal.throwIfAborted();
    const { value, arrived } = start();
    await noLongerThan(headStartMs, arrived);
    return value;
  };
  try {
    signal.throwIfAborted();
    return await Promise.race([queue(begin), aborted]);
  } finally {
    signal.removeEventListener('abort', stopWaiting);
    if (queue.activeCount + queue.pendingCount === 0) queues.delete(key);
  }
}

async function noLongerThan(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const timer = setTimeout(ms, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, timer]);
  over.abort();
}
