import type { Statement } from '../statement-tree.js';
import type { Cursor } from './cursor.js';
import { isSideText } from './statement-text.js';
import { statementsOf } from './sub-texts.js';

/** The statements of a text that runs. */
export function statementsRun(cursor: Cursor, text: string): readonly Statement[] {
  const doubts = [...cursor.doubts];
  const statements = statementsOf(cursor, text);
  // `EXEC('KILL ' + @id)`, `EXEC('dbo.p ' + @x)`: what is not known of it names no table
  if (isSideText(text) && statements.length === 1 && statements[0]?.kind === 'other')
    cursor.doubts.splice(0, cursor.doubts.length, ...doubts);
  return statements;
}

/** What runs it; a USE in T-SQL's strings ends with them. */
export function bodyOf(cursor: Cursor, statements: readonly Statement[]): Statement {
  return { kind: 'body', statements, ...(cursor.dialect === 'tsql' ? { isApart: true as const } : {}) };
}
