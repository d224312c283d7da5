import type { Cursor } from './cursor.js';
import { isPosition } from './expression-words.js';
import { isName } from './names.js';
import type { Token } from './token.js';

/** `a.b.c` in an expression, or `a.b.*`. */
export interface DottedName {
  /** Of its parts, the star left out. */
  readonly tokens: readonly Token[];
  /** Behind it; of one with a star, at the star. */
  readonly end: number;
  readonly star: boolean;
}

/** Reads the name that begins at `first` and lies before `to`. */
export function readDottedName(cursor: Cursor, first: number, to: number): DottedName {
  const tokens = [cursor.token(first)];
  let end = first + 1;
  while (end + 1 < to && cursor.token(end).word === '.') {
    const part = cursor.token(end + 1);
    if (part.word === '*') return { tokens, end: end + 1, star: true };
    if (!isName(part) && part.kind !== 'number' && !isPosition(part)) break;
    tokens.push(part);
    end += 2;
  }
  // Snowflake's `model!PREDICT(…)`.
  if (cursor.token(end).word === '!' && cursor.token(end + 2).word === '(') end += 2;
  return { tokens, end, star: false };
}
