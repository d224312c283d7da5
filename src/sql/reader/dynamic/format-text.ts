import type { Dialect } from '../../dialect.js';
import { hasPiece, PIECE } from './piece.js';
import { eachOf, isOne } from './possible-texts.js';

/** What FORMAT fills in: `%s`, `%I`, `%1$L`, `%t`. */
const PLACEHOLDER = /%(?:%|(?:(\d+)\$)?[-+ #0]*\d*(?:\.\d+)?[A-Za-z])/g;
/** Characters of what FORMAT puts into a place, which may be there many times; names are short. */
const MOST_FORMATTED = 300;

/** What FORMAT makes of its first argument with the others. */
export function formatText(format: string, values: readonly string[], dialect: Dialect): string {
  return eachOf(format, (one) => filledIn(one, values, dialect));
}

function filledIn(format: string, values: readonly string[], dialect: Dialect): string {
  let next = 0;
  return format.replace(PLACEHOLDER, (found: string, place: string | undefined) => {
    if (found === '%%') return '%';
    const number = place === undefined ? next : Number(place) - 1;
    next = number + 1;
    const value = values[number] ?? PIECE;
    if (value.length > MOST_FORMATTED) return PIECE;
    if (found.endsWith('s')) return value;
    return found.endsWith('I') ? quotedNames(value, dialect) : PIECE;
  });
}

/** As a name of the dialect, or each that it may be. */
export function quotedNames(name: string, dialect: Dialect): string {
  if (!isOne(name)) return eachOf(name, (one) => quotedNames(one, dialect));
  if (hasPiece(name)) return PIECE;
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name;
  return dialect === 'tsql' ? `[${name.replaceAll(']', ']]')}]` : `"${name.replaceAll('"', '""')}"`;
}
