import type { Dialect } from './dialect.js';
import { Cursor } from './reader/cursor.js';
import { isName, partOf } from './reader/names.js';
import type { Token } from './reader/token.js';
import { skipSetStatement } from './reader/set-statement.js';
import type { SqlSession } from './sql-session.js';
import { tokensOf } from './token-front-end.js';

/**
 * Whatever has no USE, but for those of index hints, chooses nothing, and most texts have none. One may stand behind
 * digits: `/*!40000use s`.
 */
const MAY_CHOOSE = /(?<![a-z_$])use\b(?!\s+(?:index|key)\b)/i;

/** The schemas that the USEs of a text choose, one after another: those outside of strings and comments. */
export function chosenSchemas(sql: string, dialect: Dialect, session?: SqlSession): readonly string[] {
  return chosenIn(sql, dialect, session).map(({ name }) => name);
}

/** A text up to the first of its USEs that the server refused, with which it stopped; else all of it. */
export function textUpToRefused(
  sql: string,
  dialect: Dialect,
  isRefused: (schema: string) => boolean,
  session?: SqlSession
): string {
  const refused = chosenIn(sql, dialect, session).find(({ name }) => isRefused(name));
  return refused === undefined ? sql : sql.slice(0, refused.end);
}

interface Chosen {
  readonly name: string;
  /** Behind the name. */
  readonly end: number;
}

function chosenIn(sql: string, dialect: Dialect, session?: SqlSession): readonly Chosen[] {
  if (!MAY_CHOOSE.test(sql)) return [];
  const cursor = new Cursor(tokensOf(sql, dialect, session), dialect);
  const chosen: Chosen[] = [];
  while (!cursor.done) {
    skipSetStatement(cursor);
    const isUse = cursor.sees('use') && (cursor.at + 2 >= cursor.tokens.length || cursor.peek(2).word === ';');
    const name = isUse ? nameIn(sql, cursor.peek(1)) : undefined;
    if (name !== undefined) chosen.push({ name, end: cursor.peek(1).end });
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
