import { PermanentError } from '../../errors/index.js';

/** Of one result. No catalogue and no statistics come near. */
export const MOST_COLLECTED_BYTES = 64 * 1024 * 1024;
/** What a value costs besides its content, and a number altogether: many small ones fill memory too. */
const VALUE_BYTES = 16;

/** The rows of a result that is collected whole, bounded by the memory they take. */
export class CollectedRows<Row> {
  readonly rows: Row[] = [];
  #bytes = 0;

  /** @param who for the message: `PostgreSQL at localhost:5432` */
  constructor(private readonly who: string) {}

  /** @throws PermanentError when they are more than MOST_COLLECTED_BYTES */
  add(row: Row, values: unknown = row): void {
    this.#bytes += bytesOf(values);
    if (this.#bytes > MOST_COLLECTED_BYTES) throw tooMuch(this.who);
    this.rows.push(row);
  }
}

/** @param who as for CollectedRows */
export function tooMuch(who: string): PermanentError {
  const limit = MOST_COLLECTED_BYTES / 1024 / 1024;
  return new PermanentError(`${who} answered more than ${limit} MiB where a small result is expected.`, {
    remedy: 'Connectors and statements of your own ask for fewer rows or shorter texts; else look what answers there.',
  });
}

/** Roughly what a value takes in memory, bytes; one for each character of a string. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  if (ArrayBuffer.isView(value)) return VALUE_BYTES + value.byteLength;
  return Object.values(value).reduce((sum: number, each) => sum + bytesOf(each), VALUE_BYTES);
}
