import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';

/** Tokens between a variable and its sign: the type of a declaration. */
const MOST_TYPED = 6;
/** Tokens between an argument and the EXEC of its list. */
const MOST_LISTED = 200;

const SIGNS: ReadonlySet<string> = new Set([':=', '=', 'default']);
/** No variable's type has them. */
const ENDS: ReadonlySet<string> = new Set(
  `; , set declare exec execute if begin print and or select where from when then else end like in is between case loop collate
   while + - < > <= >= <> != ||`.split(/\s+/)
);
/** What stands in front of a variable that is compared or used, and gets no value. */
const ASKS: ReadonlySet<string> = new Set(
  `if elsif elseif while until when where and or on having not case like in between return
   = + - * / % < > <= >= <> != ||`.split(/\s+/)
);
/** Where `SET (a, b) = (1, 2)` gives values to variables. */
const SETS_LISTS: ReadonlySet<string> = new Set(['bigquery', 'snowflake', 'databricks', 'sparksql']);
const STATEMENTS: ReadonlySet<string> = new Set('; declare set select begin procedure proc function'.split(' '));

const signsIn = oncePerText(allSigns);

/** Where the `=` of each assignment to a variable is, in order, defaults of parameters included. */
export function signsOf(cursor: Cursor, variable: string): readonly number[] {
  return signsIn(cursor).get(variable) ?? [];
}

function allSigns(cursor: Cursor): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  const note = (index: number, sign: number): void => {
    const name = cursor.token(index).text.toLowerCase();
    const known = all.get(name);
    if (known === undefined) all.set(name, [sign]);
    else if (known.at(-1) !== sign) known.push(sign);
  };
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    const { kind, word } = cursor.token(index);
    if (kind !== 'word' && kind !== 'parameter') continue;
    if (word === 'set' && setsLists(cursor, index)) for (const [name, sign] of listed(cursor, index)) note(name, sign);
    const sign = signBehind(cursor, index);
    if (sign !== undefined && assigns(cursor, index, sign)) note(index, sign);
  }
  return all;
}

/** Db2's UPDATE has the same for columns. */
function setsLists(cursor: Cursor, set: number): boolean {
  if (cursor.dialect === 'ansi')
    return /^(?:|;|begin|atomic|then|else|do|loop|repeat)$/.test(cursor.token(set - 1).word);
  return SETS_LISTS.has(cursor.dialect);
}

/** The variables of `SET (a, b) = ('x', 'y')`, each with what stands in front of its value; else with the `=`. */
function listed(cursor: Cursor, set: number): readonly (readonly [number, number])[] {
  // Databricks' `SET VAR (a, b) = (SELECT …)`
  const open = /^var(?:iable)?$/.test(cursor.token(set + 1).word) ? set + 2 : set + 1;
  const names = startsOf(cursor, open);
  const sign = cursor.closeOf(open) + 1;
  if (names.length === 0 || cursor.token(sign).word !== '=') return [];
  const values = startsOf(cursor, sign + 1);
  return names.map((name, at) => {
    const value = values.length === names.length ? values[at] : undefined;
    return [name, value === undefined ? sign : value - 1];
  });
}

/** Where each entry of the list in brackets at `open` begins. */
function startsOf(cursor: Cursor, open: number): readonly number[] {
  if (cursor.token(open).word !== '(') return [];
  const close = cursor.closeOf(open);
  const starts = [open + 1];
  for (let index = open + 1; index < close; index += 1) {
    const { word } = cursor.token(index);
    if (word === '(' || word === '[') index = cursor.closeOf(index);
    else if (word === ',') starts.push(index + 1);
  }
  return starts;
}

/** Where the sign is that may give the variable at `index` a value. */
function signBehind(cursor: Cursor, index: number): number | undefined {
  // `SET @v += '…'` arrives as `+` and `=`
  if (cursor.token(index + 2).word === '=' && /^[-+*/%&|^]$/.test(cursor.token(index + 1).word)) return index + 2;
  for (let sign = index + 1; sign <= index + MOST_TYPED; sign += 1) {
    const { kind, word } = cursor.token(sign);
    if (SIGNS.has(word)) return sign;
    // `EXEC @procedure @stmt = N'…'`
    if (ENDS.has(word) || (kind === 'parameter' && cursor.dialect === 'tsql')) return undefined;
  }
  return undefined;
}

/** False where `=` compares, and where it belongs to the parameter of a procedure that is called. */
function assigns(cursor: Cursor, index: number, sign: number): boolean {
  if (cursor.token(sign).word !== '=') return true;
  // Snowflake's `:v`
  const before = cursor.token(index - 1).word === ':' ? index - 2 : index - 1;
  const { word } = cursor.token(before);
  if (ASKS.has(word)) return false;
  // a call's result is compared
  if (cursor.token(index + 1).word === ')') return false;
  if (word === '(') return sign > index + 1;
  return cursor.dialect !== 'tsql' || word.startsWith('exec') || !isArgument(cursor, before);
}

/** `EXEC p @a = 1, @b = 2` */
export function isArgument(cursor: Cursor, from: number): boolean {
  for (let at = from; at > from - MOST_LISTED; at -= 1) {
    const { kind, word } = cursor.token(at);
    if (kind === 'end' || STATEMENTS.has(word)) return false;
    if (/^exec(ute)?$/.test(word)) return true;
  }
  return false;
}
