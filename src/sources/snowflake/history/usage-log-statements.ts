/** The SQL that counts uses inside the warehouse. */
import { bracketed, conditionsOf } from '../../common/filter-condition.js';
import { dayText } from '../../common/utc-text.js';
import type { LogWindow, UsageLogOptions } from '../../query-log.js';
import { pushedExcludes, pushedIncludes } from '../../user-patterns.js';
import { accessView, isTable } from './access-history-statements.js';
import { quoteText, quoteWrittenPath } from '../catalog/identifiers.js';
import type { LogPosition } from './query-log-result.js';
import { OWN_USE } from '../../common/log-patterns.js';
import { RUN_TAG } from '../../run-tag.js';
import { BLOCK, KINDS_LEFT_OUT } from '../counts-as-use.js';
import { between, historyView } from './query-log-statements.js';
import type { Statement } from '../session/session.js';

const DAY_MS = 24 * 3_600_000;
/** A statement without a text counts for what ACCESS_HISTORY has of it. */
const TEXT = "COALESCE(QUERY_TEXT, '')";
/** Characters of a text in which it shows whether it is a block. */
const BEGINNING = 200;

/** Fails when the view of users can't be read; has no rows. */
export function probeUsers(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT NAME, EMAIL FROM ${usersView(accountUsageSchema)} LIMIT 0`,
    doing: `reading ${accountUsageSchema}.USERS`,
  };
}

/**
 * Fails when uses can't be counted by text: an account, or a copy of its views, without parameterized hashes; returns
 * no rows.
 */
export function probeHashes(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT QUERY_PARAMETERIZED_HASH, CREDITS_USED_CLOUD_SERVICES, QUERY_TAG FROM ${historyView(accountUsageSchema)} LIMIT 0`,
    doing: `reading QUERY_PARAMETERIZED_HASH of ${accountUsageSchema}.QUERY_HISTORY`,
  };
}

export interface CountUses {
  readonly accountUsageSchema: string;
  readonly window: LogWindow;
  readonly options: UsageLogOptions;
  /** Tables come from ACCESS_HISTORY. */
  readonly withAccess: boolean;
  /** E-mail addresses come from USERS. */
  readonly withUsers: boolean;
  readonly after: LogPosition | undefined;
}

/**
 * Successful statements of a window, counted by parameterized hash, place, tables, day and user. Rows with the same
 * statement, place and set of tables (GROUP_KEY) are consecutive; the statement of the newest run that has a text is on
 * the first of them. A table counts once per statement: what it named directly, what is under the views it named, and
 * what it wrote.
 */
export function countUses(input: CountUses): Statement {
  const { accountUsageSchema, window, withAccess, withUsers, after } = input;
  const users = withUsers
    ? `\nLEFT JOIN (SELECT NAME, MAX(EMAIL) AS EMAIL FROM ${usersView(accountUsageSchema)} WHERE DELETED_ON IS NULL GROUP BY NAME) U ON U.NAME = C.USER_NAME`
    : '';
  return {
    sql: `WITH Q AS (
  SELECT QUERY_ID, QUERY_TEXT, COALESCE(NULLIF(QUERY_PARAMETERIZED_HASH, ''), MD5(${TEXT})) AS TEXT_HASH, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME,
    START_TIME, TOTAL_ELAPSED_TIME, CREDITS_USED_CLOUD_SERVICES
  FROM ${historyView(accountUsageSchema)}
  WHERE ${isWanted(window, input.options)}
),
${withAccess ? accesses(accountUsageSchema, window) : noAccesses()},
R AS (
  SELECT Q.*, A.TABLES_READ, A.TABLES_WRITTEN,
    Q.TEXT_HASH || ' ' || MD5(COALESCE(Q.DATABASE_NAME, '') || ' > ' || COALESCE(Q.SCHEMA_NAME, '') || ' > ' || COALESCE(Q.QUERY_TYPE, '')
      || ' > ' || COALESCE(A.TABLES_READ, '') || ' > ' || COALESCE(A.TABLES_WRITTEN, '')) AS GROUP_KEY,
    FLOOR((DATE_PART(EPOCH_MILLISECOND, Q.START_TIME) - ${window.from}) / ${DAY_MS}) AS DAY_NUMBER
  FROM Q LEFT JOIN A ON A.QUERY_ID = Q.QUERY_ID
),
T AS (
  SELECT GROUP_KEY, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, TABLES_READ, TABLES_WRITTEN FROM R
  QUALIFY ROW_NUMBER() OVER (PARTITION BY GROUP_KEY ORDER BY CASE WHEN ${TEXT} = '' THEN 1 ELSE 0 END, START_TIME DESC, QUERY_ID DESC) = 1
),
C AS (
  SELECT GROUP_KEY, DAY_NUMBER, USER_NAME, COUNT(*) AS RUNS, SUM(TOTAL_ELAPSED_TIME) AS ELAPSED_MS, SUM(CREDITS_USED_CLOUD_SERVICES) AS CREDITS,
    MAX(DATE_PART(EPOCH_MILLISECOND, START_TIME)) AS NEWEST_MS,
    ROW_NUMBER() OVER (PARTITION BY GROUP_KEY ORDER BY DAY_NUMBER, USER_NAME) AS PLACE
  FROM R GROUP BY GROUP_KEY, DAY_NUMBER, USER_NAME
)
SELECT C.GROUP_KEY, C.PLACE, C.DAY_NUMBER, C.USER_NAME, C.RUNS, C.ELAPSED_MS, C.CREDITS, C.NEWEST_MS${withUsers ? ', U.EMAIL' : ''},
  T.QUERY_TEXT, T.QUERY_TYPE, T.DATABASE_NAME, T.SCHEMA_NAME, T.TABLES_READ, T.TABLES_WRITTEN
FROM C LEFT JOIN T ON T.GROUP_KEY = C.GROUP_KEY AND C.PLACE = 1${users}${after === undefined ? '' : `\nWHERE C.GROUP_KEY > ${quoteText(after.id)}`}
ORDER BY C.GROUP_KEY, C.PLACE`,
    doing: `counting the uses of ${accountUsageSchema}.${withAccess ? 'ACCESS_HISTORY' : 'QUERY_HISTORY'} from ${dayText(window.from)} on`,
  };
}

