import { signsOf } from './assignment-signs.js';
import { variableName } from './assignments.js';
import type { Cursor } from './cursor.js';
import { writtenText } from './written-text.js';

/** Characters of a value: names are short. */
const MOST_CHARACTERS = 300;
/** Tokens between a variable and the DECLARE or SET of its list. */
const MOST_LISTED = 200;

/** What stands in front of a variable that gets a value. */
const STARTS: ReadonlySet<string> = new Set('; declare set let var begin then else loop do'.split(' '));
/** In front of a list of parameters, whose values are defaults, of those of a call, or of comparisons. */
const NO_STARTS: ReadonlySet<string> = new Set(
  '; procedure proc function exec execute ( where and or on having when if'.split(' ')
);

/**
 * The string that a variable holds at `index`, when the text gives it no other: `DECLARE @t sysname = N'dbo.c'`, `SET
 * @t = 'a';`, `t text := 'a';`.
 */
export function constantText(cursor: Cursor, variable: string, index: number): string | undefined {
  const name = variableName(cursor, variable);
  const [sign, ...others] = signsOf(cursor, name);
  if (sign === undefined || others.length > 0 || sign > index || isFilled(cursor, name)) return undefined;
  const value = cursor.token(sign + 1);
  if (value.kind !== 'string' || value.text.length > MOST_CHARACTERS || !endsValue(cursor, sign + 2)) return undefined;
  return isAssigned(cursor, name, sign) ? writtenText(cursor.sql, value, cursor.traits).text : undefined;
}

/** Nothing is added to the string. */
function endsValue(cursor: Cursor, index: number): boolean {
  const { kind, word } = cursor.token(index);
  return kind === 'end' || word === ';' || word === ',' || (kind === 'word' && cursor.traits.optionalSemicolon);
}

/** False where the sign compares, or gives a parameter its default. */
function isAssigned(cursor: Cursor, name: string, sign: number): boolean {
  let at = sign - 1;
  while (at > sign - 8 && cursor.token(at).text.toLowerCase() !== name) at -= 1;
  const before = cursor.token(at - 1);
  // T-SQL's `SELECT @t = N'a'`
  if (STARTS.has(before.word) || before.kind === 'end') return true;
  if (before.word === 'select') return cursor.token(at).kind === 'parameter';
  if (before.word !== ',') return false;
  let depth = 0;
  for (let back = at - 1; back > at - MOST_LISTED; back -= 1) {
    const { kind, word } = cursor.token(back);
    // the size of a type in the list: `DECLARE @sql nvarchar(max), @t sysname = N'c'`
    if (word === ')') depth += 1;
    else if (word === '(' && depth > 0) depth -= 1;
    else if (depth > 0 && kind !== 'end') continue;
    else if (word === 'declare' || word === 'set') return true;
    else if (kind === 'end' || NO_STARTS.has(word)) return false;
  }
  return false;
}

const filled = new WeakMap<Cursor['list'], ReadonlySet<string>>();

/** True for a variable that may get a value by INTO, OUTPUT, a call or a loop as well, or is a parameter. */
function isFilled(cursor: Cursor, name: string): boolean {
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
    else if (word === 'output' || word === 'out') all.add(cursor.token(index - 1).text.toLowerCase());
    else if (word === 'into') {
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
