import type { MeasuredColumn } from './measured-column.js';
/**
 * What a connector does for the profiler and for data quality: it measures rows. The rooms say what to measure, as data
 * (a measure, a condition, a set of rows); the connector's dialect turns that into SQL, and its sessions run it. Files
 * of a connector: measures.ts (the door), measure-dialect.ts, and what else its engine needs.
 */
import type { RowHashing } from './row-hashing.js';
import type { SchemaRef, SourceContext } from './source.js';

export interface TableRef extends SchemaRef {
  readonly table: string;
}

/** A time, epoch milliseconds. */
export interface Moment {
  readonly time: number;
  /** How it is counted where a clock's own days, months and years are; `time` is by those of UTC. */
  readonly back?: { readonly from: number; readonly amount: number; readonly unit: 'DAY' | 'MONTH' | 'YEAR' };
}

/**
 * A value in a condition. A time is a moment: a column whose type has a zone is compared with that,
 * one without a zone with what the source's own clock showed then (Snowflake, SQLite: UTC), as a date or a timestamp by
 * its type. A decimal is a number that a double can't hold, as `-12.5` would be written.
 */
export type Scalar = string | number | bigint | boolean | Moment | { readonly decimal: string };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Which rows, as data. NULL isn't in a set or a range, and matches nothing. */
export type Condition =
  | { readonly op: 'isNull'; readonly column: MeasuredColumn }
  | { readonly op: 'in'; readonly column: MeasuredColumn; readonly values: readonly Scalar[] }
  /** What `MeasureDialect.shown` of the column returned. */
  | { readonly op: 'shown'; readonly column: MeasuredColumn; readonly cells: readonly NonNullable<Cell>[] }
  | {
      readonly op: 'compare';
      readonly column: MeasuredColumn;
      readonly is: Comparison;
      readonly value: Scalar;
      /** `length`: compares the length in characters. */
      readonly on?: 'value' | 'length';
    }
  /** The engine's own regular expressions, as it defines a match; without case where the column's type has none. */
  | {
      readonly op: 'matches';
      readonly column: MeasuredColumn;
      readonly pattern: string;
      readonly ignoresCase?: boolean;
    }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  /** A user's own SQL, in brackets. */
  | { readonly op: 'sql'; readonly sql: string };

/**
 * Which part of the rows. With the same seed each statement of a run reads the same rows if the engine can do that
 * (Snowflake: only percentages of tables). A percentage is above 0 and below 100.
 */
export type Sample =
  | {
      readonly by: 'percentage';
      readonly percent: number;
      readonly method?: 'BERNOULLI' | 'SYSTEM';
      readonly seed: number;
    }
  | { readonly by: 'rows'; readonly rows: number; readonly randomized: boolean; readonly seed: number };

/** The rows that are measured: a table's, those of a partition of it, or a sample of those. */
export interface RowSet {
  readonly table: TableRef;
  readonly isView: boolean;
  /** A user's SELECT that replaces the table. */
  readonly query?: string;
  readonly where?: Condition;
  readonly sample?: Sample;
}

/**
 * `length`: of a string, in the unit of the engine's own length function (MySQL: bytes). `characters`: always
 * characters.
 */
export type Operand = 'value' | 'length' | 'characters';

interface Amount {
  readonly column: MeasuredColumn;
  readonly on?: Operand;
  readonly finite?: boolean;
  /** Decimals that a double can't hold, infinities and NaN come as text. */
  readonly exact?: boolean;
}

/**
 * One number or value about rows. All except `rows` leave out NULLs; with `finite`, NaN, infinities and what else a
 * column holds that is no number (or time) as well.
 */
export type Measure =
  | { readonly of: 'rows' }
  | { readonly of: 'values'; readonly column: MeasuredColumn; readonly finite?: boolean }
  | ({ readonly of: 'min' | 'max' } & Amount)
  | ({ readonly of: 'sum' | 'mean' | 'stddev' } & Amount)
  | { readonly of: 'distinct'; readonly column: MeasuredColumn; readonly approximate?: boolean }
  /** Values that occur exactly once. */
  | { readonly of: 'unique'; readonly column: MeasuredColumn }
  /** Linear interpolation between the two nearest values (percentile_cont), unless an estimate is enough. */
  | {
      readonly of: 'percentile';
      readonly column: MeasuredColumn;
      readonly on?: Operand;
      readonly finite?: boolean;
      /** 0 to 1. */
      readonly fraction: number;
      readonly approximate?: boolean;
      /** Of decimals that are counted: as text, with all digits; infinities and NaN come as text. */
      readonly exact?: boolean;
    }
  /** Values in the bin number `at`. */
  | ({ readonly of: 'bin'; readonly at: number } & Bins)
  | { readonly of: 'countWhere'; readonly condition: Condition };

