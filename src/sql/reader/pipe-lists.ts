import { newExpression, type ValueItem } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readItem } from './items.js';
import { readColumnList } from './names.js';

/** The order that an AGGREGATE may give with its items. */
const ORDER: ReadonlySet<string> = new Set(['asc', 'desc', 'nulls', 'first', 'last']);

/** Reads the new columns of an EXTEND, or what an AGGREGATE is made of. */
export function readValues(cursor: Cursor): ValueItem[] {
  const items: ValueItem[] = [];
  do {
    const start = cursor.at;
    const end = endOf(cursor, start, { comma: true });
    let last = end;
    while (last - 1 > start && ORDER.has(cursor.token(last - 1).word)) last -= 1;
    if (last > start) items.push(readItem(cursor, start, last));
    cursor.at = end;
  } while (cursor.take(','));
  return items;
}

/** `AGGREGATE sum(v) AS total GROUP BY k`: what is grouped by comes first. */
export function readAggregate(cursor: Cursor): ValueItem[] {
  const values = cursor.sees('group') ? [] : readValues(cursor);
  if (!cursor.take('group')) return values;
  cursor.take('and', 'order');
  cursor.take('by');
  return [...readKeys(cursor), ...values];
}

const SETS: ReadonlySet<string> = new Set(['rollup', 'cube', 'grouping']);

function readKeys(cursor: Cursor): ValueItem[] {
  if (!cursor.seesAny(SETS)) return readValues(cursor);
  const start = cursor.at;
  cursor.at = endOf(cursor, start, { comma: false });
  const { columns } = readExpression(cursor, start, cursor.at);
  const named = new Map(columns.map((column) => [column.parts.at(-1) ?? '', column]));
  return [...named].map(([name, column]) => ({
    kind: 'value',
    value: { ...newExpression(), columns: [column] },
    isColumn: true,
    name,
  }));
}

/** `SET a = 1, b = a + 1`. */
export function readAssignments(cursor: Cursor): ValueItem[] {
  const items: ValueItem[] = [];
  do {
    const alias = cursor.next().text;
    cursor.take('=');
    const start = cursor.at;
    cursor.at = endOf(cursor, start, { comma: true });
    if (cursor.at > start) items.push({ ...readItem(cursor, start, cursor.at), alias });
  } while (cursor.take(','));
  return items;
}

/** `DROP a, b`. */
export function readNames(cursor: Cursor): string[] {
  if (cursor.sees('(')) return readColumnList(cursor);
  const names: string[] = [];
  do names.push(cursor.next().text);
  while (cursor.take(','));
  return names;
}

/** `RENAME a AS b`: new names by the old ones. */
export function readRenames(cursor: Cursor): Map<string, string> {
  const names = new Map<string, string>();
  do {
    const old = cursor.next().text;
    cursor.take('as');
    names.set(old.toLowerCase(), cursor.next().text);
  } while (cursor.take(','));
  return names;
}
