import { CHUNK_BYTES, type ManifestEntry, type SliceAddress } from './chunk.js';
import { LineBuffer } from './line-buffer.js';
import type { StagingStore } from './staging-store.js';

/**
 * Cuts a slice's records into chunks and commits them one by one, going on behind what the manifest already has.
 * `P` is the stage's cursor, `F` what it counts a chunk; both plain JSON.
 */
export class SliceWriter<P, F> {
  readonly #lines = new LineBuffer();
  #next: number;
  #position: P | undefined;

  private constructor(
    private readonly store: StagingStore,
    private readonly address: SliceAddress,
    /** What was committed before this attempt. */
    readonly committed: readonly ManifestEntry[],
    /** Takes the facts counted since the last commit and starts anew. */
    private readonly takeFacts: () => F,
    private readonly onCommit: (entry: ManifestEntry) => void
  ) {
    this.#next = committed.length;
  }

  static async open<P, F>(
    store: StagingStore,
    address: SliceAddress,
    takeFacts: () => F,
    onCommit: (entry: ManifestEntry) => void = () => undefined
  ): Promise<SliceWriter<P, F>> {
    return new SliceWriter<P, F>(store, address, await store.manifest(address), takeFacts, onCommit);
  }

  /** True when an earlier attempt finished the slice: there is nothing left to do. */
  get complete(): boolean {
    return this.committed.at(-1)?.last ?? false;
  }

  /** The cursor to go on behind; the caller parses it. */
  get resumeFrom(): unknown {
    return this.committed.at(-1)?.position;
  }

  /** The records that earlier attempts committed, in order. */
  async *committedRecords(): AsyncIterable<unknown> {
    for (const entry of this.committed) yield* await this.store.read(entry);
  }

  /**
   * Adds one record; `position` is the cursor behind it. Commits a chunk when it is full, without this record: what is counted of
   * it is to be counted after this call, or it stands in the facts of a chunk that does not hold it.
   * @returns what is to be waited for; undefined when the record is added already, as most are: a promise a record adds up
   */
  add(record: unknown, position: P): Promise<void> | undefined {
    return this.addLine(JSON.stringify(record), position);
  }

  /** `add` of a record that is JSON already, on one line. */
  addLine(line: string, position: P): Promise<void> | undefined {
    if (!this.#lines.add(line, CHUNK_BYTES)) return this.#addBehindFlush(line, position);
    this.#position = position;
    return undefined;
  }

  async #addBehindFlush(line: string, position: P): Promise<void> {
    await this.flush();
    this.#lines.add(line);
    this.#position = position;
  }

  /** Commits what is held as a chunk; nothing when nothing is held. */
  async flush(): Promise<void> {
    if (this.#lines.length > 0) await this.commit(false);
  }

  /** Commits the rest and marks the slice complete. */
  async finish(): Promise<void> {
    await this.commit(true);
  }

  private async commit(last: boolean): Promise<void> {
    const entry = await this.store.commit(this.address, {
      n: this.#next,
      lines: this.#lines.take(),
      position: this.#position ?? this.resumeFrom,
      facts: this.takeFacts(),
      last,
    });
    this.#next += 1;
    this.onCommit(entry);
  }
}
