import type { Statement } from '../../statement-tree.js';
import type { Cursor } from '../cursor.js';
import { isName, partOf } from '../names.js';

const PLPGSQL: ReadonlySet<string> = new Set(['postgres', 'redshift']);

export interface TextPlace {
  readonly at: number;
  /** Its first operand, in CONCAT or FORMAT as well. */
  readonly first: number;
  /** What stands there is run, and no statement that was prepared, nor a procedure. */
  readonly isCertain: boolean;
}

/** Where the text is that runs: `EXECUTE IMMEDIATE [:]v`, `EXEC sp_executesql @v`, `EXEC (@a + @b)`, `EXECUTE '…'`. */
export function placeOfText(cursor: Cursor): TextPlace {
  let ahead = behindPlace(cursor);
  const first = ahead;
  while (/^(immediate|\()$/.test(cursor.peek(ahead).word)) ahead += 1;
  const isCertain = ahead > first || cursor.peek(1).kind === 'string' || (cursor.inBody && PLPGSQL.has(cursor.dialect));
  const at = cursor.at + ahead;
  return { at, first: isCallOfTexts(cursor, at) ? at + 2 : at, isCertain };
}

export function isCallOfTexts(cursor: Cursor, at: number): boolean {
  return /^(concat|format)$/.test(cursor.token(at).word) && cursor.token(at + 1).word === '(';
}

/** The database where T-SQL's `EXEC db.sys.sp_executesql N'…'` runs, whose procedure is at `at`. */
export function placeOfRun(cursor: Cursor, at: number): Statement | undefined {
  if (cursor.dialect !== 'tsql' || !/^sp_/i.test(cursor.token(at).text)) return undefined;
  const isShort = cursor.token(at - 1).word === '..';
  if (!isShort && (cursor.token(at - 1).word !== '.' || cursor.token(at - 3).word !== '.')) return undefined;
  const name = cursor.token(isShort ? at - 2 : at - 4);
  return isName(name) ? { kind: 'use', what: 'database', name: [partOf(name)] } : undefined;
}

/** Tokens up to a procedure's own name, behind EXEC and T-SQL's `@result = [db].dbo.`. */
function behindPlace(cursor: Cursor): number {
  let ahead = cursor.peek(1).kind === 'parameter' && cursor.peek(2).word === '=' ? 3 : 1;
  while (cursor.dialect === 'tsql' && isName(cursor.peek(ahead)) && /^\.\.?$/.test(cursor.peek(ahead + 1).word))
    ahead += 2;
  return ahead;
}
