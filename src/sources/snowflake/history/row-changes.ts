import { countWords } from '../../../contract/count-words.js';
import { PermanentError } from '../../../errors/index.js';
import type { RowChange, RowChanges } from '../../measures.js';
import type { LogWindow } from '../../query-log.js';
import type { Row } from '../session/row.js';
import type { Session, Statement } from '../session/session.js';
import { tableNames, writtenTable } from './query-log-names.js';
import { changesByAccess, changesByRefresh, changesByText, HEAD, MOST_ROWS } from './row-changes-statements.js';

export interface RowChangesOptions {
  readonly session: Session;
  readonly accountUsageSchema: string;
  readonly useAccessHistory: boolean;
  readonly window: LogWindow;
  readonly onWarning: (message: string) => void;
}

type Path = readonly [database: string, schema: string, table: string];

/**
 * Which statements changed the rows of which tables in a window, for all tables at once: two statements, three where
 * ACCESS_HISTORY has nothing. What can't be read becomes a warning.
 */
export async function readRowChanges(options: RowChangesOptions): Promise<RowChanges> {
  const { accountUsageSchema: usage, useAccessHistory, window } = options;
  const found = new Map<string, RowChange[]>();
  const byAccess = (row: Row): Path | undefined => tableNames(row.text('TABLE_PATH'));
  const unplaced: string[] = [];
  const byText = (row: Row): Path | undefined => {
    const text = row.optionalText('QUERY_TEXT') ?? '';
    const table = writtenTable(text, {
      database: row.optionalText('DATABASE_NAME'),
      schema: row.optionalText('SCHEMA_NAME'),
      isCut: text.length >= HEAD,
    });
    if (table === undefined) unplaced.push(row.optionalText('QUERY_ID') ?? '');
    return table === 'file' ? undefined : table;
  };
  const byName = (row: Row): Path => [row.text('DATABASE_NAME'), row.text('SCHEMA_NAME'), row.text('NAME')];
  let lacksSome = false;
  const noticing = {
    ...options,
    onWarning: (message: string): void => {
      lacksSome = true;
      options.onWarning(message);
    },
  };
  // Where it can't be read, on the Standard edition for example, the statements say the same.
  const quietly = { ...options, onWarning: () => undefined };
  const read = async (how: RowChangesOptions, statement: Statement, pathOf: (row: Row) => Path | undefined) => {
    // the next run's window would have as many
    if ((await readRows(how, statement, pathOf, found)) >= MOST_ROWS) options.onWarning(tooMany(statement));
  };
  if (useAccessHistory) await read(quietly, changesByAccess(usage, window), byAccess);
  if (found.size === 0) await read(noticing, changesByText(usage, window), byText);
  // a longer window would not tell it either
  if (unplaced.length > 0) options.onWarning(notPlaced(unplaced));
  await read(noticing, changesByRefresh(usage, window), byName);
  const changes: RowChanges = ({ database, schema, table }) => found.get(keyOf([database, schema, table])) ?? [];
  return Object.assign(changes, { lacksSome });
}

/** @returns how many rows the answer had */
async function readRows(
  { session, onWarning }: RowChangesOptions,
  statement: Statement,
  pathOf: (row: Row) => Path | undefined,
  found: Map<string, RowChange[]>
): Promise<number> {
  let rows = 0;
  try {
    for await (const row of session.stream(statement)) {
      rows += 1;
      const path = pathOf(row);
      const at = row.optionalNumber('STARTED_MS');
      if (path === undefined || at === undefined) continue;
      for (const [operation, column] of OPERATIONS) {
        const changed = row.optionalNumber(column) ?? 0;
        if (changed > 0) add(found, keyOf(path), { at: Math.floor(at), operation, rows: changed });
      }
    }
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    onWarning(`The system profile lacks something. ${failure(statement, error.message)}`);
  }
  return rows;
}

/** Most messages begin with what was being done. */
function failure({ doing }: Statement, message: string): string {
  const whole = message.toLowerCase().startsWith(doing.toLowerCase()) ? message : `${doing} failed: ${message}`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

function tooMany({ doing }: Statement): string {
  return `The system profile has the newest changes only: ${doing} gave ${MOST_ROWS} rows, and no more are read.`;
}

/** @param queryIds the newest first */
function notPlaced([newest = '', ...more]: readonly string[]): string {
  const count = countWords(more.length + 1, 'statement', 'statements');
  const which = newest === '' ? '' : ` (QUERY_ID ${newest}${more.length === 0 ? '' : ' is the newest'})`;
  return `The system profile lacks ${count} of QUERY_HISTORY that changed rows${which}: the first ${HEAD} characters of the text and the session's schema don't tell one table. ACCESS_HISTORY tells it, where the account has it and useAccessHistory is true.`;
}

const OPERATIONS = [
  ['INSERT', 'ROWS_INSERTED'],
  ['UPDATE', 'ROWS_UPDATED'],
  ['DELETE', 'ROWS_DELETED'],
] as const;

/** OpenMetadata keeps one per time and operation: statements of the same millisecond are one. */
function add(found: Map<string, RowChange[]>, key: string, change: RowChange): void {
  const changes = found.get(key) ?? [];
  const same = changes.findIndex(({ at, operation }) => at === change.at && operation === change.operation);
  if (same === -1) changes.push(change);
  else changes.splice(same, 1, { ...change, rows: change.rows + (changes[same]?.rows ?? 0) });
  found.set(key, changes);
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
