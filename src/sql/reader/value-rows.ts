import { newExpression, type Expression, type QueryBody } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';

/** Reads `VALUES (a, b), (c, d)`; every row's expressions are kept for their subqueries and columns. */
export function readValueRows(cursor: Cursor): QueryBody {
  cursor.next();
  const rows: Expression[][] = [];
  do {
    cursor.take('row');
    if (!cursor.sees('(')) {
      const from = cursor.at;
      cursor.at = endOf(cursor, from, { comma: true });
      rows.push([readExpression(cursor, from, cursor.at)]);
      continue;
    }
    rows.push(readRow(cursor, rows.length > 0));
  } while (cursor.take(','));
  return { kind: 'values', rows };
}

/** A row of nothing but literals is skipped at a glance: bulk INSERTs have thousands of them. */
function readRow(cursor: Cursor, mayBeEmpty: boolean): Expression[] {
  const close = cursor.closeOf(cursor.at);
  const row: Expression[] = [];
  let literal = mayBeEmpty;
  for (let index = cursor.at + 1; literal && index < close; index += 1) {
    const { kind, word } = cursor.token(index);
    literal = kind === 'string' || kind === 'number' || word === ',' || word === 'null' || word === '-';
  }
  if (!literal) {
    let from = cursor.at + 1;
    while (from < close) {
      const end = Math.min(endOf(cursor, from, { comma: true }), close);
      row.push(end > from ? readExpression(cursor, from, end) : newExpression());
      from = end + 1;
    }
  }
  cursor.at = close + 1;
  return row;
}
