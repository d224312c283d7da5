import type { Cursor } from '../cursor.js';

/** Calls that make a character of its number, by engine; Oracle's and T-SQL's begin with N for their Unicode. */
const CHARACTERS = /^n?cha?r$/;
/** Other characters are of the server's code page. */
const LAST_CODE = 126;
const REPEATS = /^(?:replicate|repeat)$/;
/** As often as nobody repeats what is read. */
const MOST_REPEATED = 100;

/** The constant that `CHAR(13)`, `chr(10)`, MySQL's `CHAR(13, 10 USING utf8mb4)`, SPACE and REPLICATE are. */
export function characterText(cursor: Cursor, from: number, end: number): string | undefined {
  const { word } = cursor.token(from);
  if (cursor.token(from + 1).word !== '(' || cursor.closeOf(from + 1) !== end - 1) return undefined;
  if (word === 'space') return repeated(cursor, ' ', from + 2, end);
  if (REPEATS.test(word)) {
    const { kind, text } = cursor.token(from + 2);
    const isText = kind === 'string' && cursor.token(from + 3).word === ',';
    return isText ? repeated(cursor, text, from + 4, end) : undefined;
  }
  return CHARACTERS.test(word) ? charactersOf(cursor, from + 2, end) : undefined;
}

function charactersOf(cursor: Cursor, from: number, end: number): string | undefined {
  let text = '';
  for (let index = from; index < end; index += 2) {
    const code = numberAt(cursor, index);
    const next = cursor.token(index + 1).word;
    if (code === undefined || code === 0 || code > LAST_CODE || !/^(?:[,)]|using)$/.test(next)) return undefined;
    text += String.fromCharCode(code);
    if (next === 'using') break;
  }
  return text;
}

/** As often as the number at `at` says, which ends the call. */
function repeated(cursor: Cursor, text: string, at: number, end: number): string | undefined {
  const times = numberAt(cursor, at);
  if (times === undefined || at !== end - 2) return undefined;
  return times > MOST_REPEATED && !/^\s*$/.test(text) ? undefined : text.repeat(Math.min(times, MOST_REPEATED));
}

function numberAt(cursor: Cursor, index: number): number | undefined {
  const { kind, text } = cursor.token(index);
  return kind === 'number' && /^\d+$/.test(text) ? Number(text) : undefined;
}
