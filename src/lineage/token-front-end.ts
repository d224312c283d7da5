import { dialectTraits, type Dialect } from './dialect.js';
import { Cursor } from './reader/cursor.js';
import { tokenize } from './reader/lexer.js';
import { readScript } from './reader/scripts.js';
import type { Statement } from './tree.js';

export interface Reading {
  readonly statements: readonly Statement[];
  readonly doubts: readonly string[];
}

/** Reads a text with the project's own reader, which never fails: what it can't understand is told as doubts. */
export function readTokens(sql: string, dialect: Dialect, optionalSemicolon?: boolean): Reading {
  const traits = dialectTraits(dialect);
  const list = tokenize(sql, traits);
  const cursor = new Cursor(list, dialect, optionalSemicolon === undefined ? traits : { ...traits, optionalSemicolon });
  if (!list.whole) cursor.doubt('a quote, comment or bracket is left open');
  return { statements: readScript(cursor), doubts: cursor.doubts };
}
