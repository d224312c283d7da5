import type { Cursor } from './cursor.js';

/** Calls that make a character of its number, by engine; Oracle's and T-SQL's begin with N for their Unicode. */
const CHARACTERS = /^n?cha?r$/;
/** Other characters are of the server's code page. */
const LAST_CODE = 126;
/** Blanks of SPACE: as many as nobody writes, one is as good as all. */
const MOST_BLANKS = 100;

/** The constant that `CHAR(13)`, `chr(10)`, MySQL's `CHAR(13, 10)` and `SPACE(2)` of numbers are. */
export function characterText(cursor: Cursor, from: number, end: number): string | undefined {
  const { word } = cursor.token(from);
  const isSpace = word === 'space';
  if (!isSpace && !CHARACTERS.test(word)) return undefined;
  if (cursor.token(from + 1).word !== '(' || cursor.closeOf(from + 1) !== end - 1) return undefined;
  let text = '';
  for (let index = from + 2; index < end; index += 2) {
    const { kind, text: number } = cursor.token(index);
    const isListed = /^[,)]$/.test(cursor.token(index + 1).word);
    if (kind !== 'number' || !/^\d+$/.test(number) || !isListed) return undefined;
    if (isSpace) text += ' '.repeat(Math.min(Number(number), MOST_BLANKS));
    else if (Number(number) === 0 || Number(number) > LAST_CODE) return undefined;
    else text += String.fromCharCode(Number(number));
  }
  return text;
}
