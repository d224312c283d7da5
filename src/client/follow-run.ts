import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '../report/index.js';
import type { Progress } from '../contract/progress.js';
import type { IngestionClient } from './ingestion-client.js';
import type { IngestionRun } from './ingestion-run.js';
import { RunWaitWatch } from './run-wait-watch.js';

/** Often enough to look alive, seldom enough not to cost the worker anything: a query is a workflow task. */
const POLL_MS = 500;
/** What a run waits for is asked of Temporal, not of the worker. */
const LOOK_MS = 4_000;
/** A worker that is there answers well within this time. */
const NO_WORKER_AFTER_MS = 5_000;
const LAST_LOOK_MS = 1_000;

export interface FollowOptions {
  readonly onProgress: (progress: Progress) => void;
  /** Called once when nobody polls the run's queue. */
  readonly onNoWorker?: () => void;
  /** A line when the run begins to wait for something, when the reason changes, and once a minute while it lasts. */
  readonly onWait?: (line: string) => void;
  /** Lines about Temporal that stopped answering, and answers again. */
  readonly onAway?: (line: string) => void;
  /**
   * Called once when the run's first contact with OpenMetadata and the source has not succeeded after `firstContactMs`.
   * @param reason what kept it from succeeding
   */
  readonly onNoContact?: (reason: string) => void;
  /** Milliseconds; by default the run is followed however long that takes. */
  readonly firstContactMs?: number;
  /** Stops following, not the run: `followRun` then answers undefined. */
  readonly signal?: AbortSignal;
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
  const contact = new Contact(options);
  // a call that is still open when its client is closed would be repeated on the closed connection: both end here
  const polling = Promise.all([
    pollProgress(client, run, options, contact, over.signal),
    lookAtWaits(run, options, contact, over.signal),
  ]);
  try {
    return await run.wait({
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onAway: (reason) => contact.lost(reason),
    });
  } catch (error) {
    if (options.signal?.aborted === true) return undefined;
    throw error;
  } finally {
    over.abort();
    await polling;
    await showEnd(run, options);
  }
}

/** Whether Temporal answers, and whether the run has got past its first contact. */
class Contact {
  /** Of the run: OpenMetadata and the source have answered. */
  made = false;
  /** OpenMetadata has answered. */
  prepared = false;
  #away = false;

  constructor(private readonly options: FollowOptions) {}

  lost(reason: string): void {
    this.#away = true;
    this.options.onAway?.(`Temporal does not answer (${reason}). The run goes on without it being seen; following on.`);
  }

  answered(progress: Progress): void {
    if (this.#away) this.options.onAway?.('Temporal answers again.');
    this.#away = false;
    this.prepared ||= progress.state !== 'preparing';
    this.made ||= sourceAnswered(progress);
  }
}

/** Stages that read OpenMetadata alone: that they are done says nothing of the source. */
const WITHOUT_SOURCE: ReadonlySet<string> = new Set(['tests']);

/** Preparing a metadata run asks the source; the other kinds ask it by what their stages read. */
function sourceAnswered({ state, stages }: Progress): boolean {
  if (state !== 'running') return state !== 'preparing';
  return stages.some(({ name, done, records, failures }) => !WITHOUT_SOURCE.has(name) && done + records + failures > 0);
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
  contact: Contact,
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
      contact.answered(progress);
      options.onProgress(progress);
    } else if (!seen && !told && Date.now() >= lookAt) {
      lookAt = Date.now() + NO_WORKER_AFTER_MS;
      told = (await client.workers().catch(() => 1)) === 0;
      if (told) options.onNoWorker?.();
    }
    await sleep(POLL_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Tells what the run waits for, and when its first contact takes too long. */
async function lookAtWaits(
  run: IngestionRun,
  options: FollowOptions,
  contact: Contact,
  over: AbortSignal
): Promise<void> {
  const watch = new RunWaitWatch();
  const contactUntil = Date.now() + (options.firstContactMs ?? Infinity);
  let given = false;
  while (!over.aborted) {
    await sleep(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    const waits = await run.describe().then(
      ({ waits: found }) => found,
      () => undefined
    );
    if (waits === undefined) continue;
    for (const line of watch.lines(waits)) options.onWait?.(line);
    const [first] = waits;
    if (given || contact.made || first === undefined || Date.now() < contactUntil) continue;
    // one failure behind the preparation may be a worker that was lost
    if (contact.prepared && first.attempts < 2) continue;
    given = true;
    options.onNoContact?.(first.reason);
  }
}
