/** The SQL on ACCESS_HISTORY. */
import { bracketed, isCondition } from '../../common/filter-condition.js';
import { dayText } from '../../common/utc-text.js';
import type { LogWindow, QueryLogOptions } from '../../query-log.js';
import { quoteText, quoteWrittenPath } from '../catalog/identifiers.js';
import type { LogPosition } from './query-log-result.js';
import { between, callOf, historyView } from './query-log-statements.js';
import type { Statement } from '../session/session.js';

/** Columns that a recipe's filterCondition may name. */
export const ACCESS_COLUMNS = [
  'UPSTREAM_TABLE',
  'DOWNSTREAM_TABLE',
  'QUERY_ID',
  'QUERY_START_TIME',
  'USER_NAME',
] as const;

/** One row when the view can be read and isn't empty. */
export function probeAccess(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT QUERY_ID, QUERY_START_TIME, USER_NAME, DIRECT_OBJECTS_ACCESSED, OBJECTS_MODIFIED FROM ${accessView(accountUsageSchema)} LIMIT 1`,
    doing: `reading ${accountUsageSchema}.ACCESS_HISTORY`,
  };
}

/** Fails when the recipe's condition can't be used; has no rows. */
export function probeAccessCondition(accountUsageSchema: string, window: LogWindow, condition: string): Statement {
  return {
    sql: `WITH ${flows(accountUsageSchema, window, condition)} SELECT EDGE_KEY FROM CHOSEN LIMIT 0`,
    doing: `trying the filterCondition on ${accountUsageSchema}.ACCESS_HISTORY`,
  };
}

/**
 * Edges of a window by their key, one row each: every object that a query read into every object that it wrote, with
 * all column pairs of the window and the text of the newest query, and the CALL which that query was part of.
 * @param after only edges after this one
 */
export function readAccess(
  accountUsageSchema: string,
  window: LogWindow,
  { filterCondition, storedProcedures }: QueryLogOptions,
  after: LogPosition | undefined
): Statement {
  const history = historyView(accountUsageSchema);
  const calls = storedProcedures ? callOf('Q', history, window) : undefined;
  return {
    sql: `WITH ${flows(accountUsageSchema, window, filterCondition)},
PAIRS AS (
  SELECT DISTINCT F.EDGE_KEY, S.VALUE:columnName::VARCHAR AS FROM_COLUMN, T.VALUE:columnName::VARCHAR AS TO_COLUMN
  FROM CHOSEN F, LATERAL FLATTEN(INPUT => F.TARGET_COLUMNS) T, LATERAL FLATTEN(INPUT => T.VALUE:directSources) S
  WHERE S.VALUE:objectName::VARCHAR = F.UPSTREAM_TABLE
),
LISTS AS (
  SELECT EDGE_KEY, TO_JSON(ARRAY_AGG(ARRAY_CONSTRUCT(FROM_COLUMN, TO_COLUMN))) AS COLUMN_PAIRS FROM PAIRS
  WHERE FROM_COLUMN IS NOT NULL AND TO_COLUMN IS NOT NULL GROUP BY EDGE_KEY
),
NEWEST AS (
  SELECT EDGE_KEY, UPSTREAM_TABLE, DOWNSTREAM_TABLE, QUERY_ID, QUERY_START_TIME FROM CHOSEN
  QUALIFY ROW_NUMBER() OVER (PARTITION BY EDGE_KEY ORDER BY QUERY_START_TIME DESC, QUERY_ID DESC) = 1
)
SELECT N.EDGE_KEY, N.UPSTREAM_TABLE, N.DOWNSTREAM_TABLE, L.COLUMN_PAIRS, Q.QUERY_TEXT,
  DATE_PART(EPOCH_MILLISECOND, N.QUERY_START_TIME) AS STARTED_MS${calls?.columns ?? ''}
FROM NEWEST N
LEFT JOIN LISTS L ON L.EDGE_KEY = N.EDGE_KEY
LEFT JOIN (
  SELECT QUERY_ID, QUERY_TEXT, SESSION_ID, START_TIME FROM ${history} WHERE ${between('START_TIME', window)}
) Q ON Q.QUERY_ID = N.QUERY_ID${calls?.join ?? ''}${after === undefined ? '' : `\nWHERE N.EDGE_KEY > ${quoteText(after.id)}`}${
      calls === undefined ? '' : `\n${calls.innermost('N.EDGE_KEY')}`
    }
ORDER BY N.EDGE_KEY`,
    doing: `reading ${accountUsageSchema}.ACCESS_HISTORY from ${dayText(window.from)} on`,
  };
}

/** The key is short whatever the names are, so that a cursor can hold it. */
function flows(accountUsageSchema: string, window: LogWindow, condition: string | undefined): string {
  return `FLOWS AS (
  SELECT H.QUERY_ID, H.QUERY_START_TIME, H.USER_NAME, U.VALUE:objectName::VARCHAR AS UPSTREAM_TABLE,
    D.VALUE:objectName::VARCHAR AS DOWNSTREAM_TABLE, D.VALUE:columns AS TARGET_COLUMNS
  FROM ${accessView(accountUsageSchema)} H, LATERAL FLATTEN(INPUT => H.DIRECT_OBJECTS_ACCESSED) U, LATERAL FLATTEN(INPUT => H.OBJECTS_MODIFIED) D
  WHERE ${between('H.QUERY_START_TIME', window)}
    AND ${isTable('U')} AND ${isTable('D')}
),
CHOSEN AS (
  SELECT MD5(UPSTREAM_TABLE || ' > ' || DOWNSTREAM_TABLE) AS EDGE_KEY, FLOWS.* FROM FLOWS
  WHERE UPSTREAM_TABLE <> DOWNSTREAM_TABLE${isCondition(condition) ? ` AND ${bracketed(condition)}` : ''}
)`;
}

/**
 * Whether an object may be a table of the catalog. New kinds of tables and views come every year, and all have one of
 * these words at their end (`Event table`, `Semantic view`); stages, functions and services have names of their own,
 * which tables may have as well.
 */
export function isTable(alias: string): string {
  const domain = `UPPER(${alias}.VALUE:objectDomain::VARCHAR)`;
  return `(${domain} LIKE '%TABLE' OR ${domain} LIKE '%VIEW' OR ${domain} = 'STREAM')`;
}

export function accessView(accountUsageSchema: string): string {
  return `${quoteWrittenPath(accountUsageSchema)}.ACCESS_HISTORY`;
}
