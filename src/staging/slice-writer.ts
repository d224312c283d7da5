import { CHUNK_BYTES, type ManifestEntry, type SliceAddress } from './chunk.js';
import { LineBuffer } from './line-buffer.js';
import type { StageRun } from './stage-run.js';

/** Cuts a slice's lines into chunks and commits them one by one, after what the manifest already has. */
export class SliceWriter {
  readonly #lines = new LineBuffer();
  #next: number;
  #cursor: unknown;

  private constructor(
    private readonly run: StageRun,
    private readonly address: SliceAddress,
    /** What was committed before this attempt. */
    private readonly committed: readonly ManifestEntry[]
  ) {
    this.#next = committed.length;
    this.#cursor = this.resumeFrom;
  }

  static async open(run: StageRun, address: SliceAddress): Promise<SliceWriter> {
    return new SliceWriter(run, address, await run.store.manifest(address));
  }

  /** True when an earlier attempt finished the slice: there is nothing left to do. */
  get complete(): boolean {
    return this.committed.at(-1)?.last ?? false;
  }

  /** The cursor of the last line that earlier attempts committed; the caller parses it. */
  get resumeFrom(): unknown {
    return this.committed.at(-1)?.position;
  }

  /** Lines in the chunk that is being filled. */
  get held(): number {
    return this.#lines.count;
  }

  /** The lines that earlier attempts committed, in order. */
  async *committedLines(): AsyncIterable<Buffer> {
    for (const entry of this.committed) yield* await this.run.store.lines(entry);
  }

  /**
   * Adds one line; `cursor` is the place after it. Commits a chunk when it is full, without this line: count it after
   * this call, or it ends up in the facts of a chunk that doesn't contain it.
   * @returns what to wait for; undefined when the line is already added, as most are: one promise per line adds up
   */
  addLine(line: string, cursor: unknown): Promise<void> | undefined {
    if (!this.#lines.add(line, CHUNK_BYTES)) return this.#addAfterFlush(line, cursor);
    this.#cursor = cursor;
    return undefined;
  }

  async #addAfterFlush(line: string, cursor: unknown): Promise<void> {
    await this.flush();
    this.#lines.add(line);
    this.#cursor = cursor;
  }

  /** The cursor that the next commit leaves, without a line. */
  reach(cursor: unknown): void {
    this.#cursor = cursor;
  }

  /** Commits what is held as a chunk; does nothing when nothing is held. */
  async flush(): Promise<void> {
    if (this.#lines.length > 0) await this.#commit(false);
  }

  /** Commits the rest and marks the slice complete. */
  async finish(): Promise<void> {
    await this.#commit(true);
  }

  async #commit(last: boolean): Promise<void> {
    const { store, takeFacts, onCommit } = this.run;
    const entry = await store.commit(this.address, {
      n: this.#next,
      lines: this.#lines.take(),
      position: this.#cursor,
      facts: takeFacts(),
      last,
    });
    this.#next += 1;
    onCommit(entry);
  }
}
