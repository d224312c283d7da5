import { bracketed, conditionsOf } from '../common/filter-condition.js';
import { OWN_COMMENTS, wordPatterns } from '../common/log-patterns.js';
import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import type { PostgresConnectionConfig } from './config.js';
import { quoteIdentifier, quoteLiteral } from '../common/quoted-name.js';
import { statement, type Statement } from '../common/statement.js';
import type { PostgresSession } from './session.js';

/** The view of counted statements and which columns this version of it has. */
export interface StatementLog {
  /** Quoted, with its schema if the recipe gives one. */
  readonly path: string;
  /** Milliseconds of all calls: `total_exec_time`, `total_time` before 1.8. */
  readonly time: string;
  /** Whose statements are read; absent: those of all of the server's. */
  readonly database?: string;
  /** When counting began, as an aggregate: per statement from 1.11 on, for all of them from 1.9 on. */
  readonly since?: string;
  /** The extension's information about itself (from 1.9 on), quoted. */
  readonly info?: string;
}

/** What SQL with lineage looks like; the parser finds what doesn't write. */
export const LINEAGE_PATTERNS: readonly string[] = wordPatterns(
  `create select, create table, insert select, insert table, into from, update from, update select, merge using,
  rename to, create trigger`
);

/** What the server shows instead of another user's statement without pg_read_all_stats. */
export const HIDDEN_TEXT = '<insufficient privilege>';

/**
 * @throws PermanentError when the source of statements isn't one, doesn't exist or can't be read, with the statement
 * that fixes it
 */
