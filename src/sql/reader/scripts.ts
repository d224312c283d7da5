import { beginning } from '../../contract/beginning.js';
import type { Statement } from '../statement-tree.js';
import { startsBracketedRow, startsKeptStatement } from './batch-statements.js';
import type { Cursor } from './cursor.js';
import { STATEMENT_WORDS } from './keywords.js';
import { readFlow } from './flows.js';
import { startsLabel, takeLabel } from './labels.js';
import { takeWays } from './parted-uses.js';
import { skipStatement } from './quiet-statements.js';

/** Reads all statements from the cursor to the end. */
export function readScript(cursor: Cursor): readonly Statement[] {
  const statements: Statement[] = [];
  // SQL Server keeps parametrized texts as `(@p int)SELECT …`.
  if (cursor.dialect === 'tsql' && cursor.at === 0 && cursor.sees('(') && cursor.peek(1).kind === 'parameter')
    cursor.skipGroup();
  while (!cursor.done) {
    takeWays(cursor, statements);
    if (cursor.take(';')) continue;
    // Oracle's and SQL*Plus' `/` on its own line.
    if (cursor.take('/')) continue;
    if (takeLabel(cursor)) continue;
    const from = cursor.at;
    for (const statement of readFlow(cursor)) statements.push(...cursor.side.splice(0), statement);
    if (cursor.done || cursor.sees(';') || startsLabel(cursor)) continue;
    if ((startsKeptStatement(cursor) || startsBracketedRow(cursor)) && cursor.at > from) continue;
    if (!cursor.traits.optionalSemicolon || !cursor.seesAny(STATEMENT_WORDS)) {
      cursor.doubt(`not understood from "${beginning(cursor.peek().text, 20)}"`);
      if (!cursor.seesAny(STATEMENT_WORDS)) skipStatement(cursor);
    }
    if (cursor.at === from) cursor.next();
  }
  takeWays(cursor, statements);
  return statements;
}
