import type { Cursor } from './cursor.js';

/** T-SQL's `WITH RECOMPILE, EXECUTE AS OWNER`: its body stands behind AS or in a block. */
export function isOptions(cursor: Cursor): boolean {
  return cursor.dialect === 'tsql' && cursor.sees('with');
}

/** T-SQL's `EXECUTE AS OWNER`, whose AS starts no body. */
export function takeExecuteAs(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || !/^exec(ute)?$/.test(cursor.peek().word) || cursor.peek(1).word !== 'as')
    return false;
  cursor.at += 3;
  return true;
}
