import type { Cursor } from './cursor.js';

/** T-SQL's `done:` in front of a statement, to which GOTO goes. */
export function startsLabel(cursor: Cursor): boolean {
  return cursor.dialect === 'tsql' && cursor.peek().kind === 'word' && cursor.peek(1).word === ':';
}

export function takeLabel(cursor: Cursor): boolean {
  if (!startsLabel(cursor)) return false;
  cursor.at += 2;
  return true;
}
