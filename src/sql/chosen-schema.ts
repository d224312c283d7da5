import type { Dialect } from './dialect.js';
import { Cursor } from './reader/cursor.js';
import { isName, partOf } from './reader/names.js';
import type { Token } from './reader/token.js';
import { tokensOf } from './token-front-end.js';

/** Whatever has no USE, but for those of index hints, chooses nothing, and most texts have none. */
const MAY_CHOOSE = /\buse\b(?!\s+(?:index|key)\b)/i;

/** The schema that the last USE of a text leaves its session in: one outside of strings and comments. */
export function chosenSchema(sql: string, dialect: Dialect): string | undefined {
  if (!MAY_CHOOSE.test(sql)) return undefined;
  const cursor = new Cursor(tokensOf(sql, dialect), dialect);
  let chosen: string | undefined;
  while (!cursor.done) {
    if (cursor.sees('use') && (cursor.at + 2 >= cursor.tokens.length || cursor.peek(2).word === ';'))
      chosen = nameIn(sql, cursor.peek(1)) ?? chosen;
    while (!cursor.done && !cursor.sees(';')) cursor.next();
    cursor.next();
  }
  return chosen;
}

/** Names in double quotes are those of ANSI_QUOTES: a USE takes no string. */
function nameIn(sql: string, token: Token): string | undefined {
  if (token.kind === 'string') return sql.charAt(token.start) === '"' ? token.text : undefined;
  // a name of MySQL may begin with the sign of other engines' parameters
  if (token.kind === 'parameter' && token.text.startsWith('$')) return token.text;
  return isName(token) ? partOf(token).text : undefined;
}
