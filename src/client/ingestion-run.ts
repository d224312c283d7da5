import { setMaxListeners } from 'node:events';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { RunReport } from '../report/index.js';
import type { Progress } from '../contract/progress.js';
import { RunFailedError, RunNotFoundError } from './run-errors.js';
import { isProgress, isRunReport, runError } from './run-result.js';

const QUERY_TIMEOUT_MS = 5_000;

/** What Temporal says about a run, without asking its worker. */
export interface RunDescription {
  readonly workflowId: string;
  readonly runId: string;
  /** `metadataWorkflow`, `lineageWorkflow`. */
  readonly type: string;
  readonly taskQueue: string;
  /** `RUNNING`, `COMPLETED`, `FAILED`, `CANCELLED`, `TERMINATED`, `TIMED_OUT`, `CONTINUED_AS_NEW`. */
  readonly status: string;
  readonly startedAt: Date;
  readonly closedAt?: Date;
}

/** A run that was started or is attached to. Holds no state of its own: any number of processes may hold the same. */
export class IngestionRun {
  readonly workflowId: string;
  readonly #client: Client;
  readonly #handle: WorkflowHandle;

  constructor(client: Client, handle: WorkflowHandle) {
    this.#client = client;
    this.#handle = handle;
    this.workflowId = handle.workflowId;
  }

  /**
   * Waits for the end, as long as it takes or until `signal`. Nothing may be waited for when the client is closed: abort first.
   *
   * @throws RunFailedError with the report, RecipeRefusedError, RunStoppedError, RunNotFoundError
   */
  async wait(options: { signal?: AbortSignal } = {}): Promise<RunReport> {
    let result: unknown;
    try {
      result = await this.#until(options.signal, () => this.#handle.result());
    } catch (error) {
      options.signal?.throwIfAborted();
      throw runError(error, this.workflowId, this.#client.options.namespace);
    }
    if (isRunReport(result)) return result;
    throw new RunFailedError(
      this.workflowId,
      `${this.workflowId} ended without a report: it is no run of this worker.`
    );
  }

  /** Stages, counts and failures now; undefined when no worker is there to answer. */
  async progress(options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Progress | undefined> {
    const deadline = Date.now() + (options.timeoutMs ?? QUERY_TIMEOUT_MS);
    try {
      const answer: unknown = await this.#client.connection.withDeadline(deadline, () =>
        this.#until(options.signal, () => this.#handle.query('progress'))
      );
      return isProgress(answer) ? answer : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws RunNotFoundError */
  async describe(): Promise<RunDescription> {
    try {
      const { workflowId, runId, type, taskQueue, status, startTime, closeTime } = await this.#handle.describe();
      return {
        workflowId,
        runId,
        type,
        taskQueue,
        status: status.name,
        startedAt: startTime,
        ...(closeTime === undefined ? {} : { closedAt: closeTime }),
      };
    } catch (error) {
      throw runError(error, this.workflowId, this.#client.options.namespace);
    }
  }

  /**
   * Asks the run to stop: it reports `stopped` to OpenMetadata, cleans up and ends. `wait` then throws RunStoppedError.
   *
   * A run that is over already stays as it is.
   *
   * @throws RunNotFoundError
   */
  async cancel(): Promise<void> {
    try {
      await this.#handle.cancel();
    } catch (error) {
      const mapped = runError(error, this.workflowId, this.#client.options.namespace);
      throw mapped instanceof RunNotFoundError ? mapped : error;
    }
  }

  /** The SDK listens to the signal anew for each request and never stops: it gets a signal of the call's own. */
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
