import { compareNames } from '../../common/binary-order.js';
import type { Row } from './row.js';

/**
 * A result that is ordered by a name, read forwards alongside another list in the same order. Holds one batch of rows.
 */
export class SortedRows {
  readonly #batches: AsyncGenerator<readonly Row[]>;
  readonly #key: string;
  #batch: readonly Row[] = [];
  #next = 0;
  #started = false;

  /** @param key the column the result is ordered by */
  constructor(batches: AsyncGenerator<readonly Row[]>, key: string) {
    this.#batches = batches;
    this.#key = key;
  }

  /** The rows of `name`; those before it are passed over. Names must be asked for in ascending order. */
  async take(name: string): Promise<Row[]> {
    const taken: Row[] = [];
    for (;;) {
      // Most rows are buffered: there is no need to await them.
      const row = this.#batch[this.#next] ?? (await this.peek());
      if (row === undefined) return taken;
      const order = compareNames(row.text(this.#key), name);
      if (order > 0) return taken;
      if (order === 0) taken.push(row);
      this.#next += 1;
    }
  }

  /** Removes and returns the next row while `test` holds for it; any row without `test`. */
  async takeNext(test: (row: Row) => boolean = () => true): Promise<Row | undefined> {
    const row = await this.peek();
    if (row === undefined || !test(row)) return undefined;
    this.#next += 1;
    return row;
  }

  /** The next row without removing it; undefined at the end. Starts the statement when nothing has been read yet. */
  async peek(): Promise<Row | undefined> {
    this.#started = true;
    while (this.#next >= this.#batch.length) {
      const result = await this.#batches.next();
      if (result.done === true) return undefined;
      this.#batch = result.value;
      this.#next = 0;
    }
    return this.#batch[this.#next];
  }

  async close(): Promise<void> {
    if (this.#started) await this.#batches.return(undefined);
  }
}
