import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { PermanentError } from '../../errors/index.js';
import type { Dialect } from '../dialect.js';
import type { LineageOptions, QueryLineage } from '../query-lineage.js';
import type { BatchAnswer, BatchTask, PooledText } from './parser-thread.js';
import { PoisonList, type PoisonedText, type PoisonReason } from './poison-list.js';
import { Progress } from './progress.js';

export interface ParserPoolOptions {
  /** Threads that read at the same time; one more is kept warm as a spare. Default: cores less one, at least 1, at most 4. */
  readonly threads?: number;
  /** Milliseconds one text may take before its thread is ended. Default 5,000. */
  readonly deadlineMs?: number;
  /** Texts a thread takes at a time. Default 200. */
  readonly batchSize?: number;
  /** A text counts as slow above this many milliseconds. Default 500. */
  readonly slowMs?: number;
  /** Milliseconds that slow texts may take in total; then grammar parsers are not asked any more. Default 300,000. */
  readonly slowBudgetMs?: number;
  /** Batches that may wait; one more is refused. Default 64. */
  readonly maxWaiting?: number;
  /** Old-generation heap of a thread, megabytes; a text that needs more ends its thread. Default 512. */
  readonly threadHeapMb?: number;
}

export interface PoolQuery {
  readonly sql: string;
  readonly dialect: Dialect;
  /** As for parseLineage; `schema` must be a record, functions cannot cross threads. */
  readonly options?: LineageOptions;
}

/** A lineage, or what stood in its way. */
export type PooledLineage = QueryLineage & { readonly poisoned?: PoisonedText };

export interface ParserPoolReport {
  readonly texts: number;
  /** Answered without parsing, by an equal template. */
  readonly templateHits: number;
  readonly slowTexts: number;
  readonly slowMs: number;
  /** True once slow texts have used up their budget. */
  readonly tokensOnly: boolean;
  readonly threadsEnded: number;
  readonly poisoned: readonly PoisonedText[];
}

/** How often running batches are looked at. A deadline is kept to within this. */
const WATCH_MS = 25;
/** Time a thread may take to start and load its code. */
const START_MS = 60_000;

/**
 * Reads batches of texts on worker threads. Parsers take no deadline and a Wasm trap cannot be mended, so a thread that overstays is
 * ended: piscina does that for one task by its AbortSignal and starts another thread, while the spare goes on with the rest of the
 * batch. Texts in front of the poisoned one are read again; they were quick.
 */
export class ParserPool {
  readonly #pool: Piscina<BatchTask, BatchAnswer>;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #options: Required<Omit<ParserPoolOptions, 'threads' | 'threadHeapMb'>>;
  readonly #poison = new PoisonList();
  #texts = 0;
  #templateHits = 0;
  #slowTexts = 0;
  #slowMs = 0;
  #threadsEnded = 0;

