import type { Statement } from '../statement-tree.js';
import { newExpression } from '../tree.js';
import { startsBracketedRow, startsKeptStatement } from './batch-statements.js';
import { isFlow, startsUse } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { HARD_STATEMENT_WORDS } from './keywords.js';
import { rowsOf } from './plain-query.js';

/** `SET x = (SELECT …)`, `CALL p((SELECT …))`, MySQL's `DO (SELECT …)`: no table, but what fills it is read. */
export function readArguments(cursor: Cursor, verb: string): Statement {
  cursor.next();
  const from = cursor.at;
  skipStatement(cursor);
  const to = cursor.at;
  const { queries, tests } = readExpression(cursor, from, to);
  if (queries.length + tests.length === 0) return { kind: 'other', verb };
  return { kind: 'select', query: rowsOf([], [], [], [{ ...newExpression(), queries, tests }]) };
}

/** Steps over the statement at the cursor, of which is known what it is. */
export function skipped(cursor: Cursor, statement: Statement): Statement {
  cursor.next();
  skipStatement(cursor);
  return statement;
}

/** Steps over the statement at the cursor. */
export function quiet(cursor: Cursor): Statement {
  const verb = cursor.next().word;
  skipStatement(cursor);
  return { kind: 'other', verb };
}

/** Moves the cursor to the `;` that ends the statement, or to the next statement where none is needed. */
export function skipStatement(cursor: Cursor, startsNext = (): boolean => false): void {
  while (!cursor.done && !cursor.sees(';') && !isFlow(cursor, cursor.peek().word) && !startsNext()) {
    if (cursor.traits.optionalSemicolon) {
      const isOther = cursor.sees('go') || (cursor.sees('select') && cursor.peek(-1).word === 'as');
      const isHard = cursor.dialect === 'tsql' ? isOther : cursor.seesAny(HARD_STATEMENT_WORDS);
      if (isHard && cursor.peek(1).word !== '(') return;
      if (startsUse(cursor) || startsKeptStatement(cursor) || startsBracketedRow(cursor)) return;
    }
    if (!cursor.skipGroup()) cursor.next();
  }
}
