/**
 * What a connector does for the profiler and for data quality: it measures rows. The rooms say what is asked as data (a
 * measure, a condition, a set of rows); the connector's dialect says how it is written, and its sessions run it. Files
 * of a connector: measures.ts (the door), measure-dialect.ts, and what else its engine needs.
 */
import type { ColumnDataType } from '../openmetadata/index.js';
import type { RowHashing } from './row-hashing.js';
import type { SchemaRef, SourceContext } from './source.js';

export interface TableRef extends SchemaRef {
  readonly table: string;
}

/** A column as the catalog has it: its name in the source, and OpenMetadata's type. */
export interface MeasuredColumn {
  readonly name: string;
  readonly dataType: ColumnDataType;
}

/**
 * A value in a condition. A time is epoch milliseconds, UTC; it is written as a date or a timestamp by the column's
 * type.
 */
export type Scalar = string | number | bigint | boolean | { readonly time: number };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Which rows, as data. NULL is neither in a set nor in a range nor matched. */
export type Condition =
  | { readonly op: 'isNull'; readonly column: MeasuredColumn }
  | { readonly op: 'in'; readonly column: MeasuredColumn; readonly values: readonly Scalar[] }
  | {
      readonly op: 'compare';
      readonly column: MeasuredColumn;
      readonly is: Comparison;
      readonly value: Scalar;
      /** `length`: compares the text's length in characters. */
      readonly on?: 'value' | 'length';
    }
  /** The engine's own regular expressions, with the meaning it gives to a match. */
  | { readonly op: 'matches'; readonly column: MeasuredColumn; readonly pattern: string }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  /** A user's own SQL, in brackets. */
  | { readonly op: 'sql'; readonly sql: string };

/**
 * Which part of the rows. The same seed takes the same rows in each statement of a run where the engine can (Snowflake:
 * percentages of tables only). A percentage is above 0 and below 100.
 */
export type Sample =
  | {
      readonly by: 'percentage';
      readonly percent: number;
      readonly method?: 'BERNOULLI' | 'SYSTEM';
      readonly seed: number;
    }
  | { readonly by: 'rows'; readonly rows: number; readonly randomized: boolean; readonly seed: number };

/** The rows that are measured: a table's, those of a partition of it, a sample of those. */
export interface RowSet {
  readonly table: TableRef;
  readonly isView: boolean;
  /** A user's SELECT that stands for the table. */
  readonly query?: string;
  readonly where?: Condition;
  readonly sample?: Sample;
}

/**
 * `length`: of a text, in the unit of the engine's own length function (MySQL: bytes). `characters`: always characters.
 */
export type Operand = 'value' | 'length' | 'characters';

/** One number or value asked of rows. NULLs are left out of all but `rows`. */
export type Measure =
  | { readonly of: 'rows' }
  | { readonly of: 'values'; readonly column: MeasuredColumn }
  | { readonly of: 'min' | 'max'; readonly column: MeasuredColumn; readonly on?: Operand }
  | { readonly of: 'sum' | 'mean' | 'stddev'; readonly column: MeasuredColumn; readonly on?: Operand }
  | { readonly of: 'distinct'; readonly column: MeasuredColumn; readonly approximate?: boolean }
  /** Values that occur exactly once. */
  | { readonly of: 'unique'; readonly column: MeasuredColumn }
  /** Linear interpolation between the two nearest values (percentile_cont), unless an estimate is enough. */
  | {
      readonly of: 'percentile';
      readonly column: MeasuredColumn;
      readonly on?: Operand;
      /** 0 to 1. */
      readonly fraction: number;
      readonly approximate?: boolean;
    }
  | { readonly of: 'countWhere'; readonly condition: Condition };

/**
 * Whole numbers that a double can't hold are bigints; times are ISO 8601 texts without a zone; TIME on MySQL is
 * seconds.
 */
export type MeasureValue = number | bigint | string | null;

/** One value of a row, as the driver gives it. */
export type Cell = string | number | bigint | boolean | Date | Uint8Array | null;

/**
 * Where a measure is answered: `free` from the engine's own metadata (in a statement that holds nothing else),
 * `aggregate` in one pass with others, `grouped` from the counts of the column's values.
 */
export type Placement = 'free' | 'aggregate' | 'grouped';

/** What the grouped counts of one column (or of its lengths) are to tell. */
export interface GroupedCounts {
  readonly column: MeasuredColumn;
  readonly on: Operand;
  readonly distinct: boolean;
  readonly unique: boolean;
  /** Fractions of the percentiles, 0 to 1. */
  readonly percentiles: readonly number[];
  /** Percentiles that the select has room for: the same for all selects that are joined. */
  readonly slots: number;
  /**
   * Counts for each value of this column, which stands in the place of the index: a row a value, the one of most rows
   * first.
   */
  readonly by?: MeasuredColumn;
}

