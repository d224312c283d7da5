import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '../report/index.js';
import type { Progress } from '../contract/progress.js';
import type { IngestionClient } from './ingestion-client.js';
import type { IngestionRun } from './ingestion-run.js';

/** Often enough to look alive, seldom enough not to cost the worker anything: a query is a workflow task. */
const POLL_MS = 500;
/** A worker that is there answers well within this time. */
const NO_WORKER_AFTER_MS = 5_000;
const LAST_LOOK_MS = 1_000;

export interface FollowOptions {
  onProgress: (progress: Progress) => void;
  /** Called once when nobody polls the run's queue. */
  onNoWorker?: () => void;
  /** Stops following, not the run: `followRun` then answers undefined. */
  signal?: AbortSignal;
}

/**
 * Waits for a run's end and tells its progress meanwhile.
 *
 * @returns the report, or undefined when `signal` came first
 * @throws what `IngestionRun.wait` throws
 */
export async function followRun(
  client: IngestionClient,
  run: IngestionRun,
  options: FollowOptions
): Promise<RunReport | undefined> {
  const over = new AbortController();
  // a call that is still open when its client is closed would be repeated on the closed connection: both end here
  const polling = pollProgress(client, run, options, over.signal);
  try {
    return await run.wait(options.signal === undefined ? {} : { signal: options.signal });
  } catch (error) {
    if (options.signal?.aborted === true) return undefined;
    throw error;
  } finally {
    over.abort();
    await polling;
    await showEnd(run, options);
  }
}

/** The last poll may be half a second old: the stages are shown once more as they ended. */
async function showEnd(run: IngestionRun, options: FollowOptions): Promise<void> {
  if (options.signal?.aborted === true) return;
  const progress = await run.progress({ timeoutMs: LAST_LOOK_MS });
  if (progress !== undefined) options.onProgress(progress);
}

async function pollProgress(
  client: IngestionClient,
  run: IngestionRun,
  options: FollowOptions,
  over: AbortSignal
): Promise<void> {
  let lookAt = Date.now() + NO_WORKER_AFTER_MS;
  let seen = false;
  let told = false;
  while (!over.aborted) {
    const progress = await run.progress({ signal: over });
    if (over.aborted) return;
    if (progress !== undefined) {
      seen = true;
      options.onProgress(progress);
    } else if (!seen && !told && Date.now() >= lookAt) {
      lookAt = Date.now() + NO_WORKER_AFTER_MS;
      told = (await client.workers().catch(() => 1)) === 0;
      if (told) options.onNoWorker?.();
    }
    await sleep(POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
}
