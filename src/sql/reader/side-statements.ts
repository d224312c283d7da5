import type { Name, Query, Relation } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readItems } from './items.js';
import { readName } from './names.js';
import { readStatement } from './statements.js';

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge']);

/**
 * Reads `INSERT … RETURNING …` inside a CTE when one stands at the cursor: it becomes a statement of its own. What a DELETE returns
 * are the deleted rows, so they count as read; what the others return was just written from elsewhere.
 */
export function readDataChange(cursor: Cursor, close: number): Query | undefined {
  if (!cursor.seesAny(CHANGES)) return undefined;
  const isDelete = cursor.sees('delete');
  const from = cursor.at;
  cursor.side.push(readStatement(cursor));
  const query = isDelete ? deletedRows(cursor, from, close) : undefined;
  cursor.at = close;
  return query ?? { kind: 'query', ctes: [], recursive: false, body: { kind: 'values', rows: [] }, tail: [] };
}

function deletedRows(cursor: Cursor, from: number, close: number): Query | undefined {
  cursor.at = from + 1;
  cursor.take('from');
  const name: Name | undefined = readName(cursor);
  if (name === undefined) return undefined;
  const relation: Relation = { kind: 'table', source: name };
  while (cursor.at < close && !cursor.sees('returning')) if (!cursor.skipGroup()) cursor.next();
  if (!cursor.take('returning')) return undefined;
  const items = readItems(cursor);
  return {
    kind: 'query',
    ctes: [],
    recursive: false,
    body: { kind: 'select', items, from: [relation], using: [], conditions: [], windows: new Map() },
    tail: [],
  };
}
