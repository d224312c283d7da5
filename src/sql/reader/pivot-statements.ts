import type { Expression, Select } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { isName } from './names.js';
import { ALL_COLUMNS, rowsOf } from './plain-query.js';
import { readRelation } from './relation.js';

const VERBS: ReadonlySet<string> = new Set(['pivot', 'unpivot', 'pivot_wider', 'pivot_longer']);
const CLAUSES: ReadonlySet<string> = new Set(['on', 'using', 'into', 'group']);

/** True where DuckDB's `PIVOT t ON …` or `UNPIVOT t ON …` starts, which is a query. */
export function isPivotStatement(cursor: Cursor, at: number): boolean {
  if (cursor.dialect !== 'duckdb' || !VERBS.has(cursor.token(at).word)) return false;
  const next = cursor.token(at + 1);
  if (cursor.token(at - 1).word === '.' || next.word === 'as') return false;
  if (next.word === '(') return cursor.token(cursor.closeOf(at + 1) + 1).word === 'on';
  return isName(next) || next.kind === 'string';
}

/** Reads it up to ORDER BY or LIMIT. Only the data tells which columns it makes. */
export function readPivotStatement(cursor: Cursor): Select {
  cursor.next();
  const relation = readRelation(cursor);
  const conditions: Expression[] = [];
  while (cursor.seesAny(CLAUSES)) {
    const from = cursor.at + 1;
    cursor.at = endOf(cursor, from, { comma: false, words: CLAUSES });
    conditions.push(readExpression(cursor, from, cursor.at));
  }
  return rowsOf([ALL_COLUMNS], relation === undefined ? [] : [relation], [], conditions).body;
}
