import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '../report/index.js';
import type { Progress } from '../contract/progress.js';
import { WORKFLOW_TASK } from './failing-task.js';
import type { IngestionClient } from './ingestion-client.js';
import type { IngestionRun } from './ingestion-run.js';
import { RunWaitWatch } from './run-wait-watch.js';

/** Often enough to look alive, rarely enough to cost the worker little: a query is a workflow task. */
const POLL_MS = 500;
/** Temporal is asked what a run waits for, not the worker. */
const LOOK_MS = 4_000;
/** A worker that is alive answers well within this time. */
const NO_WORKER_AFTER_MS = 5_000;
const LAST_LOOK_MS = 1_000;

export interface FollowOptions {
  readonly onProgress: (progress: Progress) => void;
  /** Called once when nobody polls the run's queue. */
  readonly onNoWorker?: () => void;
  /**
   * Gets a line when the run begins to wait for something, when the reason changes, and once a minute while it waits.
   */
  readonly onWait?: (line: string) => void;
  /** Gets lines about Temporal that stopped answering, and answers again. */
  readonly onAway?: (line: string) => void;
  /**
   * Called once when the run hasn't made its first contact with OpenMetadata and the source after `firstContactMs`.
   * @param reason what prevented it
   */
  readonly onNoContact?: (reason: string) => void;
  /** Milliseconds; by default the run is followed however long this takes. */
  readonly firstContactMs?: number;
  /** Stops following, not the run: `followRun` then returns undefined. */
  readonly signal?: AbortSignal;
}

/**
 * Waits for the end of a run and reports its progress meanwhile.
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
  // a call that is still open when its client closes would be repeated on the closed connection: both end here
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

/** Whether Temporal answers, and whether the run has made its first contact. */
class Contact {
  /** About the run: OpenMetadata and the source have answered. */
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

/** Stages that only read OpenMetadata: their end says nothing about the source. */
const WITHOUT_SOURCE: ReadonlySet<string> = new Set(['tests', 'views', 'parse views']);

/** Preparing a metadata run contacts the source; the other kinds contact it in the stages that read it. */
function sourceAnswered({ state, stages }: Progress): boolean {
  if (state !== 'running') return state !== 'preparing';
  return stages.some(({ name, done, records, failures }) => !WITHOUT_SOURCE.has(name) && done + records + failures > 0);
}

/** The last poll may be half a second old: the stages are shown once more, as they ended. */
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

/** Reports what the run waits for, and that its first contact takes too long. */
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
    // one that workers can't run is as one without a worker: it waits for a right one, and the ends were not asked
    const first = waits.find(({ activity, attempts, struggles, dueSince }) => {
      const awaitsWorker = attempts === 0 && struggles !== true && dueSince !== undefined;
      return activity !== WORKFLOW_TASK && !awaitsWorker;
    });
    if (given || contact.made || first === undefined || Date.now() < contactUntil) continue;
    // one failure after the preparation may just be a worker that was lost
    if (contact.prepared && first.attempts < 2) continue;
    given = true;
    options.onNoContact?.(first.reason);
  }
}
