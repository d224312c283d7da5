/** The SQL on counted statements for usage. */
import { z } from 'zod';
import { OWN_USE, wordPatterns } from '../common/log-patterns.js';
import { countedText, named, wantedSql, type StatementFilter, type StatementLog } from './query-log-statements.js';
import { statement, type Statement } from '../common/statement.js';

/** What SQL that touches a table looks like; the parser finds out which tables. */
const USE_PATTERNS = wordPatterns('select, insert, update, delete, merge, truncate, copy, table, view');

/**
 * Without statements with passwords, which the server does not make `$1` of, and without EXPLAIN. Where statements
 * inside others are counted too (`pg_stat_statements.track = all`), what EXPLAIN and COPY of a query run has the key of
 * the query and, unless something else ran it first, the text of their message; what DO runs is counted beside it.
 */
const IS_USE = String.raw`query !~* '^(\s|/[*][^*]*[*]/)*((create|alter)\s+(user|role|group|server|subscription)|explain)\M'
    AND (query !~* '(^|;)(\s|/[*][^*]*[*]/)*(explain\M|copy\s*[(])' OR to_jsonb(log)->>'toplevel' IS DISTINCT FROM 'false')
    AND (query !~* '^(\s|/[*][^*]*[*]/)*do\M' OR current_setting('pg_stat_statements.track', true) IS DISTINCT FROM 'all')
    AND query !~* '^${OWN_USE.head}|${OWN_USE.end}$'`;

/** Whether this user sees all users' statements. */
export const SEES_ALL = statement(
  z.object({ all: z.boolean() }),
  `SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS all`
);

const counterRow = countedText.extend({
  /** When the counter began, and the server's clock: milliseconds since the epoch. */
  since: z.coerce.number().nullable(),
  readAt: z.coerce.number(),
});

/**
 * Counters after `after`, in the order of their keys: those of a statement, a user and a database are one, whether a
 * function ran it or a client.
 */
export function readCounters(
  log: StatementLog,
  filter: Pick<StatementFilter, 'condition'>,
  after: string
): Statement<z.infer<typeof counterRow>> {
  return statement(
    counterRow,
    `SELECT key, database, account, body, calls, time, floor(extract(epoch FROM since) * 1000) AS since,
  floor(extract(epoch FROM statement_timestamp()) * 1000) AS "readAt"
FROM (SELECT concat_ws(':', dbid, userid, COALESCE(queryid::text, md5(query))) COLLATE "C" AS key, MIN(datname::text) AS database,
    MIN(usename::text) AS account, MIN(query) AS body, SUM(calls) AS calls, SUM(${log.time}) AS time, ${log.since ?? 'NULL::timestamptz'} AS since
  FROM ${named(log)} WHERE ${[...wantedSql(log, { ...filter, patterns: USE_PATTERNS }), IS_USE].join('\n    AND ')} GROUP BY 1) AS counters
WHERE key > $1 ORDER BY key`,
    [after]
  );
}

/**
 * How often statements were pushed out for others, since when, and how many there may be. @param info the extension's
 * own facts, quoted
 */
export function pushedOut(info: string): Statement<{ times: number; since: string; most: string | null }> {
  return statement(
    z.object({ times: z.coerce.number(), since: z.string(), most: z.string().nullable() }),
    `SELECT dealloc AS times, to_char(stats_reset, 'YYYY-MM-DD HH24:MI') AS since, current_setting('pg_stat_statements.max', true) AS most FROM ${info}`
  );
}
