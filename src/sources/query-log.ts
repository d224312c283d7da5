import type { SqlSession } from '../sql/index.js';

/**
 * The contract of a query log: statements that ran on a source, including the newest runs of the same statement.
 * Optional for a connector; it lives in the connector's query-log.ts.
 */

export interface LoggedQuery {
  readonly text: string;
  /** Where unqualified names in the statement resolve, from the log's own columns or its session context. */
  readonly database?: string;
  /** Empty where its session had chosen none: such names are no table's. Absent where the log doesn't tell. */
  readonly schema?: string;
  /** Milliseconds since the epoch, UTC. */
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly user?: string;
  /** The source's own name for the kind of statement (`MERGE`, `CREATE_TABLE_AS_SELECT`). */
  readonly queryType?: string;
  /** The procedure whose run sent the statement. */
  readonly procedure?: readonly [database: string, schema: string, name: string];
  /** The server takes names that differ by case for two, quoted or not (MySQL with lower_case_table_names = 0). */
  readonly exactNames?: true;
  /** How its session read SQL; absent where the log doesn't tell, or where it makes no difference to the text. */
  readonly session?: SqlSession;
  /**
   * Tables that only the session has that ran it, of those that the text may name: parts of names, as the session made
   * them. They hide the catalog's of the same name.
   */
  readonly temporary?: readonly (readonly string[])[];
  /** Price of the run, in the currency of the recipe's prices. */
  readonly cost?: number;
  /** True for a run that failed or was cancelled. */
  readonly aborted?: boolean;
  /**
   * True for a statement that isn't wanted: one of an ingestion or of dbt, for usage one of a kind that is no use; logs
   * in databases leave these out.
   */
  readonly own?: boolean;
}

/** Names of the source: database, schema, table. */
export type LoggedTable = readonly [database: string, schema: string, table: string];

/** Runs of one statement, counted by the source itself (Snowflake); only with the purpose `usage`. */
export interface CountedQuery {
  /** One of its runs, the newest. */
  readonly text: string;
  readonly database?: string;
  readonly schema?: string;
  readonly queryType?: string;
  /** The tables that the runs touched, when the source knows them: exactly these count. */
  readonly access?: { readonly read: readonly LoggedTable[]; readonly written: readonly LoggedTable[] };
  /** By UTC day: milliseconds since the epoch of its midnight. */
  readonly days: readonly {
    readonly day: number;
    readonly runs: number;
    readonly durationMs: number;
    readonly cost?: number;
  }[];
  readonly users: readonly LoggedUser[];
  /** Milliseconds since the epoch of the newest run, and who made it. */
  readonly newestAt: number;
  readonly newestUser?: string;
}

/**
 * What a source that knows no times of runs has counted of one statement since its counter began (PostgreSQL); only
 * with the purpose `usage`. The usage room compares it with what it was at the run before.
 */
export interface CounterReading {
  /**
   * The same statement's in every run, and another one's in none: at most 200 characters. A reading's come in binary
   * order of their keys.
   */
  readonly key: string;
  readonly text: string;
  readonly database?: string;
  readonly schema?: string;
  readonly user?: string;
  /** Runs that ended well, and what all of them took. */
  readonly calls: number;
  readonly durationMs: number;
  /**
   * When the counter began, where the source knows; by the source's clock, as `readAt`. Milliseconds since the epoch.
   */
  readonly since?: number;
  readonly readAt: number;
}

export interface LoggedUser {
  readonly login: string;
  readonly email?: string;
}

/** A record of the log that could not be read; the others are not affected. */
export interface UnreadableRecord {
  /** `queries.csv, row 12` */
  readonly where: string;
  readonly reason: string;
}

/** An edge that the source knows by itself, without any parsing (Snowflake's ACCESS_HISTORY, COPY_HISTORY). */
export interface LoggedEdge {
  /** Names of the source: database, schema, table. */
  readonly from: readonly [database: string, schema: string, table: string];
  readonly to: readonly [database: string, schema: string, table: string];
  readonly columns: readonly (readonly [from: string, to: string])[];
  readonly text?: string;
  readonly startedAt?: number;
  /** Procedure that made the edge. */
  readonly procedure?: readonly [database: string, schema: string, name: string];
}

/** Files of an external location that were loaded into a table (Snowflake's COPY_HISTORY). */
export interface LoggedLoad {
  /** URL of the folder, as the source writes it: `s3://bucket/folder/`. */
  readonly location: string;
  /** Names of the source: database, schema, table. */
  readonly to: readonly [database: string, schema: string, table: string];
}

export type LogRecord =
  | ({ readonly kind: 'query' } & LoggedQuery)
  | ({ readonly kind: 'edge' } & LoggedEdge)
  | ({ readonly kind: 'load' } & LoggedLoad)
  | ({ readonly kind: 'unreadable' } & UnreadableRecord);

/** What a log gives for usage. */
export type UsageRecord =
  | ({ readonly kind: 'query' } & LoggedQuery)
  | ({ readonly kind: 'counted' } & CountedQuery)
  | ({ readonly kind: 'counter' } & CounterReading)
  | ({ readonly kind: 'unreadable' } & UnreadableRecord);

/** How a log is read for usage: all statements that touch tables, with who ran them. */
export interface UsageLogOptions {
  /**
   * Most queries a UTC day, newest first, of a log that is read statement by statement; 0 = all. A source that counts
   * by itself has no such limit.
   */
  readonly resultLimit: number;
  /** SQL condition of the recipe, and-ed in parentheses. */
  readonly filterCondition?: string;
  /** Logins whose statements are wanted; the reader checks each again, so a source pushes down what it can. */
  readonly users: { readonly includes: readonly string[]; readonly excludes: readonly string[] };
}

/** A stretch of the log that is read in one streamed pass: `[from, to)`, milliseconds since the epoch, UTC. */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
  /** The connector's own word for which log it is (`queries`, `access-history`); part of the staged format. */
  readonly log: string;
  /**
   * True for a log of counters, which has no times: all of it is read whatever the stretch, as `counter` records in one
   * window.
   */
  readonly counters?: true;
}

export interface QueryLogOptions {
  /** Most queries of the whole range, newest first; 0 = all. */
  readonly resultLimit: number;
  /** SQL condition of the recipe, and-ed in parentheses. */
  readonly filterCondition?: string;
  /** Procedures' own statements are wanted as well. */
  readonly storedProcedures: boolean;
}

/** How far a window has been read; the connector's own cursor, plain JSON of at most 1 KiB (rows read, a query id). */
export type LogCursor = Readonly<Record<string, string | number>>;

/** A log that is read window by window. */
export interface LogSource<Options, Entry> {
  /** Cuts a range into windows, in order. May ask the source what it offers (one probe). */
  windows(range: { readonly from: number; readonly to: number }, options: Options): Promise<readonly LogWindow[]>;
  /**
   * In one streamed pass and a defined order; with `after` a read resumes after that cursor. Throws when the read fails
   * or is cut short.
   */
  read(
    window: LogWindow,
    options: Options,
    after?: LogCursor
  ): AsyncIterable<{ readonly record: Entry; readonly cursor: LogCursor }>;
  close(): Promise<void>;
}

/**
 * Statements that may have lineage (the connector leaves out others, by kind or pattern), without those of this program
 * itself.
 */
export type QueryLogSource = LogSource<QueryLogOptions, LogRecord>;

/** The same log, read for usage. */
export interface UsageLogSource extends LogSource<UsageLogOptions, UsageRecord> {
  /** How long after its end a statement may still be missing in the log, milliseconds. */
  readonly lagMs: number;
}
