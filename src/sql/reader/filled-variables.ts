import { isArgument } from './assignment-signs.js';
import type { Cursor } from './cursor.js';
import { isName } from './names.js';

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
  const constants = new Set<string>();
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    const { word } = cursor.token(index);
    // PL/SQL's `v CONSTANT VARCHAR2(30) := 'a'`: no call may fill it
    if (word === 'constant' && cursor.dialect === 'oracle') constants.add(nameAt(cursor, index - 1));
    if (cursor.dialect === 'oracle')
      for (const name of filledByCall(cursor, index)) if (!constants.has(name)) all.add(name);
    if (word === 'for') all.add(cursor.token(index + 1).text.toLowerCase());
    else if (ROUTINES.has(word)) for (const name of parametersOf(cursor, index)) all.add(name);
    else if (word === 'call') for (const name of argumentsOf(cursor, index)) all.add(name);
    else if (word === 'output' || word === 'out') {
      // Oracle's `USING IN OUT v`
      if (cursor.dialect === 'oracle') all.add(nameAt(cursor, index + 1));
      // `UPDATE t SET a = @v OUTPUT …` shows rows
      if (isArgument(cursor, index - 1)) all.add(cursor.token(index - 1).text.toLowerCase());
    } else if (word === 'into') {
      let at = index;
      do {
        at += cursor.token(at + 1).word === 'strict' ? 2 : 1;
        if (cursor.token(at).word === ':') at += 1;
        all.add(cursor.token(at).text.toLowerCase());
        at += 1;
        // fields of records, entries of collections
        while (/^[.(]$/.test(cursor.token(at).word))
          at = cursor.token(at).word === '.' ? at + 2 : cursor.closeOf(at) + 1;
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

/** What PL/SQL's statements stand behind. */
const STARTS: ReadonlySet<string> = new Set('; begin then else loop >>'.split(' '));
/** Oracle's own procedures that are told what they are given, and fill nothing. */
const TELLS =
  /^(?:sys\.)?(?:dbms_output\.put(?:_line)?|dbms_stats\.gather_\w+|dbms_application_info\.set_\w+|raise_application_error)$/;

/** Of PL/SQL's `p(a, x => b);` at `index`, which needs no CALL: only a variable that stands alone can be filled. */
function filledByCall(cursor: Cursor, index: number): readonly string[] {
  if (!isName(cursor.token(index)) || !STARTS.has(cursor.token(index - 1).word)) return [];
  let open = index + 1;
  while (cursor.token(open).word === '.') open += 2;
  if (cursor.token(open).word !== '(' || cursor.token(index).word === 'return') return [];
  const close = cursor.closeOf(open);
  const procedure = cursor.tokens.slice(index, open).map(({ text }) => text.toLowerCase());
  if (cursor.token(close + 1).word !== ';' || TELLS.test(procedure.join(''))) return [];
  const names: string[] = [];
  for (let at = open + 1; at < close; at += 1) {
    const isAlone = /^(?:[(,:>]|=>)$/.test(cursor.token(at - 1).word) && /^[,)]$/.test(cursor.token(at + 1).word);
    if (isAlone && isName(cursor.token(at))) names.push(cursor.token(at).text.toLowerCase());
    else if (cursor.token(at).word === '(') at = cursor.closeOf(at);
  }
  return names;
}

/** Of `v` and `:v`, in lower case. */
function nameAt(cursor: Cursor, at: number): string {
  return cursor.token(cursor.token(at).word === ':' ? at + 1 : at).text.toLowerCase();
}