/** The most frequent values of a column. */
export interface TopValues {
  readonly index: number;
  readonly column: MeasuredColumn;
  readonly limit: number;
}

/** An engine's SQL. Pure: texts in, texts out. */
export interface MeasureDialect {
  /** Most expressions in a select list, and most selects in a UNION ALL, that one statement of ours has. */
  readonly mostExpressions: number;
  readonly mostSelects: number;
  quote(name: string): string;
  tablePath(table: TableRef): string;
  literal(value: Scalar): string;
  /** Quotes in which a backslash takes the next character's meaning: `'"`, `'` or none. */
  readonly backslashIn: string;
  condition(condition: Condition): string;
  /** Why this server can't answer a measure; absent or undefined when it can. */
  unsupported?(measure: Measure): string | undefined;
  placement(measure: Measure, rows: RowSet): Placement;
  /** The aggregate expression of a measure that is not placed in grouped counts. */
  expression(measure: Measure): string;
  /** `FROM … [WHERE …]` of the rows; `columns` are those that the statement reads. */
  from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string;
  /**
   * One SELECT of one row: the number `index`, distinct values, values that occur once, values in all, then for each
   * percentile the value below and the one above (`slots` pairs). What is not asked is NULL. Selects of several columns
   * are joined by UNION ALL.
   * @param from of `from`
   */
  groupedSelect(index: number, counts: GroupedCounts, from: string): string;
  /**
   * One SELECT of rows `index`, value as text, count: `limit` of the most frequent values and one more, NULL among
   * them.
   */
  topValuesSelect(top: TopValues, from: string): string;
  /** A column in a list of rows as JSON can hold it (binary values as base64). */
  shown(column: MeasuredColumn): string;
  /** Hashes of rows, where the engine has them. */
  readonly hashing?: RowHashing;
  /** What the driver gave for a measure. */
  read(measure: Measure, cell: Cell): MeasureValue;
}

/** What the source's catalogue says of a table, for free. */
export interface TableFacts {
  readonly table: string;
  readonly isView: boolean;
  /** Rows and bytes, where known; `rowsAreExact` false: an estimate. */
  readonly rows?: number;
  readonly rowsAreExact?: boolean;
  readonly bytes?: number;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /**
   * By what a change shows; absent where the source can't tell. `time`: the end of the smallest span in which the last
   * change lies, epoch milliseconds of the source's clock. `mark`: a text that differs after a change.
   */
  readonly changed?: { readonly time: number } | { readonly mark: string };
}

export interface SchemaFacts {
  /** The source's clock when the listing began, epoch milliseconds. */
  readonly asOf: number;
  readonly tables: ReadonlyMap<string, TableFacts>;
}

/** A statement that changed rows of a table, as the source's own history has it. */
export interface RowChange {
  /** When it began, epoch milliseconds. */
  readonly at: number;
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  /** How many it changed so. */
  readonly rows: number;
}

/** By the table; one change a time and operation, not more than some hundred. */
export type RowChanges = (table: TableRef) => readonly RowChange[];

/** One statement at a time, read-only. */
export interface MeasureSession {
  /**
   * All rows of a statement; the source ends it after the time limit the source was opened with.
   * @throws StatementTimeout when the limit was reached, PermanentError when the statement can't be run,
   * TransientError, AuthenticationError; the signal's reason when aborted: then nothing of it runs in the source any
   * more.
   */
  rows(sql: string): Promise<readonly (readonly Cell[])[]>;
  /** The same with the names of the columns; for texts of users. @param limit rows read at most */
  query(sql: string, limit: number): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }>;
  /** The same for tables of a database, where a connection reads one alone (PostgreSQL); ends with this one. */
  in?(database: string): MeasureSession;
  close(): Promise<void>;
}

/** The session in which rows of a table can be read. */
export function sessionFor(session: MeasureSession, { database }: Pick<TableRef, 'database'>): MeasureSession {
  return session.in?.(database) ?? session;
}

/** What a worker has open of a source for measuring. */
export interface MeasureSource {
  readonly dialect: MeasureDialect;
  /** Facts of a schema's tables, in a constant number of statements. */
  facts(schema: SchemaRef): Promise<SchemaFacts>;
  /**
   * What changed rows in a window of time (epoch milliseconds, the end excluded), for all tables at once, read once for
   * a window; absent where the source keeps no history.
   */
  changes?(window: { readonly from: number; readonly to: number }): Promise<RowChanges>;
  /** A session; `context` is that of the work done in it. */
  session(context: SourceContext): Promise<MeasureSession>;
  /**
   * Ends statements in the source that carry this tag and are not of this source's sessions: those of an attempt whose
   * worker was lost.
   * @returns how many
   */
  endLost(runTag: string): Promise<number>;
  close(): Promise<void>;
}

export interface MeasureOptions {
  /** Milliseconds that the source may work on one statement. */
  readonly statementTimeoutMs: number;
}
