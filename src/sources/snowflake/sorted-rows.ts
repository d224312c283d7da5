import { compareNames } from '../binary-order.js';
import type { Row } from './row.js';

/** A result that is ordered by a name, read forwards beside another list of the same order. Holds one row ahead. */
export class SortedRows {
  readonly #rows: AsyncGenerator<Row>;
  readonly #key: string;
  #next: Row | undefined;
  #started = false;

  /** @param key the column the result is ordered by */
  constructor(rows: AsyncGenerator<Row>, key: string) {
    this.#rows = rows;
    this.#key = key;
  }

  /** The rows of `name`; those before it are passed over. Names must be asked for in ascending order. */
  async take(name: string): Promise<Row[]> {
    const taken: Row[] = [];
    for (let row = await this.peek(); row !== undefined; row = await this.peek()) {
      const order = compareNames(row.text(this.#key), name);
      if (order > 0) break;
      if (order === 0) taken.push(row);
      this.#next = undefined;
    }
    return taken;
  }

  /** Removes and returns the next row while `test` holds for it. */
  async takeIf(test: (row: Row) => boolean): Promise<Row | undefined> {
    const row = await this.peek();
    if (row === undefined || !test(row)) return undefined;
    this.#next = undefined;
    return row;
  }

  /** The next row without removing it; undefined at the end. Starts the statement when nothing was read yet. */
  async peek(): Promise<Row | undefined> {
    this.#started = true;
    if (this.#next === undefined) {
      const result = await this.#rows.next();
      this.#next = result.done === true ? undefined : result.value;
    }
    return this.#next;
  }

  async close(): Promise<void> {
    if (this.#started) await this.#rows.return(undefined);
  }
}