  constructor(options: ParserPoolOptions = {}) {
    const threads = options.threads ?? Math.min(4, Math.max(1, availableParallelism() - 1));
    this.#options = {
      deadlineMs: options.deadlineMs ?? 5000,
      batchSize: options.batchSize ?? 200,
      slowMs: options.slowMs ?? 500,
      slowBudgetMs: options.slowBudgetMs ?? 300_000,
      maxWaiting: options.maxWaiting ?? 64,
    };
    this.#limit = pLimit(threads);
    this.#pool = new Piscina<BatchTask, BatchAnswer>({
      filename: new URL('./parser-thread.js', import.meta.url).href,
      minThreads: threads + 1,
      maxThreads: threads + 1,
      // A thread that waits in Atomics.wait would not see its end coming.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: options.threadHeapMb ?? 512 },
    });
    // Errors of threads that die between tasks; those within tasks come back through run().
    this.#pool.on('error', () => undefined);
  }

  /** The lineages of the queries, in their order. A poisoned text has an empty one, or the token reader's, and says why. */
  async parseBatch(queries: readonly PoolQuery[], signal?: AbortSignal): Promise<PooledLineage[]> {
    if (this.#limit.pendingCount >= this.#options.maxWaiting) {
      throw new PermanentError(
        `${this.#limit.pendingCount} batches wait for the parser threads already, the most allowed.`,
        {
          remedy: 'Await parseBatch before calling it again.',
        }
      );
    }
    const batches: (readonly PoolQuery[])[] = [];
    for (let from = 0; from < queries.length; from += this.#options.batchSize)
      batches.push(queries.slice(from, from + this.#options.batchSize));
    const done = await Promise.all(batches.map((batch) => this.#limit(() => this.#readBatch(batch, signal))));
    return done.flat();
  }

  report(): ParserPoolReport {
    return {
      texts: this.#texts,
      templateHits: this.#templateHits,
      slowTexts: this.#slowTexts,
      slowMs: Math.round(this.#slowMs),
      tokensOnly: this.#isTokensOnly(),
      threadsEnded: this.#threadsEnded,
      poisoned: this.#poison.list(),
    };
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #isTokensOnly(): boolean {
    return this.#slowMs >= this.#options.slowBudgetMs;
  }

  async #readBatch(queries: readonly PoolQuery[], signal: AbortSignal | undefined): Promise<PooledLineage[]> {
    const results = new Array<PooledLineage | undefined>(queries.length);
    for (;;) {
      signal?.throwIfAborted();
      const open: number[] = [];
      const texts: PooledText[] = [];
      queries.forEach((query, index) => {
        const poisoned = results[index] === undefined ? this.#poison.find(query.sql) : undefined;
        if (poisoned?.phase === 'tokens') results[index] = emptyLineage(poisoned);
        if (results[index] !== undefined) return;
        open.push(index);
        const grammar = poisoned === undefined && !this.#isTokensOnly();
        texts.push({ sql: query.sql, dialect: query.dialect, options: query.options ?? {}, grammar });
      });
      const answer =
        texts.length === 0
          ? { lineages: [], slowMs: 0, slowTexts: 0, templateHits: 0 }
          : await this.#run(texts, signal);
      if (answer === undefined) continue;
      this.#count(texts.length, answer);
      answer.lineages.forEach((lineage, position) => {
        const index = open[position] ?? 0;
        const poisoned = this.#poison.find(queries[index]?.sql ?? '');
        results[index] = poisoned === undefined ? lineage : { ...lineage, poisoned };
      });
      return results.filter((result) => result !== undefined);
    }
  }

  #count(texts: number, answer: BatchAnswer): void {
    this.#texts += texts;
    this.#templateHits += answer.templateHits;
    this.#slowTexts += answer.slowTexts;
    this.#slowMs += answer.slowMs;
  }

  /** The batch's answer; `undefined` when a text ended the thread, which is on the poison list then. */
  async #run(texts: readonly PooledText[], signal: AbortSignal | undefined): Promise<BatchAnswer | undefined> {
    const progress = new Progress();
    progress.reset();
    const end = new AbortController();
    const watch = this.#watch(progress, end, signal);
    try {
      const task = { texts, progress: progress.buffer, slowMs: this.#options.slowMs };
      return await this.#pool.run(task, { signal: end.signal });
    } catch (error) {
      signal?.throwIfAborted();
      const reason = watch.reason() ?? reasonOf(error);
      const { index, phase } = progress.view();
      const text = texts[index];
      if (text === undefined) throw new PermanentError('A parser thread did not start.', { cause: error });
      this.#threadsEnded += 1;
      if (reason === 'deadline') this.#slowMs += this.#options.deadlineMs;
      this.#poison.add(text.sql, reason, text.grammar ? phase : 'tokens');
      return undefined;
    } finally {
      watch.stop();
    }
  }

  /** Ends the thread when one text overstays, when an instance trapped, or when the caller gives up. */
  #watch(
    progress: Progress,
    end: AbortController,
    signal: AbortSignal | undefined
  ): { reason(): PoisonReason | undefined; stop(): void } {
    const { deadlineMs } = this.#options;
    let reason: PoisonReason | undefined;
    let index = -1;
    let since = performance.now();
    const look = (): void => {
      const view = progress.view();
      const now = performance.now();
      if (view.index !== index) {
        index = view.index;
        since = now;
      }
      if (view.trapped) reason = 'trap';
      else if (now - since > (index < 0 ? START_MS : deadlineMs)) reason = 'deadline';
      if (reason !== undefined || signal?.aborted === true) end.abort();
    };
    const timer = setInterval(look, WATCH_MS);
    return { reason: () => reason, stop: () => clearInterval(timer) };
  }

  /** Resolves when all threads have loaded their code; reading before that is allowed, only slower. */
  async warmUp(): Promise<void> {
    while (this.#pool.threads.length > 0 && this.#pool.needsDrain) await sleep(WATCH_MS);
    const probe = { sql: 'SELECT 1', dialect: 'ansi' as const };
    await Promise.all(Array.from({ length: this.#pool.threads.length }, () => this.parseBatch([probe])));
  }
}

function reasonOf(error: unknown): PoisonReason {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
}

function emptyLineage(poisoned: PoisonedText): PooledLineage {
  return {
    sources: [],
    targets: [],
    intermediate: [],
    columns: [],
    edges: [],
    joins: [],
    kind: 'other',
    parser: 'tokens',
    doubts: [`not read: ${poisoned.reason}`],
    poisoned,
  };
}
