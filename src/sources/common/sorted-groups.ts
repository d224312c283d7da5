import { compareNames } from './binary-order.js';

/** A row of a stream sorted by table name (binary order). */
export interface NamedRow {
  readonly tableName: string;
}

/**
 * Splits a sorted stream into tables, in step with a list of tables in the same order. Only one batch of rows and one
 * table's group are in memory at a time, whatever the size of the schema.
 */
export class SortedGroups<Row extends NamedRow> {
  readonly #batches: AsyncIterator<readonly Row[]>;
  #batch: readonly Row[] = [];
  #next = 0;
  #ended = false;

  constructor(batches: AsyncIterable<readonly Row[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /**
   * The rows of `tableName`. Rows of tables before it are skipped: those tables aren't in the list. Ask in ascending
   * order.
   */
  async take(tableName: string): Promise<Row[]> {
    const group: Row[] = [];
    // waits per batch, not per row: there are a dozen rows per table
    while (!this.#takeFromBatch(tableName, group) && !this.#ended) await this.#nextBatch();
    return group;
  }

  /**
   * `take` if all rows are here already; undefined, and nothing taken, when it would have to wait. One promise per
   * table adds up.
   */
  takeHeld(tableName: string): Row[] | undefined {
    const group: Row[] = [];
    const start = this.#next;
    if (this.#takeFromBatch(tableName, group) || this.#ended) return group;
    this.#next = start;
    return undefined;
  }

  /** Reads to the end, so that an error near it isn't missed and the connection can be used again. */
  async drain(): Promise<void> {
    while (!this.#ended) await this.#nextBatch();
  }

  /** Gives up what is left; the stream cleans up. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#batches.return?.();
  }

  /**
   * Moves the table's rows of this batch into `group`; true when a row of a later table shows that there are no more.
   */
  #takeFromBatch(tableName: string, group: Row[]): boolean {
    for (; this.#next < this.#batch.length; this.#next += 1) {
      const row = this.#batch[this.#next];
      if (row === undefined) continue;
      const order = row.tableName === tableName ? 0 : compareNames(row.tableName, tableName);
      if (order > 0) return true;
      if (order === 0) group.push(row);
    }
    return false;
  }

  async #nextBatch(): Promise<void> {
    const result = await this.#batches.next();
    this.#ended = result.done === true;
    this.#batch = result.done === true ? [] : result.value;
    this.#next = 0;
  }
}