export async function statementLog(
  session: PostgresSession,
  { queryStatementSource, ingestAllDatabases, database, username }: PostgresConnectionConfig
): Promise<StatementLog> {
  const where = 'source.serviceConnection.config.queryStatementSource';
  const parts = /^\s*(?:("(?:[^"]|"")+"|[\w$]+)\.)?("(?:[^"]|"")+"|[\w$]+)\s*$/u.exec(queryStatementSource);
  if (parts === null) {
    throw new PermanentError(`${queryStatementSource} is not the name of a table or view.`, {
      where,
      remedy: 'Write name or schema.name; pg_stat_statements when the key is absent.',
    });
  }
  const path = parts
    .slice(1)
    .flatMap((part) => (part === undefined ? [] : [quoted(part)]))
    .join('.');
  const columns = `SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass($1) AND attnum > 0`;
  const rows = await session.query(statement(z.object({ name: z.string() }), columns, [path]));
  const names = new Set(rows.map(({ name }) => name));
  const missing = ['userid', 'dbid', 'queryid', 'query', 'calls'].filter((name) => !names.has(name));
  const time = ['total_exec_time', 'total_time'].find((name) => names.has(name));
  const own = ingestAllDatabases ? {} : { database };
  if (missing.length === 0 && time !== undefined)
    return { path, time, ...own, ...(await beginOf(session, path, names)) };
  const [unseen] = names.size === 0 ? await session.query(statement(unseenRow, UNSEEN, [path])) : [];
  if (unseen !== undefined) {
    const schema = quoteIdentifier(unseen.schema);
    const [why, remedy] = unseen.usage
      ? ['where names without a schema are not looked up', `Set it to ${schema}.${path}.`]
      : ['on which this user has no USAGE', `GRANT USAGE ON SCHEMA ${schema} TO ${quoteIdentifier(username)};`];
    throw new PermanentError(`${path} is in schema ${schema}, ${why}.`, { where, remedy });
  }
  const message =
    names.size === 0
      ? `There is no ${path} in database ${session.database}.`
      : `${path} lacks the columns ${[...missing, ...(time === undefined ? ['total_exec_time'] : [])].join(', ')}.`;
  throw new PermanentError(message, {
    where,
    remedy:
      "Put pg_stat_statements into the server's shared_preload_libraries, restart it, and run CREATE EXTENSION pg_stat_statements; in this database.",
  });
}

const unseenRow = z.object({ schema: z.string(), usage: z.boolean() });
/** Where a name that is not found is nevertheless. */
const UNSEEN = `SELECT n.nspname::text AS schema, pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usage
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE concat('"', replace(c.relname::text, '"', '""'), '"') = $1 ORDER BY usage DESC, c.oid LIMIT 1`;

/** The extension's information goes with its own view; about another table or view it says nothing. */
async function beginOf(
  session: PostgresSession,
  path: string,
  columns: ReadonlySet<string>
): Promise<Pick<StatementLog, 'since' | 'info'>> {
  const own = columns.has('stats_since') ? { since: 'MIN(stats_since)' } : {};
  if (!path.endsWith('"pg_stat_statements"')) return own;
  const info = `${path.slice(0, -1)}_info"`;
  const sql = 'SELECT pg_catalog.to_regclass($1) IS NOT NULL AS there';
  const [found] = await session.query(statement(z.object({ there: z.boolean() }), sql, [info]));
  return found?.there === true ? { since: `(SELECT stats_reset FROM ${info})`, ...own, info } : own;
}

function quoted(part: string): string {
  return part.startsWith('"') ? part : quoteIdentifier(part.toLowerCase());
}

/** The log with names in place of numbers; a recipe's filterCondition may use its columns. */
export function named({ path }: StatementLog): string {
  return `(SELECT s.*, d.datname, u.rolname AS usename FROM ${path} s JOIN pg_catalog.pg_database d ON d.oid = s.dbid
  LEFT JOIN pg_catalog.pg_roles u ON u.oid = s.userid) AS log`;
}

/** Fails when the log, or a recipe's condition on it, can't be used; returns no rows. */
export function probe(log: StatementLog, condition = 'true'): Statement<unknown> {
  return statement(z.unknown(), `SELECT 1 FROM ${named(log)} WHERE ${bracketed(condition)} LIMIT 0`);
}

/** How many statements of others are hidden from this user. */
export function hiddenTexts(log: StatementLog): Statement<{ hidden: number }> {
  const sql = `SELECT COUNT(*) AS hidden FROM ${log.path} WHERE query = '${HIDDEN_TEXT}'`;
  return statement(z.object({ hidden: z.coerce.number() }), sql);
}

/** A statement with its counters. */
export const countedText = z.object({
  key: z.string(),
  database: z.string(),
  account: z.string().nullable(),
  body: z.string(),
  calls: z.coerce.number(),
  /** Milliseconds of all calls. */
  time: z.coerce.number(),
});
export type CountedText = z.infer<typeof countedText>;
const statementRow = countedText.extend({ more: z.boolean() });

export interface StatementFilter {
  /** One of these, in any case; absent: any statement. */
  readonly patterns?: readonly string[];
  /** The recipe's. */
  readonly condition?: string | undefined;
  /** Those that took the most time; 0 = all. */
  readonly limit: number;
}

/** The WHERE over the log with its names. */
export function wantedSql(
  { database }: StatementLog,
  { patterns, condition }: Omit<StatementFilter, 'limit'>
): string[] {
  return [
    `query <> '${HIDDEN_TEXT}'`,
    ...OWN_COMMENTS.map((comment) => `query NOT ILIKE ${quoteLiteral(comment)}`),
    ...(database === undefined ? [] : [`datname = ${quoteLiteral(database)}`]),
    ...(patterns === undefined ? [] : [`query ILIKE ANY (ARRAY[${patterns.map(quoteLiteral).join(', ')}])`]),
    ...conditionsOf(condition),
  ];
}

/** Counted statements in the order of their keys, after `after`; `more`: the limit left some out. */
export function readStatements(
  log: StatementLog,
  filter: StatementFilter,
  after: string
): Statement<z.infer<typeof statementRow>> {
  const { limit } = filter;
  const order = limit === 0 ? '' : `ORDER BY ${log.time} DESC, queryid LIMIT ${limit}`;
  return statement(
    statementRow,
    `SELECT key, database, account, body, calls, time, more FROM (
  SELECT concat_ws(':', dbid, userid, queryid, md5(query)) COLLATE "C" AS key, datname::text AS database, usename::text AS account, query AS body, calls,
    ${log.time} AS time, ${limit === 0 ? 'false' : `COUNT(*) OVER () > ${limit}`} AS more
  FROM ${named(log)} WHERE ${wantedSql(log, filter).join('\n    AND ')} ${order}) AS chosen
WHERE key > $1 ORDER BY key`,
    [after]
  );
}
