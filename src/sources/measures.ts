/**
 * What a connector does for the profiler and for data quality: it measures rows. The rooms say what to measure, as data
 * (a measure, a condition, a set of rows); the connector's dialect turns that into SQL, and its sessions run it. Files
 * of a connector: measures.ts (the door), measure-dialect.ts, and what else its engine needs.
 */
import type { Cell } from './condition.js';
import type { TableRef } from './measure.js';
import type { MeasureDialect } from './measure-dialect.js';
import type { SchemaRef, SourceContext } from './source.js';

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

/** By table; one change per time and operation, at most some thousands. */
export type RowChanges = ((table: TableRef) => readonly RowChange[]) & {
  /** Some of them could not be read. */
  readonly lacksSome?: boolean;
};

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
