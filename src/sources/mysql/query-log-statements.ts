import { bracketed, conditionsOf } from '../common/filter-condition.js';
import { OWN_COMMENTS } from '../common/log-patterns.js';
import mysql from 'mysql2';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { LogWindow, QueryLogOptions } from '../query-log.js';
import { quoteIdentifier } from './quoted-name.js';
import type { Statement } from '../common/statement.js';

const text = z.string();
const count = z.coerce.number();

/** The table of a log and its columns, which are those of `mysql.general_log` or `mysql.slow_log`. */
export interface LogTable {
  readonly kind: 'general' | 'slow';
  readonly schema: string;
  readonly table: string;
  /** True for the server's own log table, which it writes only with `log_output=TABLE`. */
  readonly isOwn: boolean;
}

/** @throws PermanentError when `queryHistoryTable` isn't `schema.table`. */
export function logTable(config: { useSlowLogs: boolean; queryHistoryTable?: string }): LogTable {
  const kind = config.useSlowLogs ? 'slow' : 'general';
  const standard = `mysql.${kind}_log`;
  const name = config.queryHistoryTable?.trim() ?? '';
  const parts = [...(name === '' ? standard : name).matchAll(/`((?:[^`]|``)+)`|([^.`]+)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('``', '`') ?? bare?.trim() ?? ''
  );
  const [schema, table] = parts;
  if (schema === undefined || table === undefined || parts.length > 2) {
    throw new PermanentError(`${name} is not the name of a table.`, {
      where: 'source.serviceConnection.config.queryHistoryTable',
      remedy: `Write schema.table; ${standard} when the key is absent.`,
    });
  }
  return { kind, schema, table, isOwn: `${schema}.${table}`.toLowerCase() === standard };
}

export function quotedTable({ schema, table }: LogTable): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/**
 * What SQL with lineage looks like, in lower case. Wider than a kind of statement: it may start with comments or WITH,
 * INTO may be omitted, and there may be several statements. The parser finds those that don't write.
 */
const LINEAGE_PATTERNS = [
  '%create%select%',
  '%insert%select%',
  '%insert% table %',
  '%replace%select%',
  '%replace% table %',
  // an UPDATE of a single table has no lineage
  '%update%select%',
  '%update%join%',
  '%update%,%set%',
  '%merge%using%',
  '%load%data%into%table%',
  '%rename%table%',
  '%table%rename%',
  '%create%trigger%',
] as const;

/** Columns that a recipe's filterCondition may name. */
export const LOG_COLUMNS = {
  general: ['event_time', 'user_host', 'thread_id', 'server_id', 'command_type', 'argument'],
  slow: [
    'start_time',
    'user_host',
    'query_time',
    'lock_time',
    'rows_sent',
    'rows_examined',
    'db',
    'sql_text',
    'thread_id',
  ],
} as const;

/** Fails when the table or its columns don't exist or can't be read; returns no rows. */
export function probeTable(log: LogTable): Statement<unknown> {
  const columns =
    log.kind === 'slow' ? 'start_time, user_host, query_time, db, sql_text' : LOG_COLUMNS.general.join(', ');
  return { sql: `SELECT ${columns} FROM ${quotedTable(log)} LIMIT 0`, values: [], row: z.unknown() };
}

/** Fails when the recipe's condition can't be used; returns no rows. */
export function probeCondition(log: LogTable, condition: string): Statement<unknown> {
  return {
    sql: `SELECT 1 FROM ${quotedTable(log)} WHERE ${bracketed(condition)} LIMIT 0`,
    values: [],
    row: z.unknown(),
  };
}

/** Where the server writes its logs, and which of them are on. */
export function logSettings(): Statement<{ output: string; general: number; slow: number }> {
  return {
    sql: 'SELECT @@global.log_output AS output, @@global.general_log AS general, @@global.slow_query_log AS slow',
    values: [],
    row: z.object({ output: z.string(), general: count, slow: count }),
  };
}

/** Counts the statements in a window that may have lineage. */
export function countTexts(log: LogTable, window: LogWindow, options: QueryLogOptions): Statement<{ texts: number }> {
  return {
    sql: `SELECT COUNT(*) AS texts FROM ${quotedTable(log)} WHERE ${isWanted(log, window, options)}`,
    values: [],
    row: z.object({ texts: count }),
  };
}

export const logRow = z.object({
  at: z.string(),
  thread: z.coerce.string(),
  command: z.string(),
  account: text,
  body: text,
  db: text.nullable(),
  took: z.string().nullable(),
  /** The time as the log has it, by the clock of the session that the row is of; null in a slow log. */
  local: z.string().nullable(),
  wanted: count,
});
export type LogRow = z.infer<typeof logRow>;

/** The statements in a window that may have lineage, in one pass. */
export function readTexts(log: LogTable, window: LogWindow, options: QueryLogOptions): Statement<LogRow> {
  return passOver(log, window, isWanted(log, window, options));
}

/**
 * One pass over the log in its own order, which is that of its rows in the table. Besides the wanted statements it
 * returns the rows that give each thread's schema, time zone and prepared statements, and those that end it, including
 * those before the window: a pooled connection may be days old.
 * @param wanted the condition for statements
 * @param whole whether all statements of the window are returned: any of a session's ends what bodies did for it
 */
