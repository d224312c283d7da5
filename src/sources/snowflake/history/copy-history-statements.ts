/** The SQL on COPY_HISTORY. */
import type { LogWindow } from '../../query-log.js';
import { quoteText, quoteWrittenPath } from '../catalog/identifiers.js';
import type { LogPosition } from './query-log-result.js';
import { between } from './query-log-statements.js';
import type { Statement } from '../session/session.js';

/**
 * Tables that were loaded from an external location (a URL; internal stages have none), one row per location and table.
 * The key is short whatever the names are, so that a cursor can hold it, and keeps a location's rows together.
 * @param after only loads after this one
 */
export function selectLoads(accountUsageSchema: string, window: LogWindow, after: LogPosition | undefined): Statement {
  return {
    sql: `WITH LOADS AS (
  SELECT DISTINCT STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME,
    MD5(STAGE_LOCATION) || MD5(TABLE_CATALOG_NAME || '.' || TABLE_SCHEMA_NAME || '.' || TABLE_NAME) AS LOAD_KEY
  FROM ${quoteWrittenPath(accountUsageSchema)}.COPY_HISTORY
  WHERE ${between('LAST_LOAD_TIME', window)} AND STAGE_LOCATION LIKE '%://%' AND UPPER(STATUS) <> 'LOAD FAILED'
)
SELECT LOAD_KEY, STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME FROM LOADS
WHERE ${after === undefined ? 'LOAD_KEY IS NOT NULL' : `LOAD_KEY > ${quoteText(after.id)}`}
ORDER BY LOAD_KEY`,
    doing: `reading ${accountUsageSchema}.COPY_HISTORY`,
  };
}

/** Fails when the view or its columns don't exist or can't be read; returns no rows. */
export function probeLoads(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME, LAST_LOAD_TIME, STATUS FROM ${quoteWrittenPath(accountUsageSchema)}.COPY_HISTORY LIMIT 0`,
    doing: `reading ${accountUsageSchema}.COPY_HISTORY`,
  };
}
