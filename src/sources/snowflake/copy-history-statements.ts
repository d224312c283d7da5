/** The SQL on COPY_HISTORY. */
import type { LogWindow } from '../query-log.js';
import { quoteWrittenPath } from './identifiers.js';
import { between } from './query-log-statements.js';
import type { Statement } from './session.js';

/** Tables that were loaded from an external location (a URL; internal stages have none), one row a location and table. */
export function readLoads(accountUsageSchema: string, window: LogWindow): Statement {
  return {
    sql: `SELECT DISTINCT STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME
FROM ${quoteWrittenPath(accountUsageSchema)}.COPY_HISTORY
WHERE ${between('LAST_LOAD_TIME', window)} AND STAGE_LOCATION LIKE '%://%' AND UPPER(STATUS) <> 'LOAD FAILED'
ORDER BY STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME`,
    doing: `reading ${accountUsageSchema}.COPY_HISTORY`,
  };
}

/** Fails when the view or its columns are not there or not to be read; has no rows. */
export function probeLoads(accountUsageSchema: string): Statement {
  return {
    sql: `SELECT STAGE_LOCATION, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME, LAST_LOAD_TIME, STATUS FROM ${quoteWrittenPath(accountUsageSchema)}.COPY_HISTORY LIMIT 0`,
    doing: `reading ${accountUsageSchema}.COPY_HISTORY`,
  };
}