export function passOver(log: LogTable, window: LogWindow, wanted: string, whole = false): Statement<LogRow> {
  const gives = `(${maySetOrUse()} AND (${mayUse()} OR ${mayGive('time_zone', 'sql_mode')}))`;
  const follows = `(${gives} OR ${isPreparation('argument')} OR ${mayCall()})`;
  const inPass = whole ? `event_time >= ${time(window.from)}` : wanted;
  const isSurelyWanted = whole ? '' : `WHEN NOT ${follows} THEN 1 `;
  // most rows are statements that are wanted and follow nothing: each condition is evaluated for them once
  const sql =
    log.kind === 'slow'
      ? `SELECT UNIX_TIMESTAMP(start_time) AS at, 0 AS thread, 'Query' AS command, user_host AS account, sql_text AS body, db, query_time AS took, NULL AS local, 1 AS wanted
FROM ${quotedTable(log)} WHERE ${wanted}`
      : `SELECT UNIX_TIMESTAMP(event_time) AS at, thread_id AS thread, command_type AS command, user_host AS account, argument AS body, NULL AS db, NULL AS took, CAST(event_time AS CHAR) AS local,
  CASE WHEN command_type NOT IN ('Query', 'Execute') THEN 0 ${isSurelyWanted}ELSE COALESCE(${wanted}, 0) END AS wanted
FROM ${quotedTable(log)}
WHERE event_time < ${time(window.to)} AND command_type IN ('Connect', 'Change user', 'Init DB', 'Prepare', 'Close stmt', 'Query', 'Execute', 'Quit')
  AND (command_type NOT IN ('Query', 'Execute') OR ${inPass} OR ${follows})`;
  return { sql, values: [], row: logRow };
}

function isWanted(log: LogTable, { from, to }: LogWindow, { filterCondition }: QueryLogOptions): string {
  const [at, body] = log.kind === 'slow' ? ['start_time', 'sql_text'] : ['event_time', 'argument'];
  const textOf = folded(body);
  const conditions = [
    `${at} >= ${time(from)} AND ${at} < ${time(to)}`,
    ...(log.kind === 'slow' ? [] : ["command_type IN ('Query', 'Execute')"]),
    `(${LINEAGE_PATTERNS.map((pattern) => `${textOf} LIKE ${mysql.escape(pattern)}`).join(' OR ')})`,
    ...OWN_COMMENTS.map((comment) => `${textOf} NOT LIKE ${mysql.escape(comment)}`),
    ...(log.kind === 'slow' ? [] : [isNoPreparation(body)]),
    ...conditionsOf(filterCondition),
  ];
  return `(${conditions.join('\n  AND ')})`;
}

/**
 * SQL that prepares a statement, or prepares and runs it, behind spaces and comments. What it prepares has a line of
 * its own each time that it runs.
 */
const PREPARES =
  '^([[:space:]]|/[*]([^*]|[*]+[^*/])*[*]+/|(-- |#)[^\n]*\n)*(prepare|execute[[:space:]]+immediate)[^a-z0-9_$]';

/** Only the beginning is matched: a long comment would exceed the limits of the server's regex. */
export function isNoPreparation(column: string): string {
  return `(${beginning(column)} LIKE 'select %' OR ${folded(`LEFT(${column}, 500)`)} NOT REGEXP ${mysql.escape(PREPARES)})`;
}

/** The opposite, quickly told. */
function isPreparation(column: string): string {
  const head = beginning(column);
  return `(${head} NOT LIKE 'select %' AND ${head} REGEXP '^[[:space:]]*(prepare|execute|/[*]|--|#)' AND ${folded(`LEFT(${column}, 500)`)} REGEXP ${mysql.escape(PREPARES)})`;
}

/** Any bytes are valid latin1, so no statement fails the conversion; the patterns are ASCII. */
export function folded(column: string): string {
  return `LOWER(CONVERT(${column} USING latin1))`;
}

/** The first 20 characters, folded: what a text begins with is asked of these, since folding all of it takes longer. */
export function beginning(column: string): string {
  return folded(`LEFT(${column}, 20)`);
}

/** True for each text that has a SET or USE, and few others; quickly told. */
function maySetOrUse(): string {
  const head = beginning('argument');
  return `(${head} NOT LIKE 'select %' AND ${head} REGEXP '^[[:space:]]*(set|use|/[*]|--|#)' OR INSTR(argument, ';') > 0)`;
}

/** A SET may run stored functions, a CALL runs a procedure: rows of these may follow. */
function mayCall(): string {
  const head = beginning('argument');
  return `(${head} LIKE 'set %' AND INSTR(argument, '(') > 0 OR ${head} LIKE 'call %')`;
}

/** True for each text that may have a USE, but for those of this program. */
export function textsThatUse(): string {
  return `(${maySetOrUse()} AND ${mayUse()})`;
}

/** Whether a text that `maySetOrUse` may have a USE. A long one would exceed the limits of the server's regex. */
function mayUse(): string {
  const [first, others] = ['LEFT(argument, 500)', "SUBSTRING(argument, INSTR(argument, ';'))"].map(folded);
  const uses = `${first} REGEXP 'use[^a-z0-9_$]' OR ${others} LIKE '%use %' OR ${others} LIKE '%use\`%'`;
  return `((${uses}) AND ${isOfOthers()})`;
}

/** True for each text that sets one of the variables of its session, but for those of this program. */
export function maySet(...variables: readonly string[]): string {
  return `(${maySetOrUse()} AND ${mayGive(...variables)})`;
}

function mayGive(...variables: readonly string[]): string {
  const text = folded('argument');
  const named = variables.map((variable) => `${text} LIKE '%${variable}%'`).join(' OR ');
  return `(${text} LIKE '%set%' AND (${named}) AND ${isOfOthers()})`;
}

function isOfOthers(): string {
  const text = `LTRIM(${folded('argument')})`;
  return `(${OWN_COMMENTS.map((comment) => `${text} NOT LIKE ${mysql.escape(comment)}`).join(' AND ')})`;
}

/** A time in the session's zone, which is the server's. */
export function time(milliseconds: number): string {
  return `FROM_UNIXTIME(${milliseconds / 1000})`;
}
