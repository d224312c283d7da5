import type { DialectTraits } from '../dialect.js';
import { readQuoted, skipComment } from './quoting.js';
import type { Token, TokenKind, TokenList } from './token.js';

const WORD = /[\p{L}_$#@\u0080-\uffff][\p{L}\p{N}_$#@\u0080-\uffff]*/uy;
const ASCII_WORD = /[A-Za-z_][A-Za-z0-9_$#]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const DIGIT_WORD = /\d+[A-Za-z_][A-Za-z0-9_$]*/y;
const PARAMETER = /%\(\w+\)s|@@?[\w$]+|\$\d+|\?/y;
const TEMPLATE = /\$\{[^}]*\}|\{\{[\s\S]*?\}\}|<%[\s\S]*?%>/y;
const OPERATOR = /->>|#>>|<=>|\|\||::|:=|=>|->|<=|>=|<>|!=|==|\.\.|\|>|#>|@>|<@|!~\*?|~\*|[\s\S]/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function isSpace(code: number): boolean {
  return code <= 32 || code === 0xa0 || code === 0xfeff || code === 0x3000;
}

/** Cuts a text into tokens; never fails: what is left open runs to the end and is told by `whole`. */
export function tokenize(sql: string, traits: DialectTraits): TokenList {
  const tokens: Token[] = [];
  let whole = true;
  let at = 0;
  const push = (kind: TokenKind, text: string, end: number): void => {
    const word = kind === 'word' ? text.toLowerCase() : kind === 'punct' ? text : '';
    tokens.push({ kind, text, word, start: at, end });
    at = end;
  };
  while (at < sql.length) {
    const code = sql.charCodeAt(at);
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    const comment = skipComment(sql, at, traits);
    if (comment !== undefined) {
      whole &&= comment.closed;
      at = comment.end;
      continue;
    }
    const quoted = readQuoted(sql, at, traits);
    if (quoted !== undefined) {
      whole &&= quoted.closed;
      push(quoted.kind, quoted.text, quoted.end);
      continue;
    }
    const template = code === 36 || code === 123 || code === 60 ? matchAt(TEMPLATE, sql, at) : undefined;
    if (template !== undefined) {
      push('word', template, at + template.length);
      continue;
    }
    const word = wordAt(sql, at, code);
    if (word !== undefined) {
      push('word', word, at + word.length);
      continue;
    }
    if ((code >= 48 && code <= 57) || (code === 46 && isDigit(sql.charCodeAt(at + 1)) && !afterName(tokens, at))) {
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
    const operator = matchAt(OPERATOR, sql, at) ?? sql.charAt(at);
    push('punct', operator, at + operator.length);
  }
  const { closes, balanced } = pairBrackets(tokens);
  return { sql, tokens, closes, whole: whole && balanced };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** `t.1` goes on with a name, `,.5` starts a number. */
function afterName(tokens: readonly Token[], at: number): boolean {
  const last = tokens[tokens.length - 1];
  return last !== undefined && last.end === at && (last.kind === 'word' || last.kind === 'quoted');
}

function wordAt(sql: string, at: number, code: number): string | undefined {
  const letter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  if (letter) {
    const ascii = matchAt(ASCII_WORD, sql, at);
    const next = sql.charCodeAt(at + (ascii?.length ?? 0));
    return next > 127 ? matchAt(WORD, sql, at) : ascii;
  }
  if (isDigit(code)) return code === 48 && /[xX]/.test(sql.charAt(at + 1)) ? undefined : digitWordAt(sql, at);
  // `#temp` of T-SQL; a lone `#` is an operator.
  if (code === 35) return /[\w#]/.test(sql.charAt(at + 1)) ? matchAt(WORD, sql, at) : undefined;
  return code > 127 ? matchAt(WORD, sql, at) : undefined;
}

/** Names such as `2024_sales`; `1e5` stays a number. */
function digitWordAt(sql: string, at: number): string | undefined {
  const word = matchAt(DIGIT_WORD, sql, at);
  return word === undefined || /^\d+[eE]\d*$/.test(word) ? undefined : word;
}

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function pairBrackets(tokens: readonly Token[]): { closes: Map<number, number>; balanced: boolean } {
  const closes = new Map<number, number>();
  const open: number[] = [];
  let balanced = true;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'punct') continue;
    if (token.text === '(' || token.text === '[' || token.text === '{') {
      open.push(index);
      continue;
    }
    const opening = CLOSING[token.text];
    if (opening === undefined) continue;
    const last = open[open.length - 1];
    if (last !== undefined && tokens[last]?.text === opening) {
      closes.set(last, index);
      open.pop();
    } else balanced = false;
  }
  for (const index of open) closes.set(index, tokens.length);
  return { closes, balanced: balanced && open.length === 0 };
}
