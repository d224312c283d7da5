import type { Token, TokenList } from './token.js';

/**
 * A `/` alone in its line, or behind a `;`, ends a statement or block in scripts of SQL*Plus, as a `;` does: it is
 * read as one, and keeps its text.
 */
export function withSlashes(list: TokenList): TokenList {
  if (!list.sql.includes('/')) return list;
  let isChanged = false;
  const tokens = list.tokens.map((token, at): Token => {
    if (token.word !== '/' || !endsStatement(list, at)) return token;
    isChanged = true;
    return { ...token, word: ';' };
  });
  return isChanged ? { ...list, tokens } : list;
}

/** True where `withSlashes` has found one. */
export function isSlash(at: number, tokens: readonly Token[]): boolean {
  return tokens[at]?.text === '/' && tokens[at].word === ';';
}

function endsStatement({ sql, tokens }: TokenList, at: number): boolean {
  if (tokens[at - 1]?.word === ';') return true;
  const { start, end } = tokens[at] ?? { start: 0, end: 0 };
  const before = sql.slice(Math.max(0, start - MOST_BLANKS), start);
  const behind = sql.slice(end, end + MOST_BLANKS);
  return /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*(?:\r?\n|--|$)/.test(behind);
}

/** Characters around it in its line. */
const MOST_BLANKS = 100;
