import type { Cursor } from './cursor.js';
import { addedTo, piecedText } from './pieced-text.js';

/** Texts that are put together of more are not read. */
const MOST_APPENDS = 50;

/**
 * The text that was last assigned to a variable, with what was appended to it: `v := '…';`, `LET v STRING := '…';`,
 * `v STRING DEFAULT '…';`, `SET @v = '…';`. Snowflake refers to the variable of `SET v` as `$v`.
 */
export function assignedText(cursor: Cursor, variable: string): string | undefined {
  const name = variableName(cursor, variable);
  const found = signsOf(cursor, name);
  let added = '';
  for (let last = found.length - 1, appends = 0; last >= 0 && appends < MOST_APPENDS; last -= 1) {
    const sign = found[last] ?? 0;
    if (sign > cursor.at) continue;
    // `SET @v += '…'`, `SET @v = @v + '…'`
    const isPlus = cursor.token(sign - 1).word === '+';
    const more = isPlus ? (joinedText(cursor, sign + 1) ?? '') : addedTo(cursor, name, sign + 1);
    if (more === undefined) {
      const text = joinedText(cursor, sign + 1);
      return text === undefined ? undefined : text + added;
    }
    added = more + added;
    appends += 1;
  }
  return undefined;
}

/** As assignments have it: Snowflake's `$v` is set as `v`. */
export function variableName(cursor: Cursor, variable: string): string {
  return (cursor.dialect === 'snowflake' ? variable.replace(/^\$/, '') : variable).toLowerCase();
}

/** What `'…' || '…'`, CONCAT('…', …) or FORMAT('…', …) at `from` makes, up to the statement's end. */
function joinedText(cursor: Cursor, from: number): string | undefined {
  const isCall = /^(concat|format)$/.test(cursor.token(from).word) && cursor.token(from + 1).word === '(';
  const first = isCall ? from + 2 : from;
  if (cursor.token(first).kind !== 'string') return undefined;
  const { text, isWhole, isListed } = piecedText(cursor, first);
  // the next variable of a DECLARE may follow
  return isWhole || isListed ? text : undefined;
}

const signs = new WeakMap<Cursor['list'], ReadonlyMap<string, readonly number[]>>();

/** Where the `=` of each assignment to a variable is, in order: they are searched for once in a text. */
export function signsOf(cursor: Cursor, variable: string): readonly number[] {
  let found = signs.get(cursor.list);
  if (found === undefined) {
    found = allSigns(cursor);
    signs.set(cursor.list, found);
  }
  return found.get(variable) ?? [];
}

function allSigns(cursor: Cursor): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    const { kind, text } = cursor.token(index);
    if (kind !== 'word' && kind !== 'parameter') continue;
    const sign = signBehind(cursor, index);
    if (sign === undefined) continue;
    const name = text.toLowerCase();
    const known = all.get(name);
    if (known === undefined) all.set(name, [sign]);
    else if (known.at(-1) !== sign) known.push(sign);
  }
  return all;
}

/** Where the `=` of an assignment to the variable at `index` is. */
function signBehind(cursor: Cursor, index: number): number | undefined {
  for (let sign = index + 1; sign < index + 7; sign += 1) {
    const { word } = cursor.token(sign);
    if (SIGNS.has(word)) return sign;
    if (ENDS.has(word)) return undefined;
  }
  return undefined;
}

const SIGNS: ReadonlySet<string> = new Set([':=', '=', 'default']);
const ENDS: ReadonlySet<string> = new Set('; , set declare exec execute if begin print'.split(' '));
