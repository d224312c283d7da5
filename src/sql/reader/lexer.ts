import { endOfClientLine } from './client-lines.js';
import { standsAlone } from './sqlplus.js';
import { CURRENCIES, type DialectTraits } from '../dialect.js';
import { endOfWrittenBlank, hasWrittenNewlines } from './written-blanks.js';
import { LiteralRuns } from './literal-runs.js';
import { readQuoted, skipComment } from './quoting.js';
import type { Token, TokenKind, TokenList } from './token.js';

const WORD = /[\p{L}_$#@\u0080-\uffff][\p{L}\p{N}_$#@\u0080-\uffff]*/uy;
const ASCII_WORD = /[A-Za-z_][A-Za-z0-9_$#]*/y;
/** The same where `#` begins a comment. */
const WORD_TO_HASH = /[\p{L}_$@\u0080-\uffff][\p{L}\p{N}_$@\u0080-\uffff]*/uy;
const ASCII_WORD_TO_HASH = /[A-Za-z_][A-Za-z0-9_$]*/y;
/** Without a dot that a name follows: BigQuery's `my-project-1.set.t`. */
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+(?:\.(?!(?![eE][+-]?\d)[A-Za-z_])\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
const DIGIT_WORD = /\d+[A-Za-z_][A-Za-z0-9_$]*/y;
const PARAMETER = /%\(\w+\)s|@@?[\w$]+|\$\w+|\?/y;
/** What stands for a value in texts of tools, by how it begins: how it ends. */
const TEMPLATES = [
  ['${', '}'],
  ['{{', '}}'],
  ['<%', '%>'],
] as const;
const OPERATOR = /->>|#>>|<=>|\|\||::|:=|=>|->|<=|>=|<>|!=|==|\.\.|\|>|#>|@>|<@|!~\*?|~\*|[\s\S]/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** @param unclosed beginnings that have no end in the rest of the text: it is searched for once */
function templateAt(text: string, at: number, unclosed: Set<string>): string | undefined {
  for (const [opening, closing] of TEMPLATES) {
    if (!text.startsWith(opening, at) || unclosed.has(opening)) continue;
    const end = text.indexOf(closing, at + opening.length);
    if (end !== -1) return text.slice(at, end + closing.length);
    unclosed.add(opening);
  }
  return undefined;
}

function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0xfeff || code === 0x3000;
}

/** Takes the tokens one by one; returns false to stop. */
export type TokenSink = (token: Token) => boolean;

/** Behind what begins at `at` and is no SQL; asked where each token begins. */
export type SqlSkipper = (at: number, isBetween: boolean) => number | undefined;

/** Finds what is no SQL, from the tokens in front of it. */
export interface SqlWatch {
  take(token: Token): void;
  endAt(at: number): number | undefined;
}

/**
 * Cuts SQL into tokens and passes each to `sink`. Never fails: what is left open runs to the end. Returns whether every
 * quote and comment was closed and the sink took everything.
 */
export function scanTokens(sql: string, traits: DialectTraits, sink: TokenSink, skipper?: SqlSkipper): boolean {
  let whole = true;
  const unclosed = new Set<string>();
  const isOneLine = hasWrittenNewlines(sql);
  let at = 0;
  let last: Token | undefined;
  let wantsMore = true;
  const push = (kind: TokenKind, text: string, end: number): void => {
    const word = kind === 'word' ? text.toLowerCase() : kind === 'punct' ? text : '';
    last = { kind, text, word, start: at, end };
    wantsMore = sink(last);
    at = end;
  };
  while (at < sql.length && wantsMore) {
    const code = sql.charCodeAt(at);
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    if (code === 92) {
      const end = endOfWrittenBlank(sql, at);
      if (end !== undefined) {
        at = end;
        continue;
      }
    }
    const skipped = skipper?.(at, isBetween(sql, last));
    if (skipped !== undefined) {
      at = skipped;
      continue;
    }
    const comment = skipComment(sql, at, traits, isOneLine);
    if (comment !== undefined) {
      whole &&= comment.closed;
      at = comment.end;
      continue;
    }
    const command = traits.clientLines === true && isBetween(sql, last) ? endOfClientLine(sql, at) : undefined;
    if (command !== undefined) {
      at = command;
      continue;
    }
    const quoted = readQuoted(sql, at, traits);
    if (quoted !== undefined) {
      whole &&= quoted.closed;
      push(quoted.kind, quoted.text, quoted.end);
      continue;
    }
    const template = code === 36 || code === 123 || code === 60 ? templateAt(sql, at, unclosed) : undefined;
    if (template !== undefined) {
      push('word', template, at + template.length);
      continue;
    }
    const special = specialNumberAt(sql, at, traits, last);
    if (special !== undefined) {
      push('number', special, at + special.length);
      continue;
    }
    const word = wordAt(sql, at, code, traits);
    if (word !== undefined) {
      push('word', word, at + word.length);
      continue;
    }
    if (isDigit(code) || (code === 46 && isDigit(sql.charCodeAt(at + 1)) && !isNameEndingAt(last, at))) {
      const number = matchAt(NUMBER, sql, at) ?? sql.charAt(at);
      push('number', number, at + number.length);
      continue;
    }
    const parameter =
      code === 37 || code === 64 || code === 36 || code === 63 ? matchAt(PARAMETER, sql, at) : undefined;
    if (parameter !== undefined) {
      push('parameter', parameter, at + parameter.length);
      continue;
    }
    const logical = logicalAt(sql, at, traits);
    if (logical !== undefined) {
      push('word', logical, at + 2);
      continue;
    }
    const operator = matchAt(OPERATOR, sql, at) ?? sql.charAt(at);
    push('punct', operator, at + operator.length);
  }
  return whole && at >= sql.length;
}

/** True where a statement ends with the token, or none has begun. */
function isBetween(sql: string, last: Token | undefined): boolean {
  return last === undefined || last.word === ';' || (last.word === '/' && standsAlone(sql, last));
}

/** All tokens of SQL with their brackets paired. Long runs of literals are only partly kept (see LiteralRuns). */
export function tokenize(sql: string, traits: DialectTraits, data?: SqlWatch): TokenList {
  const runs = new LiteralRuns();
  const sink: TokenSink = (token) => {
    data?.take(token);
    return runs.take(token);
  };
  const isClosed = scanTokens(sql, traits, sink, data && ((at) => data.endAt(at)));
  const { closes, balanced } = pairBrackets(runs.tokens);
  return { sql, traits, tokens: runs.tokens, closes, whole: isClosed && balanced };
}

/** What MySQL's `&&` and `||` mean. */
function logicalAt(sql: string, at: number, traits: DialectTraits): string | undefined {
  if (traits.ampersandsAnd && sql.startsWith('&&', at)) return 'and';
  return traits.pipesOr && sql.startsWith('||', at) ? 'or' : undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const SIGNS: ReadonlySet<number> = new Set(Array.from(CURRENCIES, (sign) => sign.charCodeAt(0)));

/** A number in a form of the dialect's own; `s.10d` is a name. */
function specialNumberAt(
  sql: string,
  at: number,
  { numberForms }: DialectTraits,
  last: Token | undefined
): string | undefined {
  const code = sql.charCodeAt(at);
  if (numberForms === undefined || !(isDigit(code) || code === 46 || SIGNS.has(code))) return undefined;
  if (last?.end === at && (last.word === '.' || (code === 46 && isNameEndingAt(last, at)))) return undefined;
  return matchAt(numberForms, sql, at);
}

/** `t.1` continues with a name, `,.5` starts a number. */
function isNameEndingAt(last: Token | undefined, at: number): boolean {
  return last !== undefined && last.end === at && (last.kind === 'word' || last.kind === 'quoted');
}

function wordAt(sql: string, at: number, code: number, { hashComments }: DialectTraits): string | undefined {
  const anyWord = hashComments ? WORD_TO_HASH : WORD;
  const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  if (letter) {
    const ascii = matchAt(hashComments ? ASCII_WORD_TO_HASH : ASCII_WORD, sql, at);
    const next = sql.charCodeAt(at + (ascii?.length ?? 0));
    if (next > 127) return matchAt(anyWord, sql, at);
    // PostgreSQL's `j#>'{a}'` is an operator on j.
    return next === 62 && ascii?.endsWith('#') === true ? ascii.slice(0, -1) : ascii;
  }
  if (isDigit(code)) return code === 48 && /[xX]/.test(sql.charAt(at + 1)) ? undefined : digitWordAt(sql, at);
  // `#temp` of T-SQL; a lone `#` is an operator.
  if (code === 35) return /[\w#]/.test(sql.charAt(at + 1)) ? matchAt(WORD, sql, at) : undefined;
  return code > 127 ? matchAt(anyWord, sql, at) : undefined;
}

/** Names such as `2024_sales`; `1e5` stays a number. */
function digitWordAt(sql: string, at: number): string | undefined {
  const word = matchAt(DIGIT_WORD, sql, at);
  return word === undefined || /^\d+[eE]\d*$/.test(word) ? undefined : word;
}

const WANTS_VALUE: ReadonlySet<string> = new Set(
  'case when then else and or . , ( + - * / % || = < > <= >= <> !='.split(' ')
);

const CLOSING: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** Pairs brackets, and CASE with its END; a CASE that is left open pairs with nothing. */
export function pairBrackets(tokens: readonly Token[]): { closes: Map<number, number>; balanced: boolean } {
  const closes = new Map<number, number>();
  const open: number[] = [];
  let balanced = true;
  const isCase = (index: number | undefined): boolean => index !== undefined && tokens[index]?.word === 'case';
  for (let index = 0; index < tokens.length; index += 1) {
    const word = tokens[index]?.word ?? '';
    if (word === '(' || word === '[' || word === '{' || word === 'case') {
      open.push(index);
      continue;
    }
    // `CASE WHEN end > 1 THEN t.end ELSE x END`: where a value has to stand, END is a column.
    if (word === 'end' && isCase(open[open.length - 1]) && !WANTS_VALUE.has(tokens[index - 1]?.word ?? ''))
      closes.set(open.pop() ?? index, index);
    const opening = CLOSING.get(word);
    if (opening === undefined) continue;
    while (isCase(open[open.length - 1])) open.pop();
    const last = open[open.length - 1];
    if (last !== undefined && tokens[last]?.word === opening) {
      closes.set(last, index);
      open.pop();
    } else balanced = false;
  }
  for (const index of open) if (!isCase(index)) closes.set(index, tokens.length);
  return { closes, balanced: balanced && open.every(isCase) };
}