/** Fails when the recipe's condition can't be used; has no rows. */
export function probeUsageCondition(accountUsageSchema: string, condition: string): Statement {
  return {
    sql: `SELECT 1 AS FOUND FROM ${historyView(accountUsageSchema)} WHERE ${bracketed(condition)} LIMIT 0`,
    doing: `trying the filterCondition on ${accountUsageSchema}.QUERY_HISTORY`,
  };
}

/** Names of the tables of each statement, as JSON lists in a defined order. */
function accesses(accountUsageSchema: string, window: LogWindow): string {
  const view = accessView(accountUsageSchema);
  const part = (column: string, use: string): string =>
    `  SELECT H.QUERY_ID, '${use}' AS TABLE_USE, O.VALUE:objectName::VARCHAR AS TABLE_NAME
  FROM ${view} H, LATERAL FLATTEN(INPUT => H.${column}) O
  WHERE ${between('H.QUERY_START_TIME', window)} AND ${isTable('O')}`;
  return `O AS (
${part('DIRECT_OBJECTS_ACCESSED', 'r')}
  UNION
${part('BASE_OBJECTS_ACCESSED', 'r')}
  UNION
${part('OBJECTS_MODIFIED', 'w')}
),
A AS (
  SELECT QUERY_ID,
    LISTAGG(CASE WHEN TABLE_USE = 'r' THEN TABLE_NAME END, '\\n') WITHIN GROUP (ORDER BY TABLE_NAME) AS TABLES_READ,
    LISTAGG(CASE WHEN TABLE_USE = 'w' THEN TABLE_NAME END, '\\n') WITHIN GROUP (ORDER BY TABLE_NAME) AS TABLES_WRITTEN
  FROM O WHERE TABLE_NAME IS NOT NULL GROUP BY QUERY_ID
)`;
}

function noAccesses(): string {
  return `A AS (
  SELECT CAST(NULL AS VARCHAR) AS QUERY_ID, CAST(NULL AS VARCHAR) AS TABLES_READ, CAST(NULL AS VARCHAR) AS TABLES_WRITTEN
)`;
}

function isWanted(window: LogWindow, { filterCondition, users }: UsageLogOptions): string {
  const included = pushedIncludes(users.includes);
  return [
    between('START_TIME', window),
    // What failed or was cancelled used nothing.
    "UPPER(EXECUTION_STATUS) = 'SUCCESS'",
    `COALESCE(QUERY_TYPE, '') NOT IN (${KINDS_LEFT_OUT.map(quoteText).join(', ')})`,
    `NOT ${isMatch(`LEFT(${TEXT}, ${BEGINNING})`, `${BLOCK}.*`)}`,
    `NOT (${TEXT} ILIKE '%"app":%' AND ${isMatch(TEXT, `(${OWN_USE.head}.*|.*${OWN_USE.end})`)})`,
    // Snowflake keeps no comment at a text's beginning: the tag of the session tells this program's statements.
    `COALESCE(QUERY_TAG, '') NOT ILIKE ${quoteText(`${RUN_TAG}%`)}`,
    ...(included === undefined ? [] : [`(${included.map(matchesLogin).join(' OR ')})`]),
    ...pushedExcludes(users.excludes).map((pattern) => `NOT ${matchesLogin(pattern)}`),
    ...conditionsOf(filterCondition),
  ].join('\n  AND ');
}

function matchesLogin(pattern: string): string {
  return isMatch("COALESCE(USER_NAME, '')", `${pattern}.*`);
}

/** REGEXP_LIKE wants the whole value to match. */
function isMatch(value: string, pattern: string): string {
  return `REGEXP_LIKE(${value}, ${quoteText(pattern)}, 'is')`;
}

function usersView(accountUsageSchema: string): string {
  return `${quoteWrittenPath(accountUsageSchema)}.USERS`;
}
