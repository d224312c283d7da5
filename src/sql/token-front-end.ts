import { dialectTraits, type Dialect } from './dialect.js';
import { Cursor } from './reader/cursor.js';
import { tokenize } from './reader/lexer.js';
import { readScript } from './reader/scripts.js';
import type { TokenList } from './reader/token.js';
import type { Statement } from './tree.js';

export interface Reading {
  readonly statements: readonly Statement[];
  readonly doubts: readonly string[];
  /** True when the text of a literal is part of the reading. */
  readonly usesLiterals: boolean;
}

/** Reads a text with the project's own reader, which never fails: what it can't understand is told as doubts. */
export function readTokens(sql: string, dialect: Dialect, optionalSemicolon?: boolean): Reading {
  return readTokenList(tokenize(sql, dialectTraits(dialect)), dialect, optionalSemicolon);
}

/** The same for a text that is cut into tokens already. */
export function readTokenList(list: TokenList, dialect: Dialect, optionalSemicolon?: boolean): Reading {
  const traits = dialectTraits(dialect);
  const cursor = new Cursor(list, dialect, optionalSemicolon === undefined ? traits : { ...traits, optionalSemicolon });
  if (!list.whole) cursor.doubt('a quote, comment or bracket is left open, or the text is cut');
  const statements = readScript(cursor);
  return { statements, doubts: cursor.doubts, usesLiterals: cursor.usesLiterals };
}
