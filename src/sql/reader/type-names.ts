import type { Cursor } from './cursor.js';

const TYPE_TAILS: ReadonlySet<string> = new Set('precision varying unsigned signed'.split(' '));

/** Index after the type name at `from`: `decimal(10, 2)`, `timestamp with time zone`, `array<int>`, `text[]`. */
export function skipType(cursor: Cursor, from: number): number {
  let index = from + 1;
  while (cursor.token(index).word === '.') index += 2;
  for (;;) {
    const { word } = cursor.token(index);
    if (word === '(' || word === '[') index = cursor.closeOf(index) + 1;
    else if (word === '<') index = closeOfAngle(cursor, index) + 1;
    else if (TYPE_TAILS.has(word)) index += 1;
    else if ((word === 'with' || word === 'without') && cursor.token(index + 1).word === 'time') index += 3;
    else if ((word === 'with' || word === 'without') && cursor.token(index + 1).word === 'local') index += 4;
    else return Math.min(index, cursor.tokens.length);
  }
}

function closeOfAngle(cursor: Cursor, from: number): number {
  let depth = 0;
  for (let index = from; index < cursor.tokens.length; index += 1) {
    const { text } = cursor.token(index);
    if (text === '<') depth += 1;
    else if (text === '<>') continue;
    else if (text === '>') depth -= 1;
    else if (text === '(') index = cursor.closeOf(index);
    else if (text === ')' || text === ';') return index - 1;
    if (depth <= 0) return index;
  }
  return cursor.tokens.length;
}
