import pLimit, { type LimitFunction } from 'p-limit';

const queues = new Map<string, LimitFunction>();

/**
 * Runs `work` when no other work of this key is under way in this process; first come, first served.
 * @throws what `work` throws; the signal's reason when it is aborted, also while it waits
 */
export async function oneAtATime<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(key) ?? pLimit(1);
  queues.set(key, queue);
  let stopWaiting: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stopWaiting = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stopWaiting, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([queue(() => (signal.aborted ? aborted : work())), aborted]);
  } finally {
    signal.removeEventListener('abort', stopWaiting);
    if (queue.activeCount + queue.pendingCount === 0) queues.delete(key);
  }
}
