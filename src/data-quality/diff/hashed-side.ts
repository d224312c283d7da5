import type { Cell, Condition, MeasureDialect, MeasuredColumn, RowHashing, RowSet } from '../../sources/index.js';
import { comparedAs } from '../../sources/index.js';
import { wholeNumber, type TableSession } from '../table-session.js';
import { TestAborted } from '../test-aborted.js';
import { BUCKET_DIGITS, type DiffSide, type Extent, type HashedRow, type RowSum, type Stretch } from './diff-side.js';
import type { DiffColumn } from './plan-diff.js';

/** Hex digits of a row's hash that are summed: few enough that sums over many rows are exact integers. */
const SUMMED_DIGITS = 12;
/** The most rows of differing buckets in one answer. */
const MOST_ROWS = 1_000_000;
const MOST_BUCKETS = 1_048_576;
const LONG = 2n ** 62n;

export interface HashedSideInput {
  readonly session: TableSession;
  readonly rows: RowSet;
  readonly hashing: RowHashing;
  readonly keys: readonly DiffColumn[];
  readonly columns: readonly MeasuredColumn[];
}

/** A table that its engine hashes: only sums are fetched, and the keys of buckets that differ. */
export class HashedSide implements DiffSide {
  readonly #input: HashedSideInput;
  readonly #key: string;
  readonly #row: string;

  constructor(input: HashedSideInput) {
    const { hashing, keys, columns } = input;
    this.#input = input;
    this.#key = hashing.joined(textsOf(hashing, keys));
    this.#row = hashing.md5(hashing.joined(textsOf(hashing, [...keys, ...columns])));
  }

  async extent(): Promise<Extent> {
    const [key, ...more] = this.#input.keys;
    const ranged = key !== undefined && more.length === 0 && isNumber(key);
    const name = key === undefined ? '' : this.#dialect.quote(key.name);
    const ends = ranged ? `, COUNT(${name}), MIN(${name}), MAX(${name})` : '';
    const { rows } = await this.#query(`SELECT COUNT(*)${ends} ${this.#from()}`, 1);
    const [count, keys, min, max] = rows[0] ?? [];
    const total = wholeNumber([[count ?? null]], 'a count');
    // a NULL key isn't in any stretch of numbers
    return ranged && Number(keys) === total && present(min) && present(max)
      ? { rows: total, min: whole(min) - 1n, max: whole(max) + 1n }
      : { rows: total };
  }

  async repeatedKey(): Promise<string | undefined> {
    // a collation may call two keys equal that differ in their bytes
    const by = this.#input.hashing.md5(this.#key);
    const sql = `SELECT MIN(${this.#key}) AS k ${this.#from()} GROUP BY ${by} HAVING COUNT(*) > 1 LIMIT 1`;
    const found = (await this.#query(sql, 1)).rows[0]?.[0];
    return present(found) ? shownKey(String(found)) : undefined;
  }

  async stretches(within: Stretch, width: bigint): Promise<Map<bigint, RowSum>> {
    // a number too large for 64 bits is written with a decimal point, so that no difference overflows
    const point = within.below - within.from > LONG || abs(within.from) > LONG || abs(within.below) > LONG ? '.0' : '';
    const name = this.#keyName;
    const begin = `${name} - MOD(${name} - (${within.from}${point}), ${width}${point})`;
    const found = await this.#sums(begin, this.#from([within]));
    return new Map(found.map(([from, sum]) => [whole(from), sum]));
  }

  async rowsWithin(stretches: readonly Stretch[]): Promise<HashedRow[]> {
    return this.#hashed(`SELECT ${this.#key} AS k, ${this.#row} AS h ${this.#from(stretches)}`);
  }

  async buckets(count: number): Promise<Map<number, RowSum>> {
    const found = await this.#sums(this.#bucket(count), this.#from());
    return new Map(found.map(([bucket, sum]) => [Number(bucket), sum]));
  }

  async rowsOf(count: number, buckets: readonly number[]): Promise<HashedRow[]> {
    const inner = `SELECT ${this.#key} AS k, ${this.#row} AS h, ${this.#bucket(count)} AS b ${this.#from()}`;
    return this.#hashed(`SELECT k, h FROM (${inner}) AS hashed WHERE b IN (${buckets.join(', ')})`);
  }

  async #sums(by: string, from: string): Promise<[string | number | bigint, RowSum][]> {
    const { hashing } = this.#input;
    const inner = `SELECT ${by} AS b, ${hashing.leading(this.#row, SUMMED_DIGITS)} AS r ${from}`;
    const sql = `SELECT b, COUNT(*), SUM(r) FROM (${inner}) AS hashed GROUP BY b`;
    const { rows } = await this.#query(sql, MOST_BUCKETS + 1);
    return rows.flatMap(([by = null, count, sum]): [string | number | bigint, RowSum][] =>
      present(by) ? [[by, { rows: Number(count), sum: present(sum) ? whole(sum) : 0n }]] : []
    );
  }

  async #hashed(sql: string): Promise<HashedRow[]> {
    const { rows } = await this.#query(sql, MOST_ROWS + 1);
    if (rows.length > MOST_ROWS)
      throw new TestAborted(`more than ${MOST_ROWS} rows are in parts of the tables that differ.`);
    return rows.map(([key, hash]) => ({ key: String(key), hash: String(hash) }));
  }

  get #dialect(): MeasureDialect {
    return this.#input.session.dialect;
  }

  #bucket(count: number): string {
    const { hashing } = this.#input;
    return `MOD(${hashing.leading(hashing.md5(this.#key), BUCKET_DIGITS)}, ${count})`;
  }

  get #keyName(): string {
    return this.#dialect.quote(this.#input.keys[0]?.name ?? '');
  }

  /** All rows, or those whose keys are in these stretches. */
  #from(stretches?: readonly Stretch[]): string {
    const { rows, keys } = this.#input;
    const [column] = keys;
    if (stretches === undefined || column === undefined) return this.#dialect.from(rows, 'all');
    const within: Condition = {
      op: 'or',
      of: stretches.map(({ from, below }) => ({
        op: 'and',
        of: [
          { op: 'compare', column, is: '>=', value: from },
          { op: 'compare', column, is: '<', value: below },
        ],
      })),
    };
    const where: Condition = rows.where === undefined ? within : { op: 'and', of: [within, rows.where] };
    return this.#dialect.from({ ...rows, where }, 'all');
  }

  #query(sql: string, limit: number): Promise<{ rows: readonly (readonly Cell[])[] }> {
    return this.#input.session.query(sql, limit);
  }
}

function textsOf(hashing: RowHashing, columns: readonly DiffColumn[]): string[] {
  return columns.map((column) => {
    const text = hashing.text(column);
    return column.ignoresCase === true ? `LOWER(${text})` : text;
  });
}

/** A joined key, for people to read. */
export function shownKey(key: string): string {
  return key
    .split('\u001f')
    .map((part) => (part === '-' ? 'NULL' : part.slice(1)))
    .join(', ');
}

function abs(number: bigint): bigint {
  return number < 0n ? -number : number;
}

/** Money is a number only by a cast. */
function isNumber(key: MeasuredColumn): boolean {
  const as = comparedAs(key);
  return as === 'whole' || (as === 'decimal' && key.dataType !== 'MONEY');
}

/** Without the decimals, which add at most one part. */
function whole(cell: string | number | bigint): bigint {
  return typeof cell === 'number' ? BigInt(Math.trunc(cell)) : BigInt(String(cell).replace(/\..*$/, '') || '0');
}

function present(cell: Cell | undefined): cell is string | number | bigint {
  return cell !== null && cell !== undefined;
}
