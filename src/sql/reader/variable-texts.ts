import { signsOf } from './assignment-signs.js';
import type { Cursor } from './cursor.js';
import { isFilled } from './filled-variables.js';
import { maybeEmpty, glued } from './glued-text.js';
import { PIECE } from './piece.js';
import { addedTo, wholeText } from './pieced-text.js';

/** Texts that are put together of more are not read. */
const MOST_APPENDS = 50;
/** Variables in variables: the JavaScript stack must never be what sets the limit. */
const MOST_NESTED = 20;
/** Characters of what all variables of a text are found to hold. */
const MOST_CHARACTERS = 10_000_000;
/** Tokens between a variable and the DECLARE or SET of its list. */
const MOST_LISTED = 200;

/** What stands in front of a variable that gets a value. */
const STARTS: ReadonlySet<string> = new Set('; declare set let var begin then else loop do is'.split(' '));
/** In front of a list of parameters, whose values are defaults, of those of a call, or of comparisons. */
const NO_STARTS: ReadonlySet<string> = new Set(
  '; procedure proc function exec execute ( where and or on having when if'.split(' ')
);

interface Found {
  readonly texts: Map<string, string | undefined>;
  depth: number;
  characters: number;
}

const founds = new WeakMap<Cursor['list'], Found>();

/** Each variable is looked into once for each state that it is in. */
function remembered(cursor: Cursor, key: string, read: () => string | undefined): string | undefined {
  const found = founds.get(cursor.list) ?? { texts: new Map<string, string | undefined>(), depth: 0, characters: 0 };
  founds.set(cursor.list, found);
  if (found.texts.has(key)) return found.texts.get(key);
  if (found.depth >= MOST_NESTED || found.characters > MOST_CHARACTERS) return undefined;
  found.depth += 1;
  const text = read();
  found.depth -= 1;
  found.texts.set(key, text);
  found.characters += text?.length ?? 0;
  return text;
}

/**
 * The text that was last assigned to a variable before a token, with what was appended to it: `v := '…';`, `LET v
 * STRING := '…';`, `v STRING DEFAULT '…';`, `SET @v = '…';`. Snowflake refers to the variable of `SET v` as `$v`.
 */
export function assignedText(cursor: Cursor, variable: string, before = cursor.at): string | undefined {
  const name = variableName(cursor, variable);
  const found = signsOf(cursor, name);
  let last = found.length - 1;
  while (last >= 0 && (found[last] ?? 0) > before) last -= 1;
  return last < 0 ? undefined : remembered(cursor, `run ${last} ${name}`, () => lastText(cursor, name, found, last));
}

function lastText(cursor: Cursor, name: string, signs: readonly number[], last: number): string | undefined {
  let added = '';
  for (let at = last; at >= 0 && at > last - MOST_APPENDS; at -= 1) {
    const sign = signs[at] ?? 0;
    const more = appendedText(cursor, name, sign);
    if (more === undefined) {
      const text = wholeText(cursor, sign + 1, name);
      return text === undefined ? undefined : glued(text, added);
    }
    added = glued(more, added);
  }
  return undefined;
}

/** Of `SET @v += '…'`, `SET @v = @v + '…'`; `undefined` for what sets it anew. */
function appendedText(cursor: Cursor, name: string, sign: number): string | undefined {
  if (cursor.token(sign - 1).word !== '+') return addedTo(cursor, name, sign + 1);
  return wholeText(cursor, sign + 1, name, false) ?? PIECE;
}

/** As assignments have it: Snowflake's `$v` is set as `v`. */
function variableName(cursor: Cursor, variable: string): string {
  return (cursor.dialect === 'snowflake' ? variable.replace(/^\$/, '') : variable).toLowerCase();
}

/**
 * What a variable holds at `index`, when the text gives it no other value than that and an empty one before: `DECLARE
 * @t sysname = N'dbo.c'`, `SET @t = 'a';`, `t text := 'a';`. Of several clauses it is known that they end the word
 * before.
 */
export function constantText(cursor: Cursor, variable: string, index: number): string | undefined {
  const name = variableName(cursor, variable);
  const found = signsOf(cursor, name);
  if (found.length === 0 || found.length > MOST_APPENDS || isFilled(cursor, name)) return undefined;
  let last = found.length - 1;
  while (last >= 0 && (found[last] ?? 0) > index) last -= 1;
  return remembered(cursor, `of ${last} ${name}`, () => onlyText(cursor, name, found, last));
}

function onlyText(cursor: Cursor, name: string, signs: readonly number[], last: number): string | undefined {
  let text: string | undefined;
  const others: string[] = [];
  for (const [at, sign] of signs.entries()) {
    if (!isAssigned(cursor, name, sign)) return undefined;
    const more = at > 0 ? appendedText(cursor, name, sign) : undefined;
    if (more !== undefined) {
      if (at <= last) text = `${text ?? ''}${/^[\s,()]/.test(more) || text === '' ? more : PIECE}`;
      continue;
    }
    const value = cursor.token(sign + 1).word === 'null' ? '' : wholeText(cursor, sign + 1, name);
    if (value === undefined) return undefined;
    if (value !== '' || at === 0) others.push(value);
    if (at <= last) text = value;
  }
  const values = new Set(others.filter((value) => value !== ''));
  if (values.size > 1) return others.every((value) => /^(\s|$)/.test(value)) ? ` ${PIECE}` : undefined;
  if (text === '' && values.size > 0) return [...values].every((value) => /^\s/.test(value)) ? ` ${PIECE}` : undefined;
  return text !== undefined && others.includes('') ? maybeEmpty(text) : text;
}

/** False where the sign compares, or gives a parameter its default. */
function isAssigned(cursor: Cursor, name: string, sign: number): boolean {
  // of `SET (a, b) = ('x', 'y')`
  if (/^[(,]$/.test(cursor.token(sign).word)) return true;
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
    else if (word === 'select') return cursor.token(at).kind === 'parameter';
    else if (kind === 'end' || NO_STARTS.has(word)) return false;
  }
  return false;
}
