import { newExpression, type Expression } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { skipStatement } from './quiet-statements.js';

/**
 * Reads the RETURNING that ends a statement, with the variables that PL/SQL and PL/pgSQL put its values into. Its rows
 * go to whoever sent the statement: all that counts are its subqueries, which read their tables.
 */
export function readReturning(cursor: Cursor): readonly Expression[] {
  if (!cursor.take('returning')) return [];
  const from = cursor.at;
  cursor.at = endOf(cursor, from, { comma: false });
  const shown = readExpression(cursor, from, cursor.at);
  if (cursor.take('into')) cursor.at = endOf(cursor, cursor.at, { comma: false });
  return subqueriesIn(shown);
}

/** Reads what ends an UPDATE or a DELETE: WHERE, ORDER BY, LIMIT, RETURNING, Oracle's LOG ERRORS. */
export function readTail(cursor: Cursor): readonly Expression[] {
  const conditions: Expression[] = [];
  while (cursor.sees('where') || cursor.sees('order', 'by') || cursor.sees('limit') || cursor.sees('option', '(')) {
    const from = cursor.at + 1;
    cursor.at = endOf(cursor, from, { comma: false });
    conditions.push(readExpression(cursor, from, cursor.at));
  }
  const returned = readReturning(cursor);
  if (cursor.sees('log', 'errors')) skipStatement(cursor);
  return [...conditions, ...returned];
}

/** The expression without its own columns; nothing when it has no subquery. */
export function subqueriesIn({ queries, tests }: Expression): readonly Expression[] {
  return queries.length + tests.length === 0 ? [] : [{ ...newExpression(), queries, tests }];
}
