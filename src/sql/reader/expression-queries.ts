import type { Statement } from '../statement-tree.js';
import type { Query } from '../tree.js';
import { startsClause } from './clauses.js';
import { Cursor } from './cursor.js';
import { isName } from './names.js';
import { readQuery } from './queries.js';
import { isBehindLabel } from './labels.js';
import { oncePerText } from './once-per-text.js';
import type { Token } from './token.js';

/** What a statement of a block stands behind. */
const BEFORE: ReadonlySet<string> = new Set('; begin then else loop declare'.split(' '));

/** Of tokens: from the first to the second, exclusive. */
type Range = readonly [from: number, to: number];

/**
 * PL/pgSQL puts SELECT in front of each expression, so that all of them may have a FROM: `x := max(b.i) FROM b`, `IF
 * count(*) > 0 FROM b THEN`. Moves the cursor behind the expressions of its statement which have; `[]` (cursor unmoved)
 * where none has.
 */
export function readExpressionQueries(cursor: Cursor): readonly Statement[] {
  if (!/^(?:postgres|redshift)$/.test(cursor.dialect)) return [];
  const before = cursor.peek(-1).word;
  const isRun = cursor.sees('execute');
  const isFirst = cursor.at === 0 || BEFORE.has(before) || isBehindLabel(cursor, cursor.at);
  if (!isFirst && !(isRun && /^(?:query|in|for)$/.test(before))) return [];
  const found = expressionsAt(cursor).filter((range) => hasFrom(cursor, range));
  const last = found.at(-1);
  if (last === undefined) return [];
  const queries = found.map((range) => queryOf(cursor, range));
  // the text that EXECUTE runs is still to be read
  if (!isRun) cursor.at = last[1];
  return queries.map((query) => ({ kind: 'select', query }));
}

/** The expressions of the statement, or of the beginning of one, at the cursor. */
function expressionsAt(cursor: Cursor): readonly Range[] {
  const { at } = cursor;
  switch (cursor.peek().word) {
    case 'if':
    case 'elsif':
    case 'elseif':
    case 'when':
      return [[at + 1, endAt(cursor, at + 1, /^then$/)]];
    case 'while':
      return [[at + 1, endAt(cursor, at + 1, /^loop$/)]];
    case 'case':
      return parts(cursor, [at + 1, endAt(cursor, at + 1, /^then$/)], /^when$/);
    case 'exit':
    case 'continue':
      return parts(cursor, [at, endAt(cursor, at)], /^when$/).slice(1);
    case 'for':
      return boundsOf(cursor);
    case 'foreach':
      return parts(cursor, [at, endAt(cursor, at, /^loop$/)], /^array$/).slice(1);
    case 'return':
      if (cursor.peek(1).word === 'query') return [];
      return [[at + (cursor.peek(1).word === 'next' ? 2 : 1), endAt(cursor, at)]];
    case 'raise':
    case 'assert':
      return parts(cursor, [at + 1, endAt(cursor, at)], /^(?:,|using)$/).map((part) => valueOf(cursor, part));
    case 'open':
      return argumentsOf(cursor);
    case 'execute':
      return parts(cursor, [at + 1, endAt(cursor, at, /^loop$/)], /^(?:,|using|into)$/);
    default:
      return assigned(cursor);
  }
}

/** `OPEN c(1, max(i) FROM b)`: all of them are one SELECT. */
function argumentsOf(cursor: Cursor): readonly Range[] {
  const open = cursor.at + 2;
  if (cursor.token(open).word !== '(') return [];
  const isNamed = /^(?::=|=>)$/.test(cursor.token(open + 2).word);
  return [[isNamed ? open + 3 : open + 1, cursor.closeOf(open)]];
}

/** `FOR i IN 1 .. count(*) FROM b LOOP`; the rows of others are a query of their own. */
function boundsOf(cursor: Cursor): readonly Range[] {
  const { at } = cursor;
  if (cursor.peek(2).word !== 'in') return [];
  const from = at + (cursor.peek(3).word === 'reverse' ? 4 : 3);
  const to = endAt(cursor, from, /^loop$/);
  // of `1..n` the number has the first dot
  const bounds = parts(cursor, [from, to], /^\.\.$/, endsNumber);
  return bounds.length > 1 ? bounds : [];
}

function endsNumber({ word }: Token, before: Token): boolean {
  return word === '.' && before.kind === 'number' && before.text.endsWith('.');
}

