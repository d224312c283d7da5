import { startsBracketedRow, startsKeptStatement } from '../batch-statements.js';
import type { Cursor } from '../cursor.js';
import { STATEMENT_WORDS } from '../keywords.js';

/** These begin a statement, or a clause, in front of brackets, too; all others are functions there: `REPLACE(…)`. */
const BEFORE_BRACKETS: ReadonlySet<string> = new Set(
  'select from values with exec execute if while print return raiserror waitfor kill go'.split(' ')
);

/** True where the next statement begins, as one of T-SQL's may without a `;` before it. */
export function startsStatement(cursor: Cursor, index: number): boolean {
  const { word } = cursor.token(index);
  if (startsKeptStatement(cursor, index) || startsBracketedRow(cursor, index)) return true;
  if (!cursor.traits.optionalSemicolon || !STATEMENT_WORDS.has(word)) return false;
  return cursor.token(index + 1).word !== '(' || BEFORE_BRACKETS.has(word);
}
