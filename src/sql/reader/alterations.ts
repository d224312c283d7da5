import type { Statement } from '../statement-tree.js';
import type { Name, Source } from '../tree.js';
import { readMutations } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { isName, ownName, readName, sourceCalled } from './names.js';
import { readQuery, startsQuery } from './queries.js';
import { readNewName, skipWait } from './renames.js';
import { skipStatement } from './quiet-statements.js';

/** Reads ALTER TABLE and ALTER VIEW; `undefined` (cursor unmoved) for all others. */
export function readAlter(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  while (
    /^(materialized|dynamic|external|iceberg|secure|live|foreign|transient|online|ignore)$/.test(cursor.peek().word)
  )
    cursor.next();
  const isView = cursor.sees('view');
  const isTable = cursor.sees('table');
  if (isView || isTable) {
    cursor.next();
    if (cursor.take('if')) cursor.take('exists');
    cursor.take('only');
    const name = readName(cursor);
    skipWait(cursor);
    if (name !== undefined) {
      const view = isView ? readViewChange(cursor, name) : undefined;
      return view ?? readAction(cursor, name) ?? readOtherAction(cursor, name);
    }
  }
  cursor.at = start;
  return undefined;
}

function readViewChange(cursor: Cursor, target: Name): Statement | undefined {
  if (cursor.sees('(')) cursor.skipGroup();
  // T-SQL's `WITH SCHEMABINDING, VIEW_METADATA AS`
  if (cursor.dialect === 'tsql' && cursor.take('with'))
    while (isName(cursor.peek()) && !cursor.sees('as')) if (cursor.next() && !cursor.take(',')) break;
  if (!cursor.sees('as') || !startsQuery(cursor, cursor.at + 1)) return undefined;
  cursor.next();
  return { kind: 'create', what: 'view', target, columns: [], query: readQuery(cursor) };
}

function readAction(cursor: Cursor, name: Name): Statement | undefined {
  if (cursor.dialect === 'clickhouse') return readMutations(cursor, name);
  if (cursor.sees('partition', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
  const renamed = readNewName(cursor, name);
  if (renamed !== undefined) {
    skipStatement(cursor);
    return renamed;
  }
  if (cursor.take('swap', 'with')) return transfer(cursor, 'swap', readName(cursor), name, 'both');
  if (cursor.take('append', 'from')) return transfer(cursor, 'copy', readName(cursor), name);
  if (cursor.take('exchange', 'partition')) {
    if (!cursor.skipGroup()) cursor.next();
    if (!cursor.take('with', 'table')) return undefined;
    // Hive's partition must not be there yet
    const isOneWay = /^(hive|sparksql|databricks)$/.test(cursor.dialect);
    return transfer(cursor, 'exchange', readName(cursor), name, isOneWay ? true : 'both');
  }
  if (cursor.take('switch')) {
    while (!cursor.done && !cursor.sees('to')) cursor.next();
    cursor.next();
    const to = readName(cursor);
    return to === undefined ? undefined : transfer(cursor, 'exchange', name, to);
  }
  return undefined;
}

/** No data flows; PostgreSQL's ATTACH PARTITION changes both tables. */
function readOtherAction(cursor: Cursor, name: Name): Statement {
  const from = cursor.at;
  skipStatement(cursor);
  const end = cursor.at;
  const tables = [sourceCalled(cursor, name)];
  if (cursor.dialect === 'postgres')
    for (cursor.at = from; cursor.at < end; cursor.next()) {
      if (!/^(attach|detach)$/.test(cursor.peek().word) || !cursor.sees(cursor.peek().word, 'partition')) continue;
      cursor.at += 2;
      const partition = readName(cursor);
      if (partition !== undefined) tables.push(partition);
      break;
    }
  cursor.at = end;
  return { kind: 'change', tables };
}

function transfer(
  cursor: Cursor,
  verb: 'swap' | 'exchange' | 'copy',
  from: Name | undefined,
  to: Source,
  movesRows: true | 'both' = true
): Statement | undefined {
  skipStatement(cursor);
  return from === undefined ? undefined : { kind: 'transfer', verb, from: [from], to, columns: [], movesRows };
}

/** Reads `DROP TABLE|VIEW a, b`; `undefined` (cursor unmoved) for everything else that can be dropped. */
export function readDrop(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  const isTemporary = cursor.sees('temporary') || cursor.sees('temp');
  while (/^(temporary|temp|materialized|dynamic|external|iceberg|foreign|snapshot)$/.test(cursor.peek().word))
    cursor.next();
  if (!/^(table|view)s?$/.test(cursor.next().word)) {
    cursor.at = start;
    return undefined;
  }
  if (cursor.take('if')) cursor.take('exists');
  const tables = readTables(cursor);
  skipStatement(cursor);
  return { kind: 'drop', tables: isTemporary ? tables.map((table) => ownName(table)) : tables };
}

/** `REFRESH MATERIALIZED VIEW v` writes v; what it reads is in the text of the view. */
export function readRefresh(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  if (cursor.take('refresh', 'materialized', 'view')) {
    cursor.take('concurrently');
    const target = readName(cursor);
    skipStatement(cursor);
    if (target !== undefined)
      return { kind: 'insert', target, columns: [], fixedColumns: [], byName: false, extras: [] };
  }
  cursor.at = start;
  return undefined;
}

/** `TRUNCATE a, b`; `undefined` (cursor unmoved) when it names no table. */
export function readTruncate(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  // Oracle's clusters are no tables.
  if (cursor.dialect === 'oracle' && cursor.sees('truncate', 'cluster') && isName(cursor.peek(2))) return undefined;
  cursor.next();
  cursor.take('table');
  if (cursor.take('if')) cursor.take('exists');
  const tables = readTables(cursor).map((table) => sourceCalled(cursor, table));
  // The tables are empty, whatever it does to sequences and to tables that refer to them.
  while (/^(restart|continue|identity|cascade|restrict)$/.test(cursor.peek().word)) cursor.next();
  const isWhole = cursor.done || cursor.sees(';');
  if (!isWhole) skipStatement(cursor);
  if (tables.length > 0) return { kind: 'change', tables, ...(isWhole ? { empties: true } : {}) };
  cursor.at = start;
  return undefined;
}

/** `a, ONLY b, c *` */
function readTables(cursor: Cursor): readonly Name[] {
  const tables: Name[] = [];
  do {
    cursor.take('only');
    const table = readName(cursor);
    if (table !== undefined) tables.push(table);
    cursor.take('*');
  } while (cursor.take(','));
  return tables;
}

/** Oracle's `FLASHBACK TABLE a, b TO …`; `undefined` (cursor unmoved) for a whole database. */
export function readFlashback(cursor: Cursor): Statement | undefined {
  if (!cursor.take('flashback', 'table')) return undefined;
  const tables = readTables(cursor);
  // what was dropped is back, as it was
  const isBack = cursor.sees('to', 'before', 'drop');
  skipStatement(cursor);
  return { kind: 'change', tables: isBack ? [] : tables };
}

/**
 * Delta's `RESTORE [TABLE] t TO VERSION AS OF 1`; `undefined` (cursor unmoved) for all others, such as T-SQL's RESTORE
 * DATABASE.
 */
export function readRestore(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  const isTable = cursor.take('table');
  const name = readName(cursor);
  const isVersion = cursor.sees('to', 'version', 'as') || cursor.sees('to', 'timestamp', 'as');
  if (name !== undefined && (isTable || isVersion)) {
    skipStatement(cursor);
    return { kind: 'change', tables: [sourceCalled(cursor, name)] };
  }
  cursor.at = start;
  return undefined;
}
