import { HARD_STATEMENT_WORDS } from './keywords.js';
import type { Token, TokenList } from './token.js';

/** In front of a name, or of a value. */
const BEFORE_NAMES: ReadonlySet<string> = new Set(
  '. , ( = < > <= >= <> + - * / % as from into join update table set select where by on and or distinct exec execute'.split(
    ' '
  )
);

/** True where GO at `index` stands alone in its line, with a count at most: there T-SQL's batches end. */
export function endsBatch({ sql, tokens }: Pick<TokenList, 'sql' | 'tokens'>, index: number): boolean {
  const token = tokens[index];
  if (token?.word !== 'go') return false;
  const before = sql.slice(Math.max(0, token.start - 100), token.start);
  const behind = sql.slice(token.end, token.end + 100);
  return /(?:^|\n)[ \t]*$/.test(before) && /^[ \t]*\d*[ \t]*(?:\r?\n|;|--|\/\*|$)/.test(behind);
}

/**
 * T-SQL's GO is a name wherever it ends no batch: `SELECT go FROM t`. In front of a statement it may have been alone in
 * its line, where blanks stand for all ends of lines. A string in double quotes can be no name behind SET
 * QUOTED_IDENTIFIER OFF, nor in `EXEC ("…")`.
 */
export function withoutFalseNames(list: TokenList): TokenList {
  const isQuoting = /"/.test(list.sql);
  if (!isQuoting && !/\bgo\b/i.test(list.sql)) return list;
  let isOff = false;
  let textsUntil = -1;
  const tokens = list.tokens.map((token, index): Token => {
    const before = list.tokens[index - 1];
    if (token.word === 'go' && !endsBatch(list, index) && !mayEndBatch(list, index))
      return { ...token, kind: 'quoted', word: '' };
    if (before?.word === 'quoted_identifier' && /^(?:on|off)$/.test(token.word)) isOff = token.word === 'off';
    if (token.word === '(' && /^exec(?:ute)?$/.test(before?.word ?? ''))
      textsUntil = list.closes.get(index) ?? list.tokens.length;
    const isText = (isOff || index < textsUntil) && token.kind === 'quoted' && list.sql[token.start] === '"';
    return isText ? { ...token, kind: 'string', text: list.sql.slice(token.start + 1, token.end - 1) } : token;
  });
  return { ...list, tokens };
}

function mayEndBatch({ tokens }: TokenList, index: number): boolean {
  if (BEFORE_NAMES.has(tokens[index - 1]?.word ?? '')) return false;
  const next = tokens[index + 1];
  return next === undefined || HARD_STATEMENT_WORDS.has(next.word) || /^(?:use|if|while|begin|print)$/.test(next.word);
}
