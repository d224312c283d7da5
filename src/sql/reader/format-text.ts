import type { Dialect } from '../dialect.js';
import { alone, glued } from './glued-text.js';
import { hasPiece, PIECE } from './piece.js';

/** What FORMAT fills in: `%s`, `%I`, `%1$L`, `%t`. */
const PLACEHOLDER = /%(?:%|(?:(\d+)\$)?[-+ #0]*\d*(?:\.\d+)?[A-Za-z])/g;
/** Characters of what FORMAT puts into a place, which may be there many times; names are short. */
const MOST_FORMATTED = 300;

/** What FORMAT makes of its first argument with the others. */
export function formatText(format: string, values: readonly string[], dialect: Dialect): string {
  let next = 0;
  return format.replace(PLACEHOLDER, (found: string, place: string | undefined, offset: number) => {
    if (found === '%%') return '%';
    const number = place === undefined ? next : Number(place) - 1;
    next = number + 1;
    const value = values[number] ?? PIECE;
    if (hasPiece(value) || value.length > MOST_FORMATTED) return PIECE;
    if (found.endsWith('s')) return glued(format.slice(0, offset), value).slice(offset);
    return found.endsWith('I') ? quotedName(alone(value), dialect) : PIECE;
  });
}

/** As a name of the dialect. */
export function quotedName(name: string, dialect: Dialect): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name;
  return dialect === 'tsql' ? `[${name.replaceAll(']', ']]')}]` : `"${name.replaceAll('"', '""')}"`;
}
