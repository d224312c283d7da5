/** The SQL that tells which statements changed the rows of which tables. */
import { dayText } from '../../common/utc-text.js';
import type { LogWindow } from '../../query-log.js';
import { quoteWrittenPath } from '../catalog/identifiers.js';
import type { Statement } from '../session/session.js';
import { accessView, isTable } from './access-history-statements.js';
import { between, historyView } from './query-log-statements.js';

/** The most rows of an answer, the newest. */
export const MOST_ROWS = 50_000;
/**
 * The most statements of a table a day of the window, the newest, and so many days' at most; those of one moment, which
 * OpenMetadata adds up, all or none.
 */
const MOST_OF_DAY = 100;
const MOST_DAYS = 14;
const DAY_MS = 24 * 3_600_000;
/** Characters read of a statement: the name of the table that it changes is near its beginning. */
export const HEAD = 2_000;

const COUNTS = 'Q.ROWS_INSERTED, Q.ROWS_UPDATED, Q.ROWS_DELETED';
const STARTED = 'DATE_PART(EPOCH_MILLISECOND, Q.START_TIME) AS STARTED_MS';

/** What failed changed nothing; a statement that fills several tables does not say how many rows went to which. */
function changesRows(window: LogWindow): string {
  return `${between('Q.START_TIME', window)} AND UPPER(Q.EXECUTION_STATUS) = 'SUCCESS'
  AND Q.QUERY_TYPE IN ('INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY')
  AND COALESCE(Q.ROWS_INSERTED, 0) + COALESCE(Q.ROWS_UPDATED, 0) + COALESCE(Q.ROWS_DELETED, 0) > 0`;
}

function mostOfTable({ from, to }: LogWindow): number {
  return MOST_OF_DAY * Math.max(1, Math.min(MOST_DAYS, Math.round((to - from) / DAY_MS)));
}

/** By the tables that Snowflake itself says were written: TABLE_PATH. */
export function changesByAccess(accountUsageSchema: string, window: LogWindow): Statement {
  return {
    sql: `SELECT W.TABLE_PATH, ${STARTED}, ${COUNTS}
FROM (
  SELECT DISTINCT H.QUERY_ID, T.VALUE:objectName::VARCHAR AS TABLE_PATH
  FROM ${accessView(accountUsageSchema)} H, LATERAL FLATTEN(INPUT => H.OBJECTS_MODIFIED) T
  WHERE ${between('H.QUERY_START_TIME', window)} AND ${isTable('T')}
) W
JOIN ${historyView(accountUsageSchema)} Q ON Q.QUERY_ID = W.QUERY_ID
WHERE ${changesRows(window)}
QUALIFY RANK() OVER (PARTITION BY W.TABLE_PATH ORDER BY Q.START_TIME DESC) <= ${mostOfTable(window)}
ORDER BY STARTED_MS DESC LIMIT ${MOST_ROWS}`,
    doing: `reading which tables were written (ACCESS_HISTORY) since ${dayText(window.from)}`,
  };
}

/** By the statements' text, where Snowflake doesn't say: QUERY_TEXT, DATABASE_NAME, SCHEMA_NAME, QUERY_ID. */
export function changesByText(accountUsageSchema: string, window: LogWindow): Statement {
  return {
    sql: `SELECT LEFT(Q.QUERY_TEXT, ${HEAD}) AS QUERY_TEXT, Q.DATABASE_NAME, Q.SCHEMA_NAME, Q.QUERY_ID, ${STARTED},
  ${COUNTS}
FROM ${historyView(accountUsageSchema)} Q
WHERE ${changesRows(window)}
ORDER BY STARTED_MS DESC LIMIT ${MOST_ROWS}`,
    doing: `reading statements that changed rows (QUERY_HISTORY) since ${dayText(window.from)}`,
  };
}

/** No one's statement writes dynamic tables: DATABASE_NAME, SCHEMA_NAME, NAME. */
export function changesByRefresh(accountUsageSchema: string, window: LogWindow): Statement {
  return {
    sql: `SELECT Q.DATABASE_NAME, Q.SCHEMA_NAME, Q.NAME, DATE_PART(EPOCH_MILLISECOND, Q.REFRESH_START_TIME) AS STARTED_MS,
  Q.STATISTICS:numInsertedRows::NUMBER AS ROWS_INSERTED, NULL AS ROWS_UPDATED, Q.STATISTICS:numDeletedRows::NUMBER AS ROWS_DELETED
FROM ${quoteWrittenPath(accountUsageSchema)}.DYNAMIC_TABLE_REFRESH_HISTORY Q
WHERE ${between('Q.REFRESH_START_TIME', window)} AND Q.STATE = 'SUCCEEDED'
QUALIFY RANK() OVER (PARTITION BY Q.DATABASE_NAME, Q.SCHEMA_NAME, Q.NAME ORDER BY Q.REFRESH_START_TIME DESC) <= ${mostOfTable(window)}
ORDER BY STARTED_MS DESC LIMIT ${MOST_ROWS}`,
    doing: `reading refreshes of dynamic tables (DYNAMIC_TABLE_REFRESH_HISTORY) since ${dayText(window.from)}`,
  };
}