/** Bins of a column's values: those below the first bound, from each bound up to the next, and from the last one on. */
export interface Bins {
  readonly column: MeasuredColumn;
  /** Ascending. */
  readonly bounds: readonly Scalar[];
  readonly finite?: boolean;
}

/**
 * Integers that a double can't hold are bigints; times are ISO 8601 strings without a zone; TIME on MySQL is seconds.
 */
export type MeasureValue = number | bigint | string | null;

/** One value of a row, as the driver returns it. */
export type Cell = string | number | bigint | boolean | Date | Uint8Array | null;

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
   * Most digits of a number that the engine compares without loss, and those behind the point; default: 38 and 37.
   */
  readonly mostDigits?: { readonly all: number; readonly fraction?: number };
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
  /** Whether a column may hold what `finite` leaves out; absent where none can. */
  hasNonFinite?(column: MeasuredColumn): boolean;
  /** A column may hold values of any type, whatever its own. */
  readonly isUntyped?: true;
  /**
   * What a user's value is for a column that has few, or what such a column may have instead; undefined for columns
   * whose values aren't known here.
   */
  taken?(column: MeasuredColumn, value: string | number | boolean): string | boolean | { allowed: string } | undefined;
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

/** What the source's catalogue says about a table, for free. */
export interface TableFacts {
  readonly table: string;
  readonly isView: boolean;
  /** Rows and bytes, if known; `rowsAreExact` false: an estimate. */
  readonly rows?: number;
  readonly rowsAreExact?: boolean;
  readonly bytes?: number;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /**
   * What shows a change; absent if the source can't tell. `time`: the end of the smallest interval known to contain the
   * last change, epoch milliseconds of the source's clock. `mark`: a string that differs after a change; with `time`,
   * after one that the time does not show.
   */
  readonly changed?: { readonly time: number; readonly mark?: string } | { readonly mark: string };
  /** Policies decide which of its rows the account reads. */
  readonly hidesRows?: true;
}

export interface SchemaFacts {
  /** The source's clock when the listing began, epoch milliseconds. */
  readonly asOf: number;
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** They are all tables and views of the schema that the user may read. */
  readonly areAll?: boolean;
  /** Names that differ by case only are those of two tables; absent: they may be of one. */
  readonly exactNames?: boolean;
}

/** A statement that changed rows of a table, from the source's own history. */
export interface RowChange {
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  /** How many rows it changed. */
  readonly rows: number;
}

/** By table; one change per time and operation, at most a few hundred. */
export type RowChanges = (table: TableRef) => readonly RowChange[];

/** One statement at a time, read-only. */
export interface MeasureSession {
  /**
   * All rows of a statement; the source ends it after the time limit the source was opened with.
   * @throws StatementTimeout when the limit was reached, PermanentError when the statement can't be run,
   * TransientError, AuthenticationError; the signal's reason when aborted: then it no longer runs in the source.
   */
  rows(sql: string): Promise<readonly (readonly Cell[])[]>;
  /** The same with column names; for users' SQL. @param limit most rows read */
  query(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }>;
  /** The same for tables of a database, where a connection reads one alone (PostgreSQL); ends with this one. */
  in?(database: string): MeasureSession;
  /**
   * The same for users' SQL about a table, where names that aren't whole need a current database (Snowflake) or schema
   * (MySQL); ends with this one.
   * @param of `users`: for whole statements of theirs, where now is by the server's own clock (MySQL, PostgreSQL);
   * `ours`: for statements of ours that hold some
   */
  forUsersSql?(table: SchemaRef, of: 'users' | 'ours'): MeasureSession;
  /** Whether policies showed the account only some of a table's rows, or none, when it connected; sends nothing. */
  hidesRows?(table: TableRef): Promise<boolean>;
  close(): Promise<void>;
}

/** What a worker has open for measuring in a source. */
export interface MeasureSource {
  readonly dialect: MeasureDialect;
  /** Facts of a schema's tables, in a constant number of statements. */
  facts(schema: SchemaRef): Promise<SchemaFacts>;
  /**
   * What changed rows in a window of time (epoch milliseconds, excluding the end), for all tables at once, read once
   * per window; absent if the source keeps no history.
   */
  changes?(window: { readonly from: number; readonly to: number }): Promise<RowChanges>;
  /** A session; `context` is that of the work done in it. */
  session(context: SourceContext): Promise<MeasureSession>;
  /**
   * Ends statements in the source that have this tag and aren't from these sessions: those of an attempt whose worker
   * was lost.
   * @param database of the attempt's tables, in which an engine may have to look
   * @returns how many
   */
  endLost(runTag: string, database: string): Promise<number>;
  close(): Promise<void>;
}

export interface MeasureOptions {
  /** How long the source may work on one statement, milliseconds. */
  readonly statementTimeoutMs: number;
}
