/** The SQL on QUERY_HISTORY. */
import { bracketed, conditionsOf } from '../../common/filter-condition.js';
import { OWN_COMMENTS } from '../../common/log-patterns.js';
import { dayText } from '../../common/utc-text.js';
import type { LogWindow, QueryLogOptions } from '../../query-log.js';
import { quoteText, quoteWrittenPath } from '../catalog/identifiers.js';
import type { LogPosition } from './query-log-result.js';
import type { Statement } from '../session/session.js';

const DAY_MS = 24 * 3_600_000;
/**
 * How long before a window a CALL may have begun and still have statements in it: Snowflake's default statement
 * timeout.
 */
const LONGEST_CALL_MS = 2 * DAY_MS;

/** Columns named for a recipe's filterCondition; any other column of QUERY_HISTORY may be named as well. */
export const HISTORY_COLUMNS = [
  'QUERY_ID',
  'QUERY_TEXT',
  'QUERY_TYPE',
  'DATABASE_NAME',
  'SCHEMA_NAME',
  'USER_NAME',
  'ROLE_NAME',
  'WAREHOUSE_NAME',
  'SESSION_ID',
  'EXECUTION_STATUS',
  'START_TIME',
  'END_TIME',
  'TOTAL_ELAPSED_TIME',
  'QUERY_TAG',
] as const;
const READ_COLUMNS =
  'QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME, SESSION_ID, EXECUTION_STATUS, START_TIME, END_TIME, TOTAL_ELAPSED_TIME';

/** Kinds of statements that write a table from others; for kinds that mostly don't, the statements that do. */
const KINDS = [
  "QUERY_TYPE IN ('MERGE', 'UPDATE', 'CREATE_TABLE_AS_SELECT', 'COPY', 'UNLOAD', 'MULTI_TABLE_INSERT')",
  "QUERY_TYPE = 'INSERT' AND QUERY_TEXT ILIKE '%insert%into%select%'",
  "QUERY_TYPE LIKE 'ALTER%' AND QUERY_TEXT ILIKE '%alter%table%swap%'",
  "QUERY_TYPE = 'CREATE_TABLE' AND QUERY_TEXT ILIKE '%clone%'",
  // Other views come from their definitions.
  "QUERY_TYPE = 'CREATE_VIEW' AND (QUERY_TEXT ILIKE '%create%temporary%view%' OR QUERY_TEXT ILIKE '%create%temp view%')",
];

