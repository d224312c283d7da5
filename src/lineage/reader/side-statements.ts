import type { Query } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readStatement } from './statements.js';

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge']);

/**
 * Reads `INSERT … RETURNING …` inside a CTE when one stands at the cursor: it becomes a statement of its own, and the CTE has the
 * columns of nothing.
 */
export function readDataChange(cursor: Cursor, close: number): Query | undefined {
  if (!cursor.seesAny(CHANGES)) return undefined;
  cursor.side.push(readStatement(cursor));
  cursor.at = close;
  return { kind: 'query', ctes: [], recursive: false, body: { kind: 'values', rows: [] }, tail: [] };
}
