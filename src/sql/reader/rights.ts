import type { Cursor } from './cursor.js';

/**
 * Steps over the rights that T-SQL's GRANT, REVOKE and DENY name, to what they are on or whose they are: no statement
 * begins with one. False, and the cursor unmoved, where none of them is at the cursor.
 */
export function takeRights(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || !/^(?:grant|revoke|deny)$/.test(cursor.peek().word)) return false;
  if (cursor.sees('grant', 'option')) return false;
  cursor.next();
  while (!cursor.done && !/^(?:on|to|from|;)$/.test(cursor.peek().word)) if (!cursor.skipGroup()) cursor.next();
  return true;
}
