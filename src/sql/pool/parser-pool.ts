import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { PermanentError } from '../../errors/index.js';
import type { BatchAnswer, PooledText } from './parser-thread.js';
import { PoisonList, type PoisonReason } from './poison-list.js';
import {
  emptyLineage,
  type ParserPoolOptions,
  type ParserPoolReport,
  type PooledLineage,
  type PoolQuery,
} from './pool-contract.js';
import { Progress } from './progress.js';
import { ThreadEnded, type ThreadHandle } from './thread-handle.js';
import { ThreadSet } from './thread-set.js';

/** How often running batches are looked at. A deadline is kept to within this. */
const WATCH_MS = 25;

/**
 * Reads batches of SQL on worker threads. Reading has no deadline, so a thread that takes too long is ended, and a
 * spare continues with the batch while a new thread loads. Statements before the poisoned one are read again; they were
 * quick.
 */
export class ParserPool {
  readonly #threads: ThreadSet;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #options: Required<Omit<ParserPoolOptions, 'threads' | 'threadHeapMb'>>;
  readonly #poison = new PoisonList();
  readonly #running = new Set<Promise<unknown>>();
  #texts = 0;
  #templateHits = 0;
  #threadsEnded = 0;

  constructor(options: ParserPoolOptions = {}) {
    const threads = options.threads ?? Math.min(4, Math.max(1, availableParallelism() - 1));
    this.#options = {
      deadlineMs: options.deadlineMs ?? 5000,
      batchSize: options.batchSize ?? 200,
      maxWaiting: options.maxWaiting ?? 64,
    };
    this.#limit = pLimit(threads);
    this.#threads = new ThreadSet(threads + 1, options.threadHeapMb ?? 512);
  }

  /** The lineages of the queries, in order. A poisoned one has an empty lineage and says why. */
  parseBatch(queries: readonly PoolQuery[], signal?: AbortSignal): Promise<PooledLineage[]> {
    // Kept from the first moment on, so that close() waits for batches that have not begun.
    const reading = this.#parse(queries, signal);
    this.#running.add(reading);
    return reading.finally(() => this.#running.delete(reading));
  }

  async #parse(queries: readonly PoolQuery[], signal: AbortSignal | undefined): Promise<PooledLineage[]> {
    const waiting = this.#limit.pendingCount;
    if (waiting >= this.#options.maxWaiting) {
      throw new PermanentError(`${waiting} batches are already waiting for the parser threads, the most allowed.`, {
        remedy: 'Await parseBatch before calling it again.',
      });
    }
    const { batchSize } = this.#options;
    const batches: (readonly PoolQuery[])[] = [];
    for (let from = 0; from < queries.length; from += batchSize) batches.push(queries.slice(from, from + batchSize));
    const done = await Promise.all(batches.map((batch) => this.#limit(() => this.#readBatch(batch, signal))));
    return done.flat();
  }

  report(): ParserPoolReport {
    return {
      texts: this.#texts,
      templateHits: this.#templateHits,
      threadsEnded: this.#threadsEnded,
      poisoned: this.#poison.list(),
    };
  }

  /** Waits for the batches that were given, then ends the threads. Batches given later are refused. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    await this.#threads.close();
  }

  async #readBatch(queries: readonly PoolQuery[], signal: AbortSignal | undefined): Promise<PooledLineage[]> {
    const results = new Array<PooledLineage | undefined>(queries.length);
    for (;;) {
      signal?.throwIfAborted();
      const open: number[] = [];
      const texts: PooledText[] = [];
      queries.forEach((query, index) => {
        const poisoned = results[index] === undefined ? this.#poison.find(query.sql) : undefined;
        if (poisoned !== undefined) results[index] = emptyLineage(poisoned);
        if (results[index] !== undefined) return;
        open.push(index);
        texts.push({ sql: query.sql, dialect: query.dialect, options: query.options ?? {} });
      });
      const answer = texts.length === 0 ? { lineages: [], templateHits: 0 } : await this.#run(texts, signal);
      if (answer === undefined) continue;
      this.#texts += texts.length;
      this.#templateHits += answer.templateHits;
      answer.lineages.forEach((lineage, position) => {
        results[open[position] ?? 0] = lineage;
      });
      return results.filter((result) => result !== undefined);
    }
  }

  /** The batch's answer, or `undefined` when a statement ended the thread and is now on the poison list. */
  async #run(texts: readonly PooledText[], signal: AbortSignal | undefined): Promise<BatchAnswer | undefined> {
    const thread = await this.#threads.take();
    const progress = new Progress();
    progress.reset();
    const watch = this.#watch(thread, progress, signal);
    try {
      const answer = await thread.run({ texts, progress: progress.buffer });
      this.#threads.release(thread);
      return answer;
    } catch (error) {
      if (watch.reason() === undefined) await this.#threads.discard(thread);
      signal?.throwIfAborted();
      const text = texts[progress.index];
      if (text === undefined)
        throw new PermanentError('A parser thread ended before it read anything.', { cause: error });
      const reason = watch.reason() ?? reasonOf(error);
      this.#threadsEnded += 1;
      this.#poison.add(text.sql, reason);
      return undefined;
    } finally {
      watch.stop();
    }
  }

  /** Ends the thread when one statement takes too long, or when the caller gives up. */
  #watch(
    thread: ThreadHandle,
    progress: Progress,
    signal: AbortSignal | undefined
  ): { reason(): PoisonReason | undefined; stop(): void } {
    let reason: PoisonReason | undefined;
    let index = -1;
    let spent = 0;
    let last = performance.now();
    const look = (): void => {
      const now = performance.now();
      if (progress.index !== index) {
        index = progress.index;
        spent = 0;
      } else spent += now - last;
      last = now;
      if (spent > this.#options.deadlineMs) reason = 'deadline';
      else if (signal?.aborted !== true) return;
      clearInterval(timer);
      // This makes run() fail, which reports the outcome.
      void this.#threads.discard(thread);
    };
    const timer = setInterval(look, WATCH_MS);
    return {
      reason: () => reason,
      stop: () => {
        clearInterval(timer);
      },
    };
  }

  /** Resolves when the threads have loaded their code; reading before that is allowed, but slower. */
  warmUp(): Promise<void> {
    return this.#threads.ready();
  }
}

function reasonOf(error: unknown): PoisonReason {
  return error instanceof ThreadEnded && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
}
