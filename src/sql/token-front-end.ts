import { dialectTraits, type Dialect, type DialectTraits } from './dialect.js';
import type { LineageOptions } from './query-lineage.js';
import type { SqlSession } from './sql-session.js';
import { inlineData } from './inline-data.js';
import { delimitedParts } from './reader/delimiters.js';
import { Cursor } from './reader/cursor.js';
import { scanTokens, tokenize } from './reader/lexer.js';
import { readScript } from './reader/scripts.js';
import { withoutOwnForms } from './reader/own-forms.js';
import { withQuotedNames } from './reader/quoted-names.js';
import type { TokenList } from './reader/token.js';
import type { Statement } from './statement-tree.js';

export interface Reading {
  readonly statements: readonly Statement[];
  readonly doubts: readonly string[];
  /** True when a literal affects the reading. */
  readonly usesLiterals: boolean;
}

/** What the reader must know besides the dialect. */
type ReadOptions = Pick<LineageOptions, 'optionalSemicolon' | 'exactNames'> & SqlSession;

/** Reads SQL. Never fails: what can't be understood is reported as doubts. */
export function readTokens(sql: string, dialect: Dialect, options: ReadOptions = {}): Reading {
  return readTokenList(tokensOf(sql, dialect, options), dialect, options);
}

/** Cuts SQL into tokens according to its dialect, or to the session that wrote it. */
export function tokensOf(sql: string, dialect: Dialect, options: ReadOptions = {}): TokenList {
  return tokenize(sql, traitsOf(sql, dialect, options), inlineData(sql, dialect));
}

/** From where to where each string and quoted name of SQL reaches. */
export function stringPlaces(
  sql: string,
  dialect: Dialect,
  session: SqlSession = {}
): readonly (readonly [start: number, end: number])[] {
  const places: (readonly [number, number])[] = [];
  scanTokens(sql, ofSession(dialectTraits(dialect), session), ({ kind, start, end }) => {
    if (kind === 'string' || kind === 'quoted') places.push([start, end]);
    return true;
  });
  return places;
}

/** `readTokens` for SQL that is already tokenized. */
export function readTokenList(list: TokenList, dialect: Dialect, options: ReadOptions = {}): Reading {
  const { traits } = list;
  const parts = traits.versionedComments ? delimitedParts(list.sql) : undefined;
  const lists = parts?.map((part) => tokenize(part, traits)) ?? [list];
  const readings = lists.map((each) => readList(each, dialect, options));
  return {
    statements: readings.flatMap((reading) => reading.statements),
    doubts: readings.flatMap((reading) => reading.doubts),
    usesLiterals: readings.some((reading) => reading.usesLiterals),
  };
}

function readList(list: TokenList, dialect: Dialect, { optionalSemicolon, exactNames }: ReadOptions): Reading {
  const traits = {
    ...list.traits,
    ...(optionalSemicolon === undefined ? {} : { optionalSemicolon }),
    ...(exactNames === undefined ? {} : { exactNames }),
  };
  const cursor = new Cursor(withoutOwnForms(list, dialect), dialect, traits);
  if (!list.whole) cursor.doubt('a quote, comment or bracket is left open, or the text is cut');
  const statements = readScript(cursor);
  return { statements, doubts: cursor.doubts, usesLiterals: cursor.usesLiterals };
}

/**
 * The dialect's traits; for MySQL as its session read SQL, and with names in double quotes when the SQL was written
 * under ANSI_QUOTES.
 */
export function traitsOf(sql: string, dialect: Dialect, session: SqlSession = {}): DialectTraits {
  const given = dialectTraits(dialect);
  if (!given.versionedComments) return given;
  return withQuotedNames(sql, ofSession(given, session), session.pipesAsConcat === false);
}

function ofSession(traits: DialectTraits, session: SqlSession): DialectTraits {
  const { pipesAsConcat, ansiQuotes, plainBackslashes, server } = session;
  if ((pipesAsConcat ?? ansiQuotes ?? plainBackslashes ?? server) === undefined) return traits;
  return {
    ...traits,
    ...(pipesAsConcat === undefined ? {} : { pipesOr: !pipesAsConcat }),
    ...(ansiQuotes === true ? { doubleQuotedStrings: false } : {}),
    ...(plainBackslashes === true ? { backslashEscapes: false } : {}),
    ...(server === undefined ? {} : { server }),
  };
}
