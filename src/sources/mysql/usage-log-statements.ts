/** The SQL on the log for usage. */
import { conditionsOf } from '../common/filter-condition.js';
import mysql from 'mysql2';
import { z } from 'zod';
import type { LogWindow, UsageLogOptions } from '../query-log.js';
import { OWN_USE } from '../common/log-patterns.js';
import { pushedExcludes, pushedIncludes } from '../user-patterns.js';
import {
  beginning,
  folded,
  isNoPreparation,
  passOver,
  quotedTable,
  time,
  type LogRow,
  type LogTable,
} from './query-log-statements.js';
import type { Statement } from '../common/statement.js';

/** Beginnings of what drivers and tools send all the time. */
const QUIET_BEGINNINGS = [
  'set %',
  'show %',
  'use %',
  'commit%',
  'rollback%',
  'begin%',
  'start transaction%',
  'select @@%',
  'kill %',
  'flush %',
] as const;

/** What such a text must not contain if it surely uses no table: words of other statements, or a second statement. */
const MAY_USE = [
  ...['%from%', '%into%', '%join%', '%table%', '%update%', '%insert%', '%replace%', '%delete%', '%truncate%'],
  ...['%merge%', '%call%', '%execute%'],
] as const;

/** These read the server's own tables only, whatever else is in them, unless another statement follows. */
const SERVERS_OWN = ['show %', 'kill %', 'flush %'] as const;

const TWO_STATEMENTS = '%;_%';

/** The user in `user[user] @ host [address]`. */
const LOGIN = "SUBSTRING_INDEX(SUBSTRING_INDEX(user_host, '] @ ', 1), '[', -1)";

/** Counts the statements in a window by UTC day (days since the epoch). */
export function countUses(
  log: LogTable,
  window: LogWindow,
  options: UsageLogOptions
): Statement<{ day: number; texts: number }> {
  const at = log.kind === 'slow' ? 'start_time' : 'event_time';
  return {
    sql: `SELECT FLOOR(UNIX_TIMESTAMP(${at}) / 86400) AS day, COUNT(*) AS texts FROM ${quotedTable(log)} WHERE ${isWanted(log, window, options)} GROUP BY day`,
    values: [],
    row: z.object({ day: z.coerce.number(), texts: z.coerce.number() }),
  };
}

/** The statements in a window that may use a table, in one pass; of a server with stored bodies all that ran. */
export function readUses(
  log: LogTable,
  window: LogWindow,
  options: UsageLogOptions,
  hasBodies: boolean
): Statement<LogRow> {
  return passOver(log, window, isWanted(log, window, options), hasBodies);
}

function isWanted(log: LogTable, { from, to }: LogWindow, { filterCondition, users }: UsageLogOptions): string {
  const [at, body] = log.kind === 'slow' ? ['start_time', 'sql_text'] : ['event_time', 'argument'];
  const text = folded(body);
  const included = pushedIncludes(users.includes);
  const conditions = [
    `${at} >= ${time(from)} AND ${at} < ${time(to)}`,
    ...(log.kind === 'slow' ? [] : ["command_type IN ('Query', 'Execute')"]),
    `${beginning(body)} NOT LIKE 'select 1'`,
    isOthers(text),
    mayUseTables(body),
    isNoPreparation(body),
    ...(included === undefined ? [] : [`(${included.map(matchesLogin).join(' OR ')})`]),
    ...pushedExcludes(users.excludes).map((pattern) => `NOT ${matchesLogin(pattern)}`),
    ...conditionsOf(filterCondition),
  ];
  return `(${conditions.join('\n  AND ')})`;
}

/** Each expression is matched against a part of the text that begins with what it looks for: it is read once. */
function isOthers(text: string): string {
  const [head, end] = [mysql.escape(`^${OWN_USE.head}`), mysql.escape(`^${OWN_USE.end}$`)];
  const last = `CONCAT('/*', SUBSTRING_INDEX(${text}, '/*', -1))`;
  return `NOT (${text} LIKE '%"app":%' AND (LEFT(${text}, 500) REGEXP ${head} OR ${last} REGEXP ${end}))`;
}

/** False only for texts that surely use no table of a user. Most texts are queries: those are told first. */
function mayUseTables(body: string): string {
  const [head, text] = [beginning(body), folded(body)];
  const like = (value: string, patterns: readonly string[]): string =>
    `(${patterns.map((pattern) => `${value} LIKE ${mysql.escape(pattern)}`).join(' OR ')})`;
  const isQuery = `${head} LIKE 'select %' AND ${head} NOT LIKE 'select @@%'`;
  return `(${isQuery} OR NOT ${like(head, QUIET_BEGINNINGS)} OR ${like(text, [TWO_STATEMENTS])} OR ${like(text, MAY_USE)} AND NOT ${like(head, SERVERS_OWN)})`;
}

function matchesLogin(pattern: string): string {
  return `${LOGIN} REGEXP ${mysql.escape(pattern)}`;
}
