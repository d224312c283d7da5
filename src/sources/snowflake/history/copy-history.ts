import { PermanentError } from '../../../errors/index.js';
import type { LogCursor, LogRecord, LogWindow } from '../../query-log.js';
import { selectLoads } from './copy-history-statements.js';
import { readLogRows } from './query-log-result.js';
import type { Session } from '../session/session.js';

/**
 * Tables that were loaded from external locations, once per location and table. Loads from internal stages come from no
 * entity at all. When COPY_HISTORY can't be read, a warning says so: what came from ACCESS_HISTORY is none the worse
 * for it.
 */
export async function* readLoads(
  session: Session,
  accountUsageSchema: string,
  window: LogWindow,
  after: LogCursor | undefined
): AsyncGenerator<{ record: LogRecord; cursor: LogCursor }> {
  const rows = readLogRows({
    session,
    statement: (after) => selectLoads(accountUsageSchema, window, after),
    keyOf: (row) => ({ at: 0, id: row.text('LOAD_KEY') }),
    after,
  });
  try {
    for await (const { row, cursor } of rows) {
      const to = [row.text('TABLE_CATALOG_NAME'), row.text('TABLE_SCHEMA_NAME'), row.text('TABLE_NAME')] as const;
      yield { record: { kind: 'load', location: row.text('STAGE_LOCATION'), to }, cursor };
    }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    session.context.onWarning(
      `${accountUsageSchema}.COPY_HISTORY can't be read, so loads from external stages have no lineage: ${error.message}`
    );
  }
}
