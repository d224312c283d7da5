import type { Expression } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';

/** Steps over T-SQL's `TOP (5) PERCENT`, `TOP (SELECT …)` at the cursor; what it reads. */
export function takeTop(cursor: Cursor): readonly Expression[] {
  if (!cursor.take('top')) return [];
  const from = cursor.at;
  if (!cursor.skipGroup()) cursor.next();
  const value = readExpression(cursor, from, cursor.at);
  cursor.take('percent');
  return value.queries.length + value.tests.length > 0 ? [value] : [];
}
