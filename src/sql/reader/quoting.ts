import type { DialectTraits } from '../dialect.js';
import { codeInComment } from './code-comments.js';

export interface Quoted {
  readonly kind: 'string' | 'quoted';
  readonly text: string;
  readonly end: number;
  readonly closed: boolean;
}

export interface Comment {
  readonly end: number;
  readonly closed: boolean;
}

const COMMENT_MARK = /\/\*|\*\//g;
/** Which runs whatever a server of MySQL may run. */
const ANY_MYSQL = { isMariaDb: false };
/** In front of BigQuery's strings: raw ones, and bytes. */
const PREFIX = /(?:rb?|br?)(?=['"])/iy;
const DOLLAR_TAG = /\$(?:[A-Za-z_]\w*)?\$/y;

/**
 * The comment that starts at `at`, if one does. Of a comment that MySQL or MariaDB runs only the marks are skipped; in
 * one that it doesn't run, comments have ends of their own.
 *
 * @param isOneLine newlines are written as backslash and n
 */
export function skipComment(sql: string, at: number, traits: DialectTraits, isOneLine = false): Comment | undefined {
  const first = sql.charCodeAt(at);
  const second = sql.charCodeAt(at + 1);
  if (first === 45 && second === 45) {
    // MySQL reads `5--1` as arithmetic: the second dash needs a blank after it.
    if (traits.versionedComments && sql.charCodeAt(at + 2) > 32) return undefined;
    return lineEnd(sql, at, isOneLine);
  }
  if (first === 35 && traits.hashComments) return lineEnd(sql, at, isOneLine);
  if (first === 47 && second === 47 && traits.slashComments) return lineEnd(sql, at, isOneLine);
  if (first === 42 && second === 47 && traits.versionedComments) return { end: at + 2, closed: true };
  if (first !== 47 || second !== 42) return undefined;
  const code = traits.versionedComments ? codeInComment(sql, at, traits.server ?? ANY_MYSQL) : undefined;
  if (typeof code === 'number') return { end: code, closed: true };
  if (traits.nestedComments || code === 'not run') return nestedComment(sql, at);
  const close = sql.indexOf('*/', at + 2);
  return close < 0 ? { end: sql.length, closed: false } : { end: close + 2, closed: true };
}

function nestedComment(sql: string, at: number): Comment {
  COMMENT_MARK.lastIndex = at;
  let depth = 0;
  for (let mark = COMMENT_MARK.exec(sql); mark !== null; mark = COMMENT_MARK.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return { end: COMMENT_MARK.lastIndex, closed: true };
  }
  return { end: sql.length, closed: false };
}

function lineEnd(sql: string, at: number, isOneLine: boolean): Comment {
  const mark = isOneLine ? '\\n' : '\n';
  const newline = sql.indexOf(mark, at);
  return { end: newline < 0 ? sql.length : newline + mark.length, closed: true };
}

/** The quoted name or string that starts at `at`, if one does. */
export function readQuoted(sql: string, at: number, traits: DialectTraits): Quoted | undefined {
  const mark = sql.charAt(at);
  switch (mark) {
    case "'":
      if (traits.tripleQuotedStrings === true && sql.startsWith("'''", at)) return readTriple(sql, at, at);
      return readString(sql, at, at, "'", traits.backslashEscapes);
    case '"':
      if (traits.tripleQuotedStrings === true && sql.startsWith('"""', at)) return readTriple(sql, at, at);
      if (traits.doubleQuotedStrings && sql.startsWith('"""', at)) return untilMark(sql, at, '"""');
      if (traits.doubleQuotedStrings) return readString(sql, at, at, '"', traits.backslashEscapes);
      return readName(sql, at, '"');
    case '`':
      return readName(sql, at, '`');
    case '[':
      return traits.bracketNames ? readName(sql, at, ']') : undefined;
    case '$':
      return traits.dollarStrings ? readDollar(sql, at) : undefined;
    default:
      return readPrefixed(sql, at, mark, traits);
  }
}

/** `E'…'` and `N'…'`, raw strings, and Oracle's `q'[…]'`. */
function readPrefixed(sql: string, at: number, mark: string, traits: DialectTraits): Quoted | undefined {
  const next = sql.charCodeAt(at + 1);
  if (traits.tripleQuotedStrings === true && /[rb]/i.test(mark)) {
    PREFIX.lastIndex = at;
    const prefix = PREFIX.exec(sql)?.[0];
    if (prefix !== undefined) return readBehindPrefix(sql, at, at + prefix.length);
  }
  // most words are told by their second sign to be none of these: a quote, the & of `u&` or the q of `nq`
  if (next !== 39 && next !== 34 && next !== 38 && next !== 113 && next !== 81) return undefined;
  // `U&'\0041'`
  if (/^u&'/i.test(sql.slice(at, at + 3))) return readString(sql, at, at + 2, "'", false);
  // Oracle's `nq'[…]'`
  if (/^nq'/i.test(sql.slice(at, at + 3))) return readAlternative(sql, at + 1);
  if (next !== 39 && !(next === 34 && traits.doubleQuotedStrings)) return undefined;
  const quote = String.fromCharCode(next);
  switch (mark) {
    case 'e':
    case 'E':
      return readString(sql, at, at + 1, quote, true);
    case 'r':
    case 'R':
      return readString(sql, at, at + 1, quote, false);
    case 'q':
    case 'Q':
      return readAlternative(sql, at);
    case 'n':
    case 'N':
    case 'b':
    case 'B':
    case 'x':
    case 'X':
      return readString(sql, at, at + 1, quote, traits.backslashEscapes);
    default:
      return undefined;
  }
}

function readString(sql: string, start: number, open: number, quote: string, backslashes: boolean): Quoted {
  const mark = quote.charCodeAt(0);
  let at = open + 1;
  for (; at < sql.length; at += 1) {
    const code = sql.charCodeAt(at);
    if (code === 92 && backslashes) at += 1;
    else if (code === mark) {
      if (sql.charCodeAt(at + 1) !== mark)
        return { kind: 'string', text: sql.slice(open + 1, at), end: at + 1, closed: true };
      at += 1;
    }
  }
  return { kind: 'string', text: sql.slice(open + 1), end: Math.max(sql.length, start + 1), closed: false };
}

function readBehindPrefix(sql: string, start: number, open: number): Quoted {
  const quote = sql.charAt(open);
  return sql.startsWith(quote.repeat(3), open)
    ? readTriple(sql, start, open)
    : readString(sql, start, open, quote, true);
}

/** `'''…'''`, `"""…"""` */
function readTriple(sql: string, start: number, open: number): Quoted {
  const mark = sql.charAt(open).repeat(3);
  const from = open + mark.length;
  for (let at = from; at < sql.length; at += 1) {
    if (sql.charCodeAt(at) === 92) at += 1;
    else if (sql.startsWith(mark, at))
      return { kind: 'string', text: sql.slice(from, at), end: at + mark.length, closed: true };
  }
  return { kind: 'string', text: sql.slice(from), end: Math.max(sql.length, start + 1), closed: false };
}

function readName(sql: string, at: number, close: string): Quoted {
  let from = at + 1;
  for (;;) {
    const end = sql.indexOf(close, from);
    if (end < 0) return { kind: 'quoted', text: sql.slice(at + 1), end: sql.length, closed: false };
    if (sql.charAt(end + 1) !== close) {
      const text = sql.slice(at + 1, end);
      return {
        kind: 'quoted',
        text: text.includes(close) ? text.replaceAll(close + close, close) : text,
        end: end + 1,
        closed: true,
      };
    }
    from = end + 2;
  }
}

function untilMark(sql: string, at: number, mark: string): Quoted {
  const end = sql.indexOf(mark, at + mark.length);
  if (end < 0) return { kind: 'string', text: sql.slice(at + mark.length), end: sql.length, closed: false };
  return { kind: 'string', text: sql.slice(at + mark.length, end), end: end + mark.length, closed: true };
}

function readDollar(sql: string, at: number): Quoted | undefined {
  DOLLAR_TAG.lastIndex = at;
  const tag = DOLLAR_TAG.exec(sql)?.[0];
  return tag === undefined ? undefined : untilMark(sql, at, tag);
}

const ALTERNATIVE_CLOSE: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };

function readAlternative(sql: string, at: number): Quoted {
  const open = sql.charAt(at + 2);
  const close = `${ALTERNATIVE_CLOSE[open] ?? open}'`;
  const end = sql.indexOf(close, at + 3);
  if (end < 0) return { kind: 'string', text: sql.slice(at + 3), end: sql.length, closed: false };
  return { kind: 'string', text: sql.slice(at + 3, end), end: end + 2, closed: true };
}
