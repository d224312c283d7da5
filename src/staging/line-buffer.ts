import type { StagedLines } from './chunk.js';

const FIRST_BYTES = 16 * 1024;
const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/**
 * Gathers the lines of a chunk as bytes. They are held until they are staged and sent; as strings they would be most of
 * what V8's garbage collector copies and keeps.
 */
export class LineBuffer {
  #bytes = NOTHING;
  #length = 0;
  #count = 0;

  /** Bytes gathered. */
  get length(): number {
    return this.#length;
  }

  /** Lines gathered. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds a line; returns false, leaving the buffer as it was, if the buffer isn't empty and would then hold more than
   * `most` bytes.
   */
  add(line: string, most = Infinity): boolean {
    const needed = this.#length + Buffer.byteLength(line) + 1;
    if (this.#count > 0 && needed > most) return false;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += this.#bytes.write(line, this.#length);
    this.#bytes[this.#length] = NEWLINE;
    this.#length += 1;
    this.#count += 1;
    return true;
  }

  /** Returns what was gathered and starts over. */
  take(): StagedLines {
    const lines = { bytes: this.#bytes.subarray(0, this.#length), count: this.#count };
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#count = 0;
    return lines;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length, FIRST_BYTES));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Values as the lines of a chunk. */
export function toLines(values: readonly unknown[]): StagedLines {
  const lines = new LineBuffer();
  for (const value of values) lines.add(JSON.stringify(value));
  return lines.take();
}

/** The lines, each without its newline; views of the same bytes. */
export function* eachLine(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}
