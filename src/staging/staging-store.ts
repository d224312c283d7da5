import { TransientError } from '../errors/index.js';
import type { StateStore } from './state-store.js';
import type { ManifestEntry, SliceAddress, StagedLines } from './chunk.js';

/**
 * Thrown when another attempt of the same activity has already committed this entry, as that of a worker which was
 * taken for lost and still works: the loser reads the manifest again, or its next attempt does.
 */
export class EntryTaken extends TransientError {
  constructor(
    readonly address: SliceAddress,
    readonly n: number
  ) {
    const { run, stage, slice } = address;
    super(`Another attempt has written entry ${n} of ${run}/${stage}/${slice} first.`, {
      remedy: 'A worker that was taken for lost is still at work; the next attempt goes on from what is there.',
    });
  }
}

/** How long to wait for what another stage may be about to commit. */
export interface Patience {
  /** Milliseconds. */
  readonly ms: number;
  readonly signal?: AbortSignal;
}

/**
 * Where stages keep their records between activities. A store is reachable by every worker that polls its own queue; a
 * local folder is one, an object store another. Records are JSON values; the store knows nothing about their meaning.
 */
export interface StagingStore {
  /** Stable and path-safe; names the store's task queue. */
  readonly id: string;
  /** What outlives runs. */
  readonly state: StateStore;
  /** Complete entries in order, from number `first` (default 0) on, without gaps. Empty for an unknown slice. */
  manifest(address: SliceAddress, first?: number): Promise<readonly ManifestEntry[]>;
  /**
   * Entry number `n`, waited for with some patience; undefined when it did not appear.
   * @throws the signal's reason when it is aborted
   */
  entry(address: SliceAddress, n: number, patience?: Patience): Promise<ManifestEntry | undefined>;
  /**
   * Writes `lines` as a chunk and commits entry `n` atomically; where there are none, only the entry is written.
   * @throws EntryTaken when entry `n` exists.
   */
  commit(
    address: SliceAddress,
    entry: { n: number; lines?: StagedLines; position?: unknown; facts?: unknown; last: boolean }
  ): Promise<ManifestEntry>;
  /**
   * The chunk's lines as they were committed, each as JSON. @throws PermanentError when its bytes don't match its
   * sha256.
   */
  lines(entry: ManifestEntry): Promise<Iterable<Buffer>>;
  /** The chunk's records: its lines, each parsed when it is asked for. Throws as `lines` does. */
  read(entry: ManifestEntry): Promise<Iterable<unknown>>;
  /** Names of the slices of a stage, in no particular order. */
  slices(run: string, stage: string): Promise<readonly string[]>;
  /** A small document of the run (the checked recipe). Repeatable: the last write wins. */
  putDocument(run: string, name: string, text: string): Promise<void>;
  /** @throws PermanentError when there is none. */
  getDocument(run: string, name: string): Promise<string>;
  /** Removes everything of a run; harmless when there is nothing. */
  removeRun(run: string): Promise<void>;
  /** Removes runs that were not written to for `olderThanMs`; returns how many. */
  sweep(olderThanMs: number): Promise<number>;
}
