import { PIECE } from '../../unknown-piece.js';
import { pairBrackets } from '../lexer.js';
import type { Token, TokenList } from '../token.js';

/** What PL/SQL's statements stand behind. */
const STARTS: ReadonlySet<string> = new Set('; begin then else loop >>'.split(' '));
/** In front of a value that is assigned. */
const BEFORE_VALUES = /^(?::=|\|\|)$/;
/** What changes the LOB that it is given first. */
const CHANGES =
  /^(?:append|writeappend|createtemporary|trim|copy|write|erase|fragment_\w+|loadfromfile|loadclobfromfile|converttoclob)$/;

/**
 * Oracle's `dbms_lob.append(v, '…')` as `v := v || '…'`, and what else dbms_lob makes of a variable as what it is
 * assigned: so variables are read in one way.
 */
export function withLobAppends(list: TokenList): TokenList {
  if (!/\b(?:dbms_lob|empty_clob|to_clob)\b/i.test(list.sql)) return list;
  const tokens: Token[] = [];
  for (let at = 0; at < list.tokens.length; at += 1) {
    const token = wordAt(list, at);
    const open = at + 3;
    const close = list.closes.get(open);
    const change = token.word === 'dbms_lob' && close !== undefined && changeAt(list, at);
    if (change !== false && change !== undefined) {
      // `sys.dbms_lob.append(…)`
      if (wordAt(list, at - 1).word === '.') tokens.splice(-2);
      tokens.push(...change);
      at = close ?? at;
    } else if (token.word === 'to_clob' && isValue(list, at)) continue;
    else if (token.word === 'empty_clob' && isValue(list, at) && list.closes.get(at + 1) === at + 2) {
      tokens.push(textOf(token));
      at += 2;
    } else tokens.push(token);
  }
  return { ...list, tokens, closes: pairBrackets(tokens).closes };
}

/** The assignment that a call of dbms_lob at `at` is; `undefined` for what changes no variable. */
function changeAt(list: TokenList, at: number): readonly Token[] | undefined {
  const start = wordAt(list, at - 1).word === '.' ? at - 2 : at;
  const before = wordAt(list, start - 1);
  const method = wordAt(list, at + 2);
  if ((before.kind !== 'end' && !STARTS.has(before.word)) || !CHANGES.test(method.word)) return undefined;
  const [target = [], ...others] = argumentsAt(list, at + 3);
  const [variable] = target;
  if (variable === undefined || target.length > 1 || (variable.kind !== 'word' && variable.kind !== 'quoted'))
    return undefined;
  const sign = (word: string): Token => ({ ...method, kind: 'punct', text: word, word });
  const assigned = [variable, sign(':=')];
  const unknown: Token = { ...method, kind: 'parameter', text: PIECE, word: '' };
  const appended = (value: readonly Token[]): readonly Token[] => [...assigned, variable, sign('||'), ...value];
  const [first = [], second = []] = others;
  switch (method.word) {
    case 'append':
      return appended(first.length > 0 ? first : [unknown]);
    case 'writeappend':
      return appended(isWhole(first, second) ? second : [unknown]);
    case 'createtemporary':
      return [...assigned, textOf(method)];
    case 'trim':
      return [...assigned, first.length === 1 && first[0]?.text === '0' ? textOf(method) : unknown];
    default:
      return [...assigned, unknown];
  }
}

/** The amount is the length of the text: `4, 'text'`, `length(v), v`. */
function isWhole([amount, ...more]: readonly Token[], text: readonly Token[]): boolean {
  const [only] = text;
  if (amount === undefined || only === undefined) return false;
  if (more.length === 0) return text.length === 1 && only.kind === 'string' && Number(amount.text) === lengthOf(only);
  const measured = more.slice(1, -1).map((token) => token.text);
  return amount.word === 'length' && measured.join(' ') === text.map((token) => token.text).join(' ');
}

function lengthOf({ text }: Token): number {
  return text.replaceAll("''", "'").length;
}

/** Each argument of the call at `open`, without the parameter's name. */
function argumentsAt(list: TokenList, open: number): readonly (readonly Token[])[] {
  const close = list.closes.get(open) ?? open;
  const found: Token[][] = [[]];
  for (let at = open + 1; at < close; at += 1) {
    const token = wordAt(list, at);
    if (token.word === ',') found.push([]);
    else if (token.word === '=>') found[found.length - 1] = [];
    else if (token.word !== 'to_clob') {
      const end = list.closes.get(at) ?? at;
      found.at(-1)?.push(...list.tokens.slice(at, Math.min(end, close) + 1));
      at = end;
    }
  }
  return found;
}

function isValue(list: TokenList, at: number): boolean {
  return BEFORE_VALUES.test(wordAt(list, at - 1).word) && wordAt(list, at + 1).word === '(';
}

/** An empty string. */
function textOf(token: Token): Token {
  return { ...token, kind: 'string', text: '', word: '' };
}

function wordAt({ tokens }: TokenList, at: number): Token {
  return tokens[at] ?? { kind: 'end', text: '', word: '', start: 0, end: 0 };
}
