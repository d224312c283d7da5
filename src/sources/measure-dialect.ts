import type { Cell, Condition, Scalar } from './condition.js';
import type { Measure, MeasureValue, Operand, RowSet, TableRef } from './measure.js';
import type { MeasuredColumn } from './measured-column.js';
import type { RowHashing } from './row-hashing.js';

/**
 * Where a measure is answered: `free` from the engine's own metadata (in a statement with nothing else), `aggregate` in
 * one pass with others, `grouped` from the counts of the column's values or bins.
 */
export type Placement = 'free' | 'aggregate' | 'grouped';

/** What to compute from the grouped counts of one column (or of its lengths). */
export interface GroupedCounts {
  readonly column: MeasuredColumn;
  readonly on: Operand;
  readonly distinct: boolean;
  readonly unique: boolean;
  /** Fractions of the percentiles, 0 to 1. */
  readonly percentiles: readonly number[];
  /** The percentiles are of the finite numbers. */
  readonly finite?: boolean;
  /** Percentiles that the select has room for: the same in all joined selects. */
  readonly slots: number;
  /** Counts for each value of this column, which replaces the index: a row per value, most rows first. */
  readonly by?: MeasuredColumn;
}

/** The most frequent values of a column. */
export interface TopValues {
  readonly index: number;
  readonly column: MeasuredColumn;
  readonly limit: number;
  /** Of a value, that are read: it may have megabytes. */
  readonly characters: number;
}

/** An engine's SQL. Pure: strings in, strings out. */
export interface MeasureDialect {
  /** Most expressions in a select list, and most selects in a UNION ALL, in one statement of ours. */
  readonly mostExpressions: number;
  readonly mostSelects: number;
  /**
   * Most digits of a number that the engine compares without loss, and those behind the point; `own`: so many where
   * the values themselves have them. Default: 38 and 37.
   */
  readonly mostDigits?: { readonly all: number; readonly fraction?: number; readonly own?: number };
  /** A statement of one row that any source answers whose rows can be read now; default: `SELECT 1`. */
  readonly alive?: string;
  quote(name: string): string;
  tablePath(table: TableRef): string;
  literal(value: Scalar): string;
  /** Quotes in which a backslash escapes the next character: `'"`, `'` or none. */
  readonly backslashIn: string;
  /**
   * What users' SQL may not call, as a read-only session of the engine lets it through although it changes something
   * outside of the statement, or reads the server's files. Matched against the words outside of quotes and comments, in
   * upper case with blanks between; behind a dot one begins with it, before a bracket it ends with that. Where no
   * backslash escapes, a table, and a name that is defined with its columns, ends with `=`: these call nothing.
   */
  readonly changing?: RegExp;
  condition(condition: Condition): string;
  /** Why this server can't answer a measure; absent or undefined when it can. */
  unsupported?(measure: Measure): string | undefined;
  placement(measure: Measure, rows: RowSet): Placement;
  /** FLOAT is a type of 32 bits: a number that is written down stands for the one of such a column. */
  readonly hasSingles?: boolean;
  /** Whether a column may hold what `finite` leaves out; absent where none can. */
  hasNonFinite?(column: MeasuredColumn): boolean;
  /** A column may hold values of any type, whatever its own. */
  readonly isUntyped?: true;
  /**
   * What a user's value is for a column that has few, or what such a column may have instead; undefined for columns
   * whose values aren't known here.
   */
  taken?(column: MeasuredColumn, value: string | number | boolean): string | boolean | { allowed: string } | undefined;
  /**
   * Of an engine with texts that have no case by their type: whether a column is one, as SQL (undefined: certainly
   * not), and the column as it is compared with others of its type. Absent: the column itself.
   */
  readonly caseless?: { is(column: MeasuredColumn): string | undefined; folded(column: MeasuredColumn): string };
  /** Of an engine that refuses to compare a column with a text of which the column's character set lacks some. */
  readonly characterSets?: {
    /** An aggregate that names the set of a column. */
    of(column: MeasuredColumn): string;
    /** Whether a set has all of a text, as SQL; undefined: certainly. */
    holds(set: string, text: string): string | undefined;
  };
  /** A number of a column times a factor, as a double. */
  scaled(column: MeasuredColumn, factor: number): string;
  /**
   * A number less another one near by, without the loss of a double where the column's type has none.
   * @param by SQL of a value of the column (a subquery), or a whole number
   */
  difference(column: MeasuredColumn, by: string | bigint): string;
  /** The aggregate expression of a measure that isn't answered by grouped counts. */
  expression(measure: Measure): string;
  /** `FROM … [WHERE …]` of the rows; `columns` are those that the statement reads. */
  from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string;
  /**
   * One SELECT of one row: the number `index`, distinct values, values that occur once, values in all, then for each
   * percentile the value below and the one above (`slots` pairs). What isn't requested is NULL. Selects of several
   * columns are joined by UNION ALL.
   * @param from the result of `from`
   */
  groupedSelect(index: number, counts: GroupedCounts, from: string): string;
  /**
   * One SELECT of rows `index`, the first `characters` of the value as text (of bytes, at least so many), count, all
   * values that are not NULL, distinct ones among them: the `limit` most frequent values and one more, NULL among them.
   * An engine without window functions has NULL for the last two.
   */
  topValuesSelect(top: TopValues, from: string): string;
  /** A column in a list of rows as JSON can hold it (binary values as base64). */
  shown(column: MeasuredColumn): string;
  /** Types whose values are bytes that `shown` writes in base64, perhaps in several lines. */
  readonly base64: ReadonlySet<string>;
  /** Hashes of rows, if the engine has them. */
  readonly hashing?: RowHashing;
  /** What the driver returned for a measure. */
  read(measure: Measure, cell: Cell): MeasureValue;
}
