import type { Logger } from 'pino';
import type { StagingStore } from '../staging/index.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Removes staged runs untouched for `olderThanMs`, now and then once a day, since a worker may run for months.
 * @returns a function that ends it
 */
export async function sweepDaily(
  store: Pick<StagingStore, 'id' | 'sweep'>,
  olderThanMs: number,
  logger: Pick<Logger, 'info' | 'warn'>
): Promise<() => void> {
  const sweep = async (): Promise<void> => {
    const swept = await store.sweep(olderThanMs);
    if (swept > 0) logger.info({ swept, store: store.id }, 'removed staged runs that nobody touched');
  };
  await sweep();
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => logger.warn({ error, store: store.id }, 'the staging store was not swept'));
  }, DAY_MS).unref();
  return () => clearInterval(timer);
}
