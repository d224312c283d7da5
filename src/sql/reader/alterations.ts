import type { Name, Source, Statement } from '../tree.js';
import { readMutations } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { isName, readName } from './names.js';
import { readQuery, startsQuery } from './queries.js';
import { skipStatement } from './statements.js';

/** Reads the ALTER statements that move data or names; `undefined` (cursor unmoved) for all others. */
export function readAlter(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  while (/^(materialized|dynamic|external|iceberg|secure|live|foreign|transient)$/.test(cursor.peek().word))
    cursor.next();
  const isView = cursor.sees('view');
  const isTable = cursor.sees('table');
  if (isView || isTable) {
    cursor.next();
    if (cursor.take('if')) cursor.take('exists');
    cursor.take('only');
    const name = readName(cursor);
    const statement =
      name === undefined
        ? undefined
        : isView
          ? (readViewChange(cursor, name) ?? readAction(cursor, name))
          : readAction(cursor, name);
    if (statement !== undefined) return statement;
  } else if (cursor.sees('procedure') || cursor.sees('proc')) return undefined;
  cursor.at = start;
  return undefined;
}

function readViewChange(cursor: Cursor, target: Name): Statement | undefined {
  if (cursor.sees('(')) cursor.skipGroup();
  if (!cursor.sees('as') || !startsQuery(cursor, cursor.at + 1)) return undefined;
  cursor.next();
  return { kind: 'create', what: 'view', target, columns: [], query: readQuery(cursor) };
}

function readAction(cursor: Cursor, name: Name): Statement | undefined {
  if (cursor.dialect === 'clickhouse') return readMutations(cursor, name);
  if (cursor.sees('partition', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
  if (cursor.take('rename')) {
    if (!cursor.take('to')) cursor.take('as');
    if (!isName(cursor.peek()) || /^(column|index|key|constraint|partition)$/.test(cursor.peek().word))
      return undefined;
    const to = readName(cursor);
    if (to === undefined || cursor.sees('to')) return undefined;
    skipStatement(cursor);
    return { kind: 'rename', pairs: [{ from: name, to: withSchemaOf(name, to) }] };
  }
  if (cursor.take('swap', 'with')) return transfer(cursor, 'swap', readName(cursor), name);
  if (cursor.take('append', 'from')) return transfer(cursor, 'copy', readName(cursor), name);
  if (cursor.take('exchange', 'partition')) {
    if (!cursor.skipGroup()) cursor.next();
    if (!cursor.take('with', 'table')) return undefined;
    return transfer(cursor, 'exchange', readName(cursor), name);
  }
  if (cursor.take('switch')) {
    while (!cursor.done && !cursor.sees('to')) cursor.next();
    cursor.next();
    const to = readName(cursor);
    return to === undefined ? undefined : transfer(cursor, 'exchange', name, to);
  }
  return undefined;
}

/** `ALTER TABLE s.a RENAME TO b` keeps the schema. */
function withSchemaOf(from: Name, to: Name): Name {
  return to.length === 1 && from.length > 1 ? [...from.slice(0, -1), ...to] : to;
}

function transfer(
  cursor: Cursor,
  verb: 'swap' | 'exchange' | 'copy',
  from: Name | undefined,
  to: Source
): Statement | undefined {
  skipStatement(cursor);
  return from === undefined ? undefined : { kind: 'transfer', verb, from: [from], to, columns: [] };
}

/** Reads `RENAME TABLE a TO b, c TO d`. */
export function readRename(cursor: Cursor): Statement {
  cursor.next();
  if (/^(table|tables|view|object)$/.test(cursor.peek().word) && cursor.peek(1).word !== 'to') cursor.next();
  cursor.take('::');
  const pairs: { from: Name; to: Name }[] = [];
  do {
    const from = readName(cursor);
    cursor.take('to');
    const to = readName(cursor);
    if (from !== undefined && to !== undefined) pairs.push({ from, to });
  } while (cursor.take(','));
  return { kind: 'rename', pairs };
}

/** Reads `DROP TABLE|VIEW a, b`; `undefined` (cursor unmoved) for everything else that can be dropped. */
export function readDrop(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  while (/^(temporary|materialized|dynamic|external|iceberg|foreign)$/.test(cursor.peek().word)) cursor.next();
  if (!/^(table|view)s?$/.test(cursor.next().word)) {
    cursor.at = start;
    return undefined;
  }
  if (cursor.take('if')) cursor.take('exists');
  const tables: Name[] = [];
  do {
    const name = readName(cursor);
    if (name !== undefined) tables.push(name);
  } while (cursor.take(','));
  skipStatement(cursor);
  return { kind: 'drop', tables };
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

/** `TRUNCATE a, b` and a DELETE of every row; `undefined` (cursor unmoved) for a DELETE that leaves some. */
export function readEmptying(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  const isDelete = cursor.sees('delete');
  cursor.next();
  cursor.take(isDelete ? 'from' : 'table');
  if (cursor.take('if')) cursor.take('exists');
  const tables: Name[] = [];
  do {
    cursor.take('only');
    const table = readName(cursor);
    if (table !== undefined) tables.push(table);
    cursor.take('*');
  } while (!isDelete && cursor.take(','));
  // TRUNCATE empties in any case, whatever it does to sequences and to tables that refer to it.
  if (!isDelete) while (/^(restart|continue|identity|cascade|restrict)$/.test(cursor.peek().word)) cursor.next();
  if (tables.length === 0 || !(cursor.done || cursor.sees(';'))) {
    cursor.at = start;
    return undefined;
  }
  return { kind: 'empty', tables };
}