/** Fails when the view or its columns don't exist or can't be read; returns no rows. */
export function probeHistory(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT ${READ_COLUMNS} FROM ${historyView(accountUsageSchema)} LIMIT 0`,
    doing: `reading ${accountUsageSchema}.QUERY_HISTORY`,
  };
}

/** Fails when the recipe's condition can't be used; has no rows. */
export function probeHistoryCondition(accountUsageSchema: string, condition: string): Statement {
  return {
    sql: `SELECT 1 AS FOUND FROM ${historyView(accountUsageSchema)} WHERE ${bracketed(condition)} LIMIT 0`,
    doing: `trying the filterCondition on ${accountUsageSchema}.QUERY_HISTORY`,
  };
}

/** Statements of a range that may have lineage, counted by day from its beginning on: DAY_NUMBER, TEXTS. */
export function countTexts(
  accountUsageSchema: string,
  range: { readonly from: number; readonly to: number },
  options: QueryLogOptions
): Statement {
  return {
    sql: `SELECT FLOOR((DATE_PART(EPOCH_MILLISECOND, START_TIME) - ${range.from}) / ${DAY_MS}) AS DAY_NUMBER, COUNT(*) AS TEXTS
FROM ${historyView(accountUsageSchema)}
WHERE ${isWanted(range, options)}
GROUP BY DAY_NUMBER ORDER BY DAY_NUMBER`,
    doing: `counting the statements of ${accountUsageSchema}.QUERY_HISTORY`,
  };
}

/**
 * Statements of a window that may have lineage, by time and id, each with the CALL that was under way in its session.
 * @param newest only this many, the newest ones
 * @param after only those after this one
 */
export function readHistory(
  accountUsageSchema: string,
  window: LogWindow,
  options: QueryLogOptions,
  newest: number | undefined,
  after: LogPosition | undefined
): Statement {
  const view = historyView(accountUsageSchema);
  const limited = newest === undefined ? '' : `\n  ORDER BY STARTED_MS DESC, QUERY_ID DESC LIMIT ${newest}`;
  const going =
    after === undefined
      ? ''
      : `\nWHERE (Q.STARTED_MS > ${after.at} OR (Q.STARTED_MS = ${after.at} AND Q.QUERY_ID > ${quoteText(after.id)}))`;
  const calls = options.storedProcedures ? callOf('Q', view, window) : undefined;
  return {
    sql: `SELECT Q.QUERY_ID, Q.QUERY_TEXT, Q.QUERY_TYPE, Q.DATABASE_NAME, Q.SCHEMA_NAME, Q.USER_NAME, Q.STARTED_MS, Q.TOTAL_ELAPSED_TIME${calls?.columns ?? ''}
FROM (
  SELECT ${READ_COLUMNS}, DATE_PART(EPOCH_MILLISECOND, START_TIME) AS STARTED_MS FROM ${view}
  WHERE ${isWanted(window, options)}${limited}
) Q${calls?.join ?? ''}${going}${calls === undefined ? '' : `\n${calls.innermost('Q.QUERY_ID')}`}
ORDER BY Q.STARTED_MS, Q.QUERY_ID`,
    doing: `reading ${accountUsageSchema}.QUERY_HISTORY of ${dayText(window.from)}`,
  };
}

/** SQL to find the innermost CALL that was under way when the statement of `alias` began, in the same session. */
export function callOf(
  alias: string,
  view: string,
  window: LogWindow
): { readonly columns: string; readonly join: string; innermost(key: string): string } {
  return {
    columns: ', C.QUERY_TEXT AS CALL_TEXT, C.DATABASE_NAME AS CALL_DATABASE, C.SCHEMA_NAME AS CALL_SCHEMA',
    join: `
LEFT JOIN (
  SELECT QUERY_ID, QUERY_TEXT, DATABASE_NAME, SCHEMA_NAME, SESSION_ID, START_TIME, END_TIME FROM ${view}
  WHERE QUERY_TYPE = 'CALL' AND ${between('START_TIME', { from: window.from - LONGEST_CALL_MS, to: window.to })} AND END_TIME >= ${timestamp(window.from)}
) C ON C.SESSION_ID = ${alias}.SESSION_ID AND C.START_TIME <= ${alias}.START_TIME AND C.END_TIME >= ${alias}.START_TIME AND C.QUERY_ID <> ${alias}.QUERY_ID`,
    innermost: (key) =>
      `QUALIFY ROW_NUMBER() OVER (PARTITION BY ${key} ORDER BY C.START_TIME DESC NULLS LAST, C.QUERY_ID) = 1`,
  };
}

function isWanted(range: { readonly from: number; readonly to: number }, { filterCondition }: QueryLogOptions): string {
  return [
    between('START_TIME', range),
    `(${KINDS.map((kind) => `(${kind})`).join('\n    OR ')})`,
    // What failed wrote nothing.
    "UPPER(EXECUTION_STATUS) = 'SUCCESS'",
    ...OWN_COMMENTS.map((comment) => `COALESCE(QUERY_TEXT, '') NOT ILIKE ${quoteText(comment)}`),
    ...conditionsOf(filterCondition),
  ].join('\n  AND ');
}

export function between(column: string, { from, to }: { readonly from: number; readonly to: number }): string {
  return `${column} >= ${timestamp(from)} AND ${column} < ${timestamp(to)}`;
}

export function historyView(accountUsageSchema: string): string {
  return `${quoteWrittenPath(accountUsageSchema)}.QUERY_HISTORY`;
}

export function timestamp(epochMilliseconds: number): string {
  return `TO_TIMESTAMP_LTZ(${Math.trunc(epochMilliseconds)}, 3)`;
}