/** `x := …`, `r.x[1] = …`, and of declarations `x CONSTANT int DEFAULT …`. */
function assigned(cursor: Cursor): readonly Range[] {
  const { at } = cursor;
  if (!isName(cursor.peek()) && cursor.peek().kind !== 'parameter') return [];
  const end = endAt(cursor, at);
  if (declarationsOf(cursor).has(at)) return parts(cursor, [at, end], /^(?::=|=|default)$/).slice(1, 2);
  let index = at + 1;
  for (;;) {
    if (cursor.token(index).word === '.') index += 2;
    else if (cursor.token(index).word === '[') index = cursor.closeOf(index) + 1;
    else break;
  }
  return /^:?=$/.test(cursor.token(index).word) ? [[index + 1, end]] : [];
}

/** `message = …` behind USING */
function valueOf(cursor: Cursor, [from, to]: Range): Range {
  const isNamed = cursor.token(from).kind === 'word' && /^:?=$/.test(cursor.token(from + 1).word);
  return [isNamed ? from + 2 : from, to];
}

/** Tokens of a statement, those in brackets aside: a text without ends must not be walked again from each word. */
const MOST_TOKENS = 500;

/** Index of the first token from `from` on, outside of brackets, that ends the statement or is one of `ends`. */
function endAt(cursor: Cursor, from: number, ends?: RegExp): number {
  let index = from;
  for (let walked = 0; index < cursor.tokens.length && walked < MOST_TOKENS; walked += 1) {
    const { word } = cursor.token(index);
    if (word === ';' || word === ')' || ends?.test(word) === true) break;
    index = behind(cursor, index);
  }
  return Math.min(index, cursor.tokens.length);
}

/** What stands between words outside of brackets. */
function parts(
  cursor: Cursor,
  [from, to]: Range,
  between: RegExp,
  isBetween: (token: Token, before: Token) => boolean = () => false
): readonly Range[] {
  const found: Range[] = [];
  let start = from;
  for (let index = from; index < to; index = behind(cursor, index)) {
    const token = cursor.token(index);
    if (!between.test(token.word) && !isBetween(token, cursor.token(index - 1))) continue;
    found.push([start, index]);
    start = index + 1;
  }
  return [...found, [start, to]];
}

/** Steps over a token, a bracket or the CASE of an expression. */
function behind(cursor: Cursor, index: number): number {
  const { word } = cursor.token(index);
  return /^(?:[([{]|case)$/.test(word) ? (cursor.list.closes.get(index) ?? index) + 1 : index + 1;
}

function hasFrom(cursor: Cursor, [from, to]: Range): boolean {
  for (let index = from; index < to; index = behind(cursor, index))
    if (index > from && cursor.token(index).word === 'from' && startsClause(cursor, index)) return true;
  return false;
}

/** Reads an expression as the SELECT that runs. */
function queryOf(cursor: Cursor, [from, to]: Range): Query {
  const { sql, traits, closes, whole } = cursor.list;
  const { start } = cursor.token(from);
  const inside = new Map<number, number>();
  for (let index = from; index < to; index += 1) {
    const close = closes.get(index);
    if (close !== undefined) inside.set(index - from + 1, Math.min(close, to) - from + 1);
  }
  const select: Token = { kind: 'word', text: 'SELECT', word: 'select', start, end: start };
  const inner = new Cursor(
    {
      sql,
      traits,
      whole,
      tokens: [select, ...cursor.tokens.slice(from, to)],
      closes: inside,
    },
    cursor.dialect,
    cursor.traits
  );
  inner.inBody = true;
  inner.nesting = cursor.nesting;
  const query = readQuery(inner);
  if (!inner.done) inner.doubt('an expression not read to its end');
  for (const doubt of inner.doubts) cursor.doubt(doubt);
  cursor.side.push(...inner.side);
  cursor.usesLiterals ||= inner.usesLiterals;
  return query;
}

/** Where declarations of blocks begin. */
const declarationsOf = oncePerText(allDeclarations);

function allDeclarations({ tokens }: Cursor): ReadonlySet<number> {
  const found = new Set<number>();
  let isIn = false;
  for (const [index, { word }] of tokens.entries()) {
    if (word === 'declare' || word === 'begin') isIn = word === 'declare';
    if (isIn && /^(?:declare|;)$/.test(word) && tokens[index + 1]?.word !== 'begin') found.add(index + 1);
  }
  return found;
}
