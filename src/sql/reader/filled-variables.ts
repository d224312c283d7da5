import { isArgument } from './assignment-signs.js';
import type { Cursor } from './cursor.js';

/** Tokens of a list of parameters. */
const MOST_LISTED = 200;

const filled = new WeakMap<Cursor['list'], ReadonlySet<string>>();

/** True for a variable that may get a value by INTO, OUTPUT, a call or a loop as well, or is a parameter. */
export function isFilled(cursor: Cursor, name: string): boolean {
  let found = filled.get(cursor.list);
  if (found === undefined) {
    found = allFilled(cursor);
    filled.set(cursor.list, found);
  }
  return found.has(name);
}

function allFilled(cursor: Cursor): ReadonlySet<string> {
  const all = new Set<string>();
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    const { word } = cursor.token(index);
    if (word === 'for') all.add(cursor.token(index + 1).text.toLowerCase());
    else if (ROUTINES.has(word)) for (const name of parametersOf(cursor, index)) all.add(name);
    else if (word === 'call') for (const name of argumentsOf(cursor, index)) all.add(name);
    else if (word === 'output' || word === 'out') {
      // `UPDATE t SET a = @v OUTPUT …` shows rows
      if (isArgument(cursor, index - 1)) all.add(cursor.token(index - 1).text.toLowerCase());
    } else if (word === 'into') {
      let at = index;
      do {
        at += cursor.token(at + 1).word === 'strict' ? 2 : 1;
        if (cursor.token(at).word === ':') at += 1;
        all.add(cursor.token(at).text.toLowerCase());
        at += 1;
      } while (cursor.token(at).word === ',');
    }
  }
  return all;
}

const ROUTINES: ReadonlySet<string> = new Set(['procedure', 'proc', 'function']);

/** Of `CREATE PROCEDURE p (a text)` and T-SQL's `CREATE PROCEDURE p @a int AS …`, among other words of the list. */
function parametersOf(cursor: Cursor, routine: number): readonly string[] {
  const listed = argumentsOf(cursor, routine);
  if (listed.length > 0 || cursor.dialect !== 'tsql') return listed;
  let end = routine + 1;
  while (end < routine + MOST_LISTED && !/^(as|;)$/.test(cursor.token(end).word)) end += 1;
  return cursor.tokens.slice(routine, end).map(({ text }) => text.toLowerCase());
}

/** Of `CALL p(a, b)`, in lower case: a procedure may fill its parameters. */
function argumentsOf(cursor: Cursor, call: number): readonly string[] {
  let open = call + 1;
  while (open < call + MOST_NAMED && cursor.token(open).word !== '(') open += 1;
  if (cursor.token(open).word !== '(') return [];
  return cursor.tokens.slice(open, cursor.closeOf(open)).map(({ text }) => text.toLowerCase());
}

/** Tokens of `CALL a.b.c(`. */
const MOST_NAMED = 7;
