import type { ColumnReference } from '../tree.js';
import type { Cursor } from './cursor.js';
import { columnAt, columnParts, isName } from './names.js';
import type { Token } from './token.js';

/** `(t).c` or `(t.c).f`. */
export interface RowField extends ColumnReference {
  readonly field: string;
  /** Behind it, and behind the fields within its value: `(t.c).f.g`. */
  readonly end: number;
}

/** Reads the `(t).c` whose bracket is at `open`, if one starts there and lies before `to`. */
export function readRowField(cursor: Cursor, open: number, to: number): RowField | undefined {
  if (cursor.token(open).word !== '(') return undefined;
  const first = cursor.afterBrackets(open);
  const tokens: Token[] = [];
  let close = first;
  for (; isName(cursor.token(close)); close += 2) {
    tokens.push(cursor.token(close));
    if (cursor.token(close + 1).word !== '.') break;
  }
  if (tokens.length === 0) return undefined;
  // All of the brackets close right behind the name.
  if (cursor.closeOf(open) !== close + first - open) return undefined;
  let end = cursor.closeOf(open) + 1;
  const name = cursor.token(end + 1);
  if (cursor.token(end).word !== '.' || !isName(name) || end + 1 >= to) return undefined;
  while (cursor.token(end).word === '.' && isName(cursor.token(end + 1))) end += 2;
  // `(a).f(x)` is a call.
  if (cursor.token(end).word === '(') return undefined;
  return { parts: columnParts(cursor, tokens), field: columnAt(cursor, name), end };
}
