import type { SliceAddress, StagedLines } from './chunk.js';
import type { ChunkFeed } from './chunk-feed.js';
import type { StageRun } from './stage-run.js';

/** What a stage makes out of one chunk. */
export interface Transformed {
  readonly lines?: StagedLines;
  /** The stage's own facts about the chunk, in addition to what it counts; plain JSON. */
  readonly position?: unknown;
}

/** A chunk, or some lines of one, read. */
export interface FedChunk<T> {
  /** Its number in the feed, which is also that of the entry made from it. */
  readonly n: number;
  readonly last: boolean;
  readonly records: readonly T[];
}

export interface TransformStage<T> {
  readonly from: ChunkFeed;
  readonly to: SliceAddress;
  /** A line of a chunk, parsed. */
  readonly parse: (line: Buffer) => T;
  readonly work: (chunk: FedChunk<T>) => Promise<Transformed>;
}

/**
 * The frame of a stage that works through chunks: one manifest entry for each, with its counts, so that a retry resumes
 * with the first chunk that has none. While a chunk is worked on, the entry of the one before it is written and the
 * next one is read. An empty feed makes one entry that ends the slice.
 * @returns whether the whole feed has been worked through; false when a chunk did not come in time
 */
export async function transformStage<T>(run: StageRun, stage: TransformStage<T>): Promise<boolean> {
  const { store, takeFacts, onCommit } = run;
  const { from, to, work } = stage;
  const committed = await store.manifest(to);
  if (committed.at(-1)?.last === true) return true;
  const chunks = new ChunkReader(run, stage);
  let committing: Promise<void> | undefined;
  const commit = async (n: number, made: Transformed, last: boolean): Promise<void> => {
    const entry = { n, ...made, facts: takeFacts(), last };
    await committing;
    committing = store.commit(to, entry).then(onCommit);
    // Thrown where it is awaited.
    committing.catch(() => undefined);
  };
  try {
    for (let n = committed.length; ; n += 1) {
      const chunk = await chunks.take(n);
      if (chunk === undefined) {
        if (from.length !== 0) return false;
        await commit(0, {}, true);
        return true;
      }
      const working = work(chunk);
      if (!chunk.last) chunks.lookAhead(n + 1);
      await commit(n, await working, chunk.last);
      if (chunk.last) return true;
    }
  } finally {
    await committing;
  }
}

/** Reads the feed, one chunk ahead at most. */
class ChunkReader<T> {
  #ahead: Promise<FedChunk<T> | undefined> | undefined;

  constructor(
    private readonly run: StageRun,
    private readonly stage: TransformStage<T>
  ) {}

  async take(n: number): Promise<FedChunk<T> | undefined> {
    const chunk = (await this.#ahead) ?? (await this.#read(n, true));
    this.#ahead = undefined;
    return chunk;
  }

  /** Starts reading the chunk to be taken next, if it has been committed. */
  lookAhead(n: number): void {
    this.#ahead = this.#read(n, false);
    // Thrown where the chunk is taken; until then it must not count as unhandled.
    this.#ahead.catch(() => undefined);
  }

  async #read(n: number, wait: boolean): Promise<FedChunk<T> | undefined> {
    const { from, parse } = this.stage;
    const fed = await from.get(n, wait);
    if (fed === undefined) return undefined;
    const { entry, lines } = fed;
    const all = await this.run.store.lines(entry);
    const records = Array.from(lines === undefined ? all : [...all].slice(lines.start, lines.end), parse);
    return { n, last: from.length === undefined ? entry.last : n === from.length - 1, records };
  }
}
