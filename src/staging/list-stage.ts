import type { ManifestEntry, SliceAddress } from './chunk.js';
import { SliceWriter } from './slice-writer.js';
import type { StageRun } from './stage-run.js';

export interface ListStage {
  readonly to: SliceAddress;
  /**
   * The key of a line that an earlier attempt staged, the same one that `add` was given: such a stage lists everything
   * again and leaves out what is staged. Absent for a stage that lists what comes after the last line's cursor, by
   * value; it needn't hold keys.
   */
  readonly keyOf?: (line: Buffer) => string;
  /** Lists everything, in whatever order the source has it now. */
  readonly work: (listing: Listing) => Promise<void>;
}

/**
 * The frame of a stage that lists what a source has into a slice. It resumes from what is staged, never from a position
 * in the listing: what vanished or appeared between two attempts affects nothing else. A record is counted with the
 * chunk that holds it.
 * @returns the slice's whole manifest
 */
export async function listStage(run: StageRun, { to, keyOf, work }: ListStage): Promise<readonly ManifestEntry[]> {
  const writer = await SliceWriter.open(run, to);
  if (!writer.complete) {
    const staged = new Set<string>();
    if (keyOf !== undefined) for await (const line of writer.committedLines()) staged.add(keyOf(line));
    const listing = new Listing(writer, keyOf === undefined ? undefined : staged);
    await work(listing);
    await listing.finish();
  }
  return run.store.manifest(to);
}

/** What goes with a record's line. */
export interface AddedLine {
  readonly key?: string;
  /** Counts the record: called once, when its line is in the chunk that is committed with the count. */
  readonly count?: () => void;
  /** Where the source itself can resume after this record, by value (`after the table t`): plain JSON. */
  readonly cursor?: unknown;
}

/** Takes a stage's records. */
export class Listing {
  readonly #counts: (() => void)[] = [];

  /** Made by `listStage`. */
  constructor(
    private readonly writer: SliceWriter,
    private readonly staged: Set<string> | undefined
  ) {}

  /**
   * The cursor of the last line that is staged, for a source that can resume after it; undefined at the beginning. The
   * stage parses it.
   */
  get after(): unknown {
    return this.writer.resumeFrom;
  }

  /** Lines in the chunk that is being filled; 0 once a chunk has been committed. */
  get held(): number {
    return this.writer.held;
  }

  /** What earlier attempts staged, in order. */
  stagedLines(): AsyncIterable<Buffer> {
    return this.writer.committedLines();
  }

  /**
   * Stages a line, unless some attempt has already staged its key.
   * @param line a JSON text without newlines
   * @returns what to wait for; undefined when the line is already added, as most are: one promise per record adds up
   */
  add(line: string, { key, cursor, count }: AddedLine): Promise<void> | undefined {
    if (key !== undefined && this.staged !== undefined) {
      if (this.staged.has(key)) return undefined;
      this.staged.add(key);
    }
    const full = this.writer.addLine(line, cursor);
    if (full !== undefined) return full.then(() => this.#count(count));
    this.#count(count);
    return undefined;
  }

  /**
   * Counts something that has no line. A stage with a cursor counts it with the next line, since nothing before the
   * cursor is read again; one that lists everything each time counts it with the last chunk, so that no attempt counts
   * it twice.
   */
  pass(count: () => void): void {
    this.#counts.push(count);
  }

  /** Everything up to this cursor is listed, though the last of it had no line; the next commit records it. */
  reach(cursor: unknown): void {
    this.writer.reach(cursor);
  }

  /** Ends the chunk here, if there is anything in it. */
  async cut(): Promise<void> {
    await this.writer.flush();
  }

  /** Commits the rest. Called by `listStage`. */
  async finish(): Promise<void> {
    for (const count of this.#counts.splice(0)) count();
    await this.writer.finish();
  }

  #count(count: (() => void) | undefined): void {
    if (this.staged === undefined) for (const passed of this.#counts.splice(0)) passed();
    count?.();
  }
}
