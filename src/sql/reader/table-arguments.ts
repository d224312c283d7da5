import type { Query } from '../tree.js';
import type { Frame } from './call-frames.js';
import type { Cursor } from './cursor.js';
import { OPERATOR_WORDS } from './keywords.js';
import { isName } from './names.js';
import { readTableOfIn, startsQuery } from './queries.js';

interface NamedTable {
  readonly query: Query;
  readonly tokens: number;
}

/** Adds what reads the table to `into`. @returns the number of tokens it was named by; 0 without a table */
export function noteTable(table: NamedTable | undefined, into: Query[]): number {
  if (table !== undefined) into.push(table.query);
  return table?.tokens ?? 0;
}

type Bracket = Pick<Frame, 'call' | 'open'>;

/** Whether the bracket has a query and not arguments, in an expression that starts at `from`. */
export function opensQuery(cursor: Cursor, from: number, bracket: Bracket): boolean {
  const first = bracket.open + 1;
  return startsQuery(cursor, first) && !(isTableArgument(cursor, first) && isCall(cursor, from, bracket));
}

/**
 * Whether a bracket has arguments, in an expression that starts at `from`: those of a function in FROM are read on
 * their own.
 */
function isCall(cursor: Cursor, from: number, { call, open }: Bracket): boolean {
  if (call !== '') return call !== 'over';
  const before = cursor.token(open - 1);
  return open === from && isName(before) && !OPERATOR_WORDS.has(before.word);
}

/** `APPENDS(TABLE t, …)`, while `(TABLE t)` and `(TABLE t UNION …)` are queries. */
function isTableArgument(cursor: Cursor, at: number): boolean {
  if (cursor.token(at).word !== 'table') return false;
  let end = at + 2;
  while (cursor.token(end).word === '.') end += 2;
  return /^(,|partition|order)$/.test(cursor.token(end).word);
}

/**
 * `TABLE t` of `ML.PREDICT(MODEL m, TABLE t)`, `TABLE(t)` of `f(input => TABLE(t) PARTITION BY x)`, at `at` in an
 * expression. @returns the query and the number of tokens read
 */
export function readTableArgument(
  cursor: Cursor,
  { from, to }: { readonly from: number; readonly to: number },
  at: number,
  frame: Frame | undefined
): NamedTable | undefined {
  if (frame === undefined || !isCall(cursor, from, frame)) return undefined;
  const isBracketed = cursor.token(at + 1).word === '(';
  if (isBracketed && startsQuery(cursor, at + 2)) return undefined;
  const table = readTableOfIn(cursor, at + (isBracketed ? 2 : 1), to);
  if (table === undefined || (isBracketed && cursor.peek().word !== ')')) return undefined;
  return { query: table.query, tokens: table.tokens + (isBracketed ? 3 : 1) };
}
