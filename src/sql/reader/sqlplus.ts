import { STATEMENT_WORDS } from './keywords.js';
import { pairBrackets } from './lexer.js';
import type { Token, TokenList } from './token.js';

const MAY_HAVE_SOME = /\/|\bexec/i;
/** What SQL*Plus runs behind EXEC as the one statement of a block. */
const RUN: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'select']);

/**
 * In scripts of SQL*Plus a `/` alone in its line, or behind a `;`, ends a statement or block, as a `;` does: it is read
 * as one, and keeps its text. EXEC ends with its line.
 */
export function withEnds(list: TokenList): TokenList {
  if (!MAY_HAVE_SOME.test(list.sql)) return list;
  const tokens: Token[] = [];
  let lineOfExec = -1;
  for (const [at, token] of list.tokens.entries()) {
    if (lineOfExec >= 0 && (token.start > lineOfExec || token.word === ';')) {
      if (token.word !== ';') tokens.push(endBefore(token));
      lineOfExec = -1;
    }
    const isFirst = /^;?$/.test(tokens.at(-1)?.word ?? '');
    if (token.word === '/' && endsStatement(list, at)) tokens.push({ ...token, word: ';' });
    else if (isFirst && /^exec(?:ute)?$/.test(token.word) && list.tokens[at + 1]?.word !== 'immediate') {
      const line = list.sql.indexOf('\n', token.end);
      lineOfExec = line < 0 ? list.sql.length : line;
      tokens.push(RUN.has(list.tokens[at + 1]?.word ?? '') ? endBefore(token) : token);
    } else tokens.push(token);
  }
  return { ...list, tokens, closes: pairBrackets(tokens).closes };
}

function endBefore({ start }: Token): Token {
  return { kind: 'punct', text: ';', word: ';', start, end: start };
}

/** True where `withEnds` has found one. */
export function isSlash(at: number, tokens: readonly Token[]): boolean {
  return tokens[at]?.text === '/' && tokens[at].word === ';';
}

function endsStatement({ sql, tokens }: TokenList, at: number): boolean {
  const token = tokens[at];
  if (tokens[at - 1]?.word === ';') return true;
  // what else stands behind it is divided by: `SUM(a) / SUM(b)` in three lines
  return token !== undefined && standsAlone(sql, token) && mayBegin(tokens[at + 1]);
}

function mayBegin(next: Token | undefined): boolean {
  if (next === undefined) return true;
  return next.kind === 'word' ? STATEMENT_WORDS.has(next.word) : /^(?:[;/@]|<<?)$/.test(next.word);
}

/** True for a token that has its line for itself. */
export function standsAlone(sql: string, { start, end }: Pick<Token, 'start' | 'end'>): boolean {
  const before = sql.slice(Math.max(0, start - MOST_BLANKS), start);
  const behind = sql.slice(end, end + MOST_BLANKS);
  return /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*(?:\r?\n|--|$)/.test(behind);
}

/** Characters around it in its line. */
const MOST_BLANKS = 100;
