import type { Dialect } from '../dialect.js';
import type { LineageOptions, QueryLineage } from '../query-lineage.js';
import type { PoisonedText } from './poison-list.js';

export interface ParserPoolOptions {
  /**
   * Threads that read at the same time; one more is kept warm as a spare. Default: cores less one, at least 1, at most
   * 4.
   */
  readonly threads?: number;
  /** Milliseconds that one statement may take before its thread is ended. Default 5,000. */
  readonly deadlineMs?: number;
  /** Statements a thread takes at a time. Default 200. */
  readonly batchSize?: number;
  /** Batches that may wait; any more are refused. Default 64. */
  readonly maxWaiting?: number;
  /** Old-generation heap of a thread, megabytes; a statement that needs more ends its thread. Default 512. */
  readonly threadHeapMb?: number;
}

export interface PoolQuery {
  readonly sql: string;
  readonly dialect: Dialect;
  /** As for parseLineage; `schema` must be a record, since functions cannot cross threads. */
  readonly options?: LineageOptions;
}

/** A lineage, or why there is none. */
export type PooledLineage = QueryLineage & { readonly poisoned?: PoisonedText };

export interface ParserPoolReport {
  readonly texts: number;
  /** Answered without parsing, by an equal template. */
  readonly templateHits: number;
  readonly threadsEnded: number;
  readonly poisoned: readonly PoisonedText[];
}

/** The lineage of a statement that couldn't be read. */
export function emptyLineage(poisoned: PoisonedText): PooledLineage {
  return {
    sources: [],
    targets: [],
    intermediate: [],
    changed: [],
    columns: [],
    edges: [],
    renames: [],
    joins: [],
    kind: 'other',
    doubts: [`not read: ${poisoned.reason}`],
    poisoned,
  };
}
