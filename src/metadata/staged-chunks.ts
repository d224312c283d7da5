import type { Patience, SliceAddress, StagingStore } from '../staging/index.js';
import { readExtractLine, type ExtractRecord } from './extract-line.js';

export interface StagedChunksInput {
  readonly store: StagingStore;
  /** The unit's extracted slice. */
  readonly from: SliceAddress;
  /** Given when the extraction may still run: how long to wait for each of its chunks. */
  readonly beside?: Patience;
}

/** A chunk of an extraction, read. */
export interface StagedChunk {
  readonly n: number;
  readonly last: boolean;
  readonly records: readonly ExtractRecord[];
}

/** The chunks of a unit's extraction in order, also while it still runs. Holds the one that was asked for and one ahead of it. */
export class StagedChunks {
  #ahead: Promise<StagedChunk | undefined> | undefined;

  constructor(
    private readonly input: StagedChunksInput,
    /** The one to be handed out next. */
    private next: number
  ) {}

  /** The next chunk; undefined when it did not come in time, or there are no more. @throws the signal's reason when aborted */
  async take(): Promise<StagedChunk | undefined> {
    const chunk = (await this.#ahead) ?? (await this.#read(this.input.beside));
    this.#ahead = undefined;
    if (chunk !== undefined) this.next += 1;
    return chunk;
  }

  /** Starts to read the chunk to be taken next, when it is there. */
  lookAhead(): void {
    this.#ahead ??= this.#read();
    // Thrown where the chunk is taken; until then it must not count as unhandled.
    this.#ahead.catch(() => undefined);
  }

  async #read(patience?: Patience): Promise<StagedChunk | undefined> {
    const { store, from } = this.input;
    const entry = await store.entry(from, this.next, patience);
    if (entry === undefined) return undefined;
    return { n: entry.n, last: entry.last, records: Array.from(await store.lines(entry), readExtractLine) };
  }
}
