import type { Cursor } from './cursor.js';

/** What the statements of a block stand behind. */
const BEFORE: ReadonlySet<string> = new Set('; begin then else loop do atomic'.split(' '));

/**
 * Steps over the rights that GRANT, REVOKE and T-SQL's DENY name, to what they are on or whose they are: no statement
 * begins with one. False, and the cursor unmoved, where none of them is at the cursor.
 */
export function takeRights(cursor: Cursor): boolean {
  if (!/^(?:grant|revoke|deny)$/.test(cursor.peek().word) || cursor.sees('grant', 'option')) return false;
  if (cursor.dialect !== 'tsql' && (!cursor.inBody || !BEFORE.has(cursor.peek(-1).word))) return false;
  cursor.next();
  while (!cursor.done && !/^(?:on|to|from|;)$/.test(cursor.peek().word)) if (!cursor.skipGroup()) cursor.next();
  return true;
}
