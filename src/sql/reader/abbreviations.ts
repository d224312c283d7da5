import { pairBrackets } from './lexer.js';
import { NOT_RELATION_ALIAS } from './keywords.js';
import type { Token, TokenList } from './token.js';

const MAY_HAVE_SOME = /\b(?:sel|del|ins|upd|locking|lock|bt|et|ct|cv|database)\b/i;
/** What statements stand behind. */
const STARTS: ReadonlySet<string> = new Set('; begin then else do loop'.split(' '));
/** What queries stand behind, as well as names of tables that are filled. */
const BEFORE_QUERIES: ReadonlySet<string> = new Set(
  '( ) as union all except minus intersect distinct explain'.split(' ')
);
/** At the start of a statement that goes on with a name. */
const VERBS: ReadonlyMap<string, readonly string[]> = new Map([
  ['del', ['delete']],
  ['ins', ['insert']],
  ['upd', ['update']],
  ['ct', ['create', 'table']],
  ['cv', ['create', 'view']],
  ['database', ['use']],
]);
/** Tokens of `LOCKING TABLE a.b FOR ACCESS MODE NOWAIT`. */
const MOST_LOCKING = 9;

/**
 * Teradata's own words as the standard's: SEL, DEL, INS, UPD, CT, CV, `DATABASE d`; without BT, ET and what is locked
 * in front of a statement. Where such a word may be a name it stays one.
 */
export function withoutAbbreviations(list: TokenList): TokenList {
  if (!MAY_HAVE_SOME.test(list.sql)) return list;
  const tokens: Token[] = [];
  for (let at = 0; at < list.tokens.length; at += 1) {
    const token = tokenAt(list, at);
    const locked = endOfLocking(list, at, tokens.at(-1));
    if (locked !== undefined) at = locked - 1;
    else if (!/^(?:bt|et)$/.test(token.word) || !standsAlone(list, at))
      tokens.push(...wordsOf(list, at, tokens.at(-1)).map((word) => ({ ...token, word })));
  }
  return { ...list, tokens, closes: pairBrackets(tokens).closes };
}

function wordsOf(list: TokenList, at: number, before: Token | undefined): readonly string[] {
  const { kind, word } = tokenAt(list, at);
  if (kind !== 'word') return [word];
  if (word === 'sel') return startsQuery(list, at, before) ? ['select'] : [word];
  const words = VERBS.get(word);
  const next = tokenAt(list, at + 1);
  if (words === undefined || !startsStatement(before)) return [word];
  // `CASE WHEN a THEN ins ELSE upd END`, and what MERGE does
  if (before?.word === 'then' || before?.word === 'else')
    return (word === 'ins' && /^(?:\(|values|into)$/.test(next.word)) || (word === 'upd' && next.word === 'set')
      ? words
      : [word];
  return next.kind === 'word' || next.kind === 'quoted' ? words : [word];
}

function startsStatement(before: Token | undefined): boolean {
  return before === undefined || STARTS.has(before.word);
}

function startsQuery(list: TokenList, at: number, before: Token | undefined): boolean {
  const next = tokenAt(list, at + 1);
  if (next.kind === 'end' || (next.kind === 'punct' && !/^[*(-]$/.test(next.word))) return false;
  if (startsStatement(before)) return true;
  if (next.word === 'as' || NOT_RELATION_ALIAS.has(next.word)) return false;
  // no product, and no list of an alias's columns
  if (next.word === '*' && !/^(?:from|,)$/.test(tokenAt(list, at + 2).word)) return false;
  if ((next.word === '(' && before?.word === ')') || (/^[-(]$/.test(next.word) && before?.word === '(')) return false;
  return BEFORE_QUERIES.has(before?.word ?? '') || isFilled(list, at - 1);
}

/** `INS INTO a.b`, `INSERT a`, whose name ends at `at` */
function isFilled(list: TokenList, at: number): boolean {
  let first = at;
  while (tokenAt(list, first - 1).word === '.') first -= 2;
  return /^(?:into|insert|ins)$/.test(tokenAt(list, first - 1).word);
}

/** `BT;` */
function standsAlone(list: TokenList, at: number): boolean {
  return /^;?$/.test(tokenAt(list, at + 1).word) && /^;?$/.test(tokenAt(list, at - 1).word);
}

/** Behind `LOCKING ROW FOR ACCESS` and its like; `undefined` where there is none. */
function endOfLocking(list: TokenList, at: number, before: Token | undefined): number | undefined {
  if (!/^lock(?:ing)?$/.test(tokenAt(list, at).word)) return undefined;
  if (!startsStatement(before) && before?.word !== 'as' && before?.word !== '(') return undefined;
  for (let mode = at + 2; mode < at + MOST_LOCKING; mode += 1) {
    if (!/^(?:access|read|write|share|exclusive|checksum)$/.test(tokenAt(list, mode).word)) continue;
    let end = mode + 1;
    while (/^(?:mode|nowait)$/.test(tokenAt(list, end).word)) end += 1;
    return tokenAt(list, end).kind === 'word' && tokenAt(list, end).word !== '' ? end : undefined;
  }
  return undefined;
}

function tokenAt({ tokens }: TokenList, at: number): Token {
  return tokens[at] ?? { kind: 'end', text: '', word: '', start: 0, end: 0 };
}
