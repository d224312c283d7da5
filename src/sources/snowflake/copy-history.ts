import { PermanentError } from '../../errors/index.js';
import type { LogWindow } from '../query-log.js';
import { readLoads } from './copy-history-statements.js';
import type { Session } from './session.js';

/** Loads that a warning names. */
const NAMED = 5;

/**
 * Tells what COPY_HISTORY would add. A load from an external location is an edge from a container of a storage service, which no source here
 * makes, so no edge comes of it; what is left out is counted and named. Loads from internal stages come from no entity at all.
 */
export async function tellLoads(session: Session, accountUsageSchema: string, window: LogWindow): Promise<void> {
  const { onWarning } = session.context;
  const named: string[] = [];
  let loads = 0;
  try {
    for await (const row of session.stream(readLoads(accountUsageSchema, window))) {
      loads += 1;
      if (named.length === NAMED) continue;
      const table = ['TABLE_CATALOG_NAME', 'TABLE_SCHEMA_NAME', 'TABLE_NAME'].map(
        (name) => row.optionalText(name) ?? '?'
      );
      named.push(`${row.text('STAGE_LOCATION')} into ${table.join('.')}`);
    }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    onWarning(
      `${accountUsageSchema}.COPY_HISTORY can't be read, so loads from external stages are not counted: ${error.message}`
    );
    return;
  }
  if (loads === 0) return;
  const more = loads > named.length ? ', …' : '';
  onWarning(
    `${loads} ${loads === 1 ? 'table was' : 'tables were'} loaded from external locations (${named.join(', ')}${more}): lineage from files is not made, it would need the containers of a storage service.`
  );
}
