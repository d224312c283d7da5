import { createHash } from 'node:crypto';
import { BETWEEN_TEXTS, comparedAs, type Cell, type MeasuredColumn, type RowSet } from '../../sources/index.js';
import type { TableSession } from '../table-session.js';
import { BUCKET_DIGITS, type DiffSide, type Extent, type HashedRow, type RowSum, type Stretch } from './diff-side.js';
import { floatText } from './float-text.js';
import { shownKey } from './hashed-side.js';

/** Rows in one page. */
const PAGE = 5_000;
const SUMMED_DIGITS = 12;

export interface LocalSideInput {
  readonly session: TableSession;
  readonly rows: RowSet;
  readonly keys: readonly MeasuredColumn[];
  readonly columns: readonly MeasuredColumn[];
}

/** A table whose engine has no hash functions (SQLite): read page by page in the order of its keys, and hashed here. */
export class LocalSide implements DiffSide {
  constructor(private readonly input: LocalSideInput) {}

  /**
   * SQLite keeps any value in any column, and a key that isn't a number is in no stretch of numbers, so then all rows
   * are one part.
   */
  async extent(): Promise<Extent> {
    let ranged = this.input.keys.length === 1;
    let rows = 0;
    let [min, max]: (bigint | undefined)[] = [undefined, undefined];
    for await (const [first] of this.#rows(undefined, true)) {
      rows += 1;
      ranged &&= typeof first === 'bigint' || (typeof first === 'number' && Number.isFinite(first));
      if (!ranged || (typeof first !== 'number' && typeof first !== 'bigint')) continue;
      const whole = BigInt(typeof first === 'number' ? Math.trunc(first) : first);
      min ??= whole - 1n;
      max = whole + 1n;
    }
    return !ranged || min === undefined || max === undefined ? { rows } : { rows, min, max };
  }

  /** Equal keys come one after another. */
  async repeatedKey(): Promise<string | undefined> {
    let before: string | undefined;
    for await (const cells of this.#rows(undefined, true)) {
      const key = this.#key(cells);
      if (key === before) return shownKey(key);
      before = key;
    }
    return undefined;
  }

  async stretches(within: Stretch, width: bigint): Promise<Map<bigint, RowSum>> {
    const number = (cell: Cell | undefined): bigint =>
      typeof cell === 'bigint' ? cell : BigInt(Math.floor(typeof cell === 'number' ? cell : 0));
    return this.#sums(within, (cells) => {
      const key = number(cells[0]);
      return key - ((key - within.from) % width);
    });
  }

  async rowsWithin(stretches: readonly Stretch[]): Promise<HashedRow[]> {
    const found: HashedRow[] = [];
    for (const stretch of stretches)
      for await (const cells of this.#rows(stretch)) found.push({ key: this.#key(cells), hash: md5(this.#row(cells)) });
    return found;
  }

  async buckets(count: number): Promise<Map<number, RowSum>> {
    return this.#sums(undefined, (cells) => bucketOf(this.#key(cells), count));
  }

  async rowsOf(count: number, buckets: readonly number[]): Promise<HashedRow[]> {
    const wanted = new Set(buckets);
    const found: HashedRow[] = [];
    for await (const cells of this.#rows(undefined)) {
      const key = this.#key(cells);
      if (wanted.has(bucketOf(key, count))) found.push({ key, hash: md5(this.#row(cells)) });
    }
    return found;
  }

  async #sums<Id>(within: Stretch | undefined, idOf: (cells: readonly Cell[]) => Id): Promise<Map<Id, RowSum>> {
    const sums = new Map<Id, RowSum>();
    for await (const cells of this.#rows(within)) {
      const id = idOf(cells);
      const known = sums.get(id) ?? { rows: 0, sum: 0n };
      const sum = known.sum + BigInt(leading(md5(this.#row(cells)), SUMMED_DIGITS));
      sums.set(id, { rows: known.rows + 1, sum });
    }
    return sums;
  }

  /** Rows in the order of their keys; each page begins after the last key of the previous one. */
  async *#rows(range: Stretch | undefined, keysOnly = false): AsyncGenerator<readonly Cell[]> {
    const { session, rows, keys, columns } = this.input;
    const { dialect } = session;
    const read = keysOnly ? keys : [...keys, ...columns];
    const names = keys.map(({ name }) => dialect.quote(name));
    let after: readonly Cell[] | undefined;
    for (;;) {
      const conditions = [
        ...(rows.where === undefined ? [] : [dialect.condition(rows.where)]),
        ...(range === undefined ? [] : [`${names[0] ?? ''} >= ${range.from} AND ${names[0] ?? ''} < ${range.below}`]),
        ...(after === undefined
          ? []
          : [`(${names.join(', ')}) > (${after.map((cell) => literalOf(cell, session)).join(', ')})`]),
      ];
      const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map((each) => `(${each})`).join(' AND ')}`;
      const list = read.map(({ name }) => dialect.quote(name)).join(', ');
      const sql = `SELECT ${list} FROM ${dialect.tablePath(rows.table)}${where} ORDER BY ${names.join(', ')} LIMIT ${PAGE}`;
      const page = await session.query(sql, PAGE);
      yield* page.rows;
      if (page.rows.length < PAGE) return;
      after = page.rows.at(-1)?.slice(0, keys.length);
    }
  }

  #key(cells: readonly Cell[]): string {
    return joined(this.input.keys.map((column, index) => textOf(cells[index] ?? null, column)));
  }

  #row(cells: readonly Cell[]): string {
    const columns = [...this.input.keys, ...this.input.columns];
    return joined(columns.map((column, index) => textOf(cells[index] ?? null, column)));
  }
}

function literalOf(cell: Cell, { dialect }: TableSession): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number' || typeof cell === 'bigint') return String(cell);
  return dialect.literal(
    cell instanceof Date ? cell.toISOString() : cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : cell
  );
}

function joined(texts: readonly (string | undefined)[]): string {
  return texts.map((text) => (text === undefined ? '-' : `=${text}`)).join(BETWEEN_TEXTS);
}

/** A value as `RowHashing.text` writes it; undefined for NULL. */
export function textOf(cell: Cell, column: MeasuredColumn): string | undefined {
  if (cell === null) return undefined;
  switch (comparedAs(column)) {
    case 'decimal':
      return withoutZeros(String(cell));
    case 'float':
      return floatText(Number(cell));
    case 'date':
      return String(cell).slice(0, 10);
    case 'time':
      return timeText(String(cell));
    case 'truth':
      return typeof cell === 'boolean' ? (cell ? '1' : '0') : String(cell);
    case 'bytes':
      return Buffer.from(cell instanceof Uint8Array ? cell : String(cell))
        .toString('hex')
        .toUpperCase();
    default:
      return String(cell);
  }
}

function withoutZeros(number: string): string {
  return number.includes('.') ? number.replace(/0+$/, '').replace(/\.$/, '') : number;
}

/** With six decimals of the second, whatever the value has. */
function timeText(text: string): string {
  const [, day = text, clock = '00:00:00', fraction = ''] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?)?/.exec(text) ?? [];
  return `${day} ${clock}.${fraction.slice(0, 6).padEnd(6, '0')}`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function bucketOf(key: string, count: number): number {
  return leading(md5(key), BUCKET_DIGITS) % count;
}

function leading(hash: string, digits: number): number {
  return Number.parseInt(hash.slice(0, digits), 16);
}
