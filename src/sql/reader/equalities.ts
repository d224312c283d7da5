import type { Equality } from '../tree.js';
import type { Cursor } from './cursor.js';
import { OPERATOR_WORDS } from './keywords.js';
import { isName } from './names.js';

const BEFORE: ReadonlySet<string> = new Set(['and', '(', 'on', 'where']);

/**
 * `a.x = b.y` when both sides are alone between ANDs. The left side was read from `first` to the `=` at `sign`; the
 * expression lies between `from` and `to`.
 */
export function readEquality(
  cursor: Cursor,
  from: number,
  first: number,
  sign: number,
  to: number,
  left: readonly string[]
): Equality | undefined {
  if (first !== from && !BEFORE.has(cursor.token(first - 1).word)) return undefined;
  let index = sign + 1;
  if (!isName(cursor.token(index))) return undefined;
  const right = [cursor.token(index).text];
  index += 1;
  while (cursor.token(index).word === '.' && isName(cursor.token(index + 1))) {
    right.push(cursor.token(index + 1).text);
    index += 2;
  }
  const after = cursor.token(index).word;
  if (index < to && after !== 'and' && after !== ')') return undefined;
  if (right.length === 1 && OPERATOR_WORDS.has((right[0] ?? '').toLowerCase())) return undefined;
  return { left: { parts: left }, right: { parts: right } };
}
