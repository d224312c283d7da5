import type { Cursor } from './cursor.js';

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
