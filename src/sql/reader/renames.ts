import type { Statement } from '../statement-tree.js';
import type { Name } from '../tree.js';
import type { Cursor } from './cursor.js';
import { isName, readName } from './names.js';

/** What else ALTER TABLE renames. */
const OF_A_TABLE = /^(column|index|key|constraint|partition)$/;

/** How an ALTER TABLE of MySQL is done. */
const HOW = /^(algorithm|lock)$/;

/** The rename that one of the actions of ALTER TABLE at the cursor is; `undefined` for all others. */
export function readNewName(cursor: Cursor, from: Name): Statement | undefined {
  const { name: to, alters } = cursor.traits.versionedComments
    ? lastNewName(cursor)
    : { name: newName(cursor), alters: false };
  if (to === undefined) return undefined;
  return { kind: 'rename', pairs: [{ from, to: placed(cursor, from, to) }], ...(alters ? { alters } : {}) };
}

/** MySQL takes several actions, and of several names the last one. */
function lastNewName(cursor: Cursor): { readonly name: Name | undefined; readonly alters: boolean } {
  const start = cursor.at;
  let name: Name | undefined;
  let alters = false;
  for (;;) {
    const next = newName(cursor);
    name = next ?? name;
    if (next === undefined && !HOW.test(cursor.peek().word)) alters = true;
    while (!cursor.done && !cursor.sees(',') && !cursor.sees(';')) if (!cursor.skipGroup()) cursor.next();
    if (!cursor.take(',')) break;
  }
  cursor.at = start;
  return { name, alters };
}

/** `RENAME [TO] b`, MySQL's `RENAME AS b` and `RENAME = b` */
function newName(cursor: Cursor): Name | undefined {
  if (!cursor.take('rename')) return undefined;
  if (!cursor.take('to') && !cursor.take('as')) cursor.take('=');
  if (!isName(cursor.peek()) || OF_A_TABLE.test(cursor.peek().word)) return undefined;
  const to = readName(cursor);
  return to === undefined || cursor.sees('to') ? undefined : to;
}

/** `ALTER TABLE s.a RENAME TO b` keeps the schema; that of MySQL puts the table into the current one. */
function placed(cursor: Cursor, from: Name, to: Name): Name {
  const keeps = to.length === 1 && from.length > 1 && !cursor.traits.versionedComments;
  return keeps ? [...from.slice(0, -1), ...to] : to;
}

/** Steps over how long MariaDB waits for a lock. */
export function skipWait(cursor: Cursor): void {
  if (!cursor.traits.versionedComments || cursor.take('nowait')) return;
  if (cursor.sees('wait') && cursor.peek(1).kind === 'number') cursor.at += 2;
}

/** Reads `RENAME TABLE a TO b, c TO d`. */
export function readRename(cursor: Cursor): Statement {
  cursor.next();
  if (/^(table|tables|view|object)$/.test(cursor.peek().word) && cursor.peek(1).word !== 'to') cursor.next();
  cursor.take('::');
  cursor.take('if', 'exists');
  const pairs: { from: Name; to: Name }[] = [];
  do {
    const from = readName(cursor);
    skipWait(cursor);
    cursor.take('to');
    const to = readName(cursor);
    if (from !== undefined && to !== undefined) pairs.push({ from, to });
  } while (cursor.take(','));
  return { kind: 'rename', pairs };
}
