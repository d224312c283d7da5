import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { RunReport } from '../report/index.js';
import { protectNames } from '../secrets/index.js';
import { PAUSE_SIGNAL, PROGRESS_QUERY, RESUME_SIGNAL } from '../contract/names.js';
import type { Progress } from '../contract/progress.js';
import { failingTask } from './failing-task.js';
import { RunFailedError, RunNotFoundError } from './run-errors.js';
import { isAway, isProgress, isRunReport, runError } from './run-result.js';
import { versionsThere } from './recent-pollers.js';
import { childWaits } from './child-waits.js';
import { runWaits, workerAwaitedSince, type RunWait } from './run-waits.js';
import { versionOf } from './run-version.js';
import { stoppedReport } from './stopped-report.js';
import { workerWaits } from './worker-waits.js';

const QUERY_TIMEOUT_MS = 5_000;
/** How long to wait for a Temporal server that doesn't answer. */
const AWAY_MS = 30 * 60_000;
const AWAY_PAUSE_MS = 1_000;

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Called each time that Temporal stops answering; waiting continues, for half an hour at most. */
  readonly onAway?: (reason: string) => void;
}

/** What Temporal knows about a run without asking its worker. */
export interface RunDescription {
  readonly workflowId: string;
  readonly runId: string;
  /** `metadataWorkflow`, `lineageWorkflow`. */
  readonly type: string;
  readonly taskQueue: string;
  /** Where workers have versions: the one that the run is of, and waits for. `om-ingest 1.2.0` */
  readonly version?: string;
  /** `RUNNING`, `COMPLETED`, `FAILED`, `CANCELLED`, `TERMINATED`, `TIMED_OUT`, `CONTINUED_AS_NEW`. */
  readonly status: string;
  readonly startedAt: Date;
  readonly closedAt?: Date;
  /** Since when a task of the run is due and no worker has taken it; absent when there is none. */
  readonly workerAwaitedSince?: Date;
  /** Of a run that no worker has taken: the versions of the workers that are there. None of them is current. */
  readonly versionsThere?: readonly string[];
  /** Activities that failed and will be tried again, or that no worker takes: what the run waits for. */
  readonly waits: readonly RunWait[];
}

/** A run that was started or attached to. It has no state of its own: any number of processes may hold the same run. */
export class IngestionRun {
  readonly workflowId: string;
  readonly #client: Client;
  readonly #handle: WorkflowHandle;

  constructor(client: Client, handle: WorkflowHandle) {
    this.#client = client;
    this.#handle = handle;
    this.workflowId = handle.workflowId;
    protectNames([handle.workflowId]);
  }

  /**
   * Waits for the end, as long as it takes or until `signal`. Don't close the client during a wait: abort first.
   *
   * @throws RunFailedError with the report, RecipeRefusedError, RunStoppedError, RunNotFoundError
   */
  async wait(options: WaitOptions = {}): Promise<RunReport> {
    const result = await this.#result(options);
    if (isRunReport(result)) return result;
    throw new RunFailedError(
      this.workflowId,
      `${this.workflowId} ended without a report: it isn't a run of this worker.`
    );
  }

  async #result({ signal, onAway }: WaitOptions): Promise<unknown> {
    let awaySince: number | undefined;
    for (;;) {
      const askedAt = Date.now();
      try {
        return await this.#until(signal, () => this.#handle.result());
      } catch (error) {
        signal?.throwIfAborted();
        // a call that lasted was answered for a while: the outage before it is over
        if (Date.now() - askedAt > AWAY_MS) awaySince = undefined;
        if (!isAway(error) || (awaySince !== undefined && Date.now() - awaySince > AWAY_MS))
          throw runError(error, this.workflowId, this.#client.options.namespace);
        if (awaySince === undefined) onAway?.(error instanceof Error ? error.message : String(error));
        awaySince ??= askedAt;
        await sleep(AWAY_PAUSE_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      }
    }
  }

  /** Stages, counts and failures so far; undefined when there is no worker to answer. */
  async progress(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Progress | undefined> {
    const deadline = Date.now() + (options.timeoutMs ?? QUERY_TIMEOUT_MS);
    try {
      const answer: unknown = await this.#client.connection.withDeadline(deadline, () =>
        this.#until(options.signal, () => this.#handle.query(PROGRESS_QUERY))
      );
      return isProgress(answer) ? answer : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws RunNotFoundError */
  async describe(): Promise<RunDescription> {
    try {
      const description = await this.#handle.describe();
      const { workflowId, runId, type, taskQueue, status, startTime, closeTime } = description;
      const awaited = workerAwaitedSince(description);
      const { version } = versionOf(description);
      const there = awaited === undefined || version !== undefined ? [] : await versionsThere(this.#client, taskQueue);
      return {
        workflowId,
        runId,
        type,
        taskQueue,
        ...(version === undefined ? {} : { version }),
        status: status.name,
        startedAt: startTime,
        ...(closeTime === undefined ? {} : { closedAt: closeTime }),
        ...(awaited === undefined ? {} : { workerAwaitedSince: awaited }),
        ...(there.length === 0 ? {} : { versionsThere: there }),
        waits: [
          ...(await failingTask(this.#client, description)),
          ...(await runWaits(description, this.#client.options.loadedDataConverter)),
          ...(await workerWaits(this.#client, description)),
          ...(await childWaits(this.#client, description)),
        ],
      };
    } catch (error) {
      throw runError(error, this.workflowId, this.#client.options.namespace);
    }
  }

  /** What a cancelled run reported before it ended; undefined when there was nothing to report yet. */
  stoppedReport(): Promise<RunReport | undefined> {
    return stoppedReport(this.#client, this.workflowId);
  }

  /**
   * Asks the run to stop: it reports `stopped` to OpenMetadata, cleans up and ends. `wait` then throws RunStoppedError.
   *
   * Does nothing to a run that is over.
   *
   * @throws RunNotFoundError
   */
  async cancel(): Promise<void> {
    await this.#tell(() => this.#handle.cancel());
  }

  /**
   * Finishes what is under way and begins nothing more until `resume`, even if the workers restart.
   *
   * @throws RunNotFoundError when there is no such run, or it is over
   */
  async pause(): Promise<void> {
    await this.#tell(() => this.#handle.signal(PAUSE_SIGNAL));
  }

  /** Resumes a paused run; does nothing to one that isn't paused. @throws RunNotFoundError as `pause` */
  async resume(): Promise<void> {
    await this.#tell(() => this.#handle.signal(RESUME_SIGNAL));
  }

  async #tell(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      const mapped = runError(error, this.workflowId, this.#client.options.namespace);
      throw mapped instanceof RunNotFoundError ? mapped : error;
    }
  }

  /**
   * The SDK adds a listener to the signal for each request and never removes it: it gets a signal of its own per call.
   */
  async #until<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    if (signal === undefined) return call();
    const own = new AbortController();
    // a long wait is many requests
    setMaxListeners(0, own.signal);
    const abort = (): void => own.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#client.connection.withAbortSignal(own.signal, call);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
