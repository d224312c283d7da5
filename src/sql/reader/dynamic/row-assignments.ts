import type { Cursor } from '../cursor.js';
import { oncePerText } from '../once-per-text.js';
import { startsStatement } from './next-statement.js';

/** From the first word of a statement up to its end. */
type Range = readonly [from: number, to: number];

/** With these and no groups, a query has one row for certain. */
const AGGREGATES: ReadonlySet<string> = new Set(
  'string_agg count count_big max min sum avg checksum_agg stdev stdevp var varp'.split(' ')
);

const rangesIn = oncePerText(rangesOf);

/**
 * True where T-SQL gives a variable its value once for each row: by `SELECT @v = … FROM t`, `UPDATE t SET @v = …`.
 * Without a row the variable keeps what it had.
 */
export function isOfRows(cursor: Cursor, sign: number): boolean {
  if (cursor.dialect !== 'tsql') return false;
  const found = rangesIn(cursor);
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.[0] ?? 0) < sign) low = middle + 1;
    else high = middle;
  }
  return sign < (found[low - 1]?.[1] ?? 0);
}

function rangesOf(cursor: Cursor): readonly Range[] {
  const found: Range[] = [];
  for (let index = 0; index < cursor.tokens.length; index += 1) {
    const { word } = cursor.token(index);
    if (word !== 'select' && (word !== 'update' || !beginsUpdate(cursor, index))) continue;
    const to = endOfStatement(cursor, index);
    if (setsVariable(cursor, index, to) && (word === 'update' || readsRows(cursor, index, to))) found.push([index, to]);
  }
  return found;
}

/** Not of `MERGE … ON UPDATE`, `UPDATE STATISTICS`, `GRANT SELECT, UPDATE ON t`. */
function beginsUpdate(cursor: Cursor, index: number): boolean {
  const isPart = /^(?:on|grant|deny|revoke|,)$/.test(cursor.token(index - 1).word);
  return !isPart && cursor.token(index + 1).word !== 'statistics';
}

function endOfStatement(cursor: Cursor, from: number): number {
  let at = from + 1;
  let sets = cursor.token(from).word === 'update' ? 1 : 0;
  for (; at < cursor.tokens.length; at = after(cursor, at)) {
    const { word } = cursor.token(at);
    if (/^(?:[;)]|else|end)$/.test(word)) break;
    if (word === 'set') sets -= 1;
    if (word !== 'from' && (word !== 'set' || sets < 0) && startsStatement(cursor, at)) break;
  }
  return at;
}

/** Over what is in brackets, or a CASE, as a whole. */
function after(cursor: Cursor, at: number): number {
  return (cursor.list.closes.get(at) ?? at) + 1;
}

function setsVariable(cursor: Cursor, from: number, to: number): boolean {
  for (let at = from; at < to && !/^(?:from|where)$/.test(cursor.token(at).word); at = after(cursor, at)) {
    if (cursor.token(at).kind !== 'parameter') continue;
    const next = cursor.token(at + 1).word;
    // `@v += '…'` arrives as `+` and `=`
    if (next === '=' || (/^[-+*/%&|^]$/.test(next) && cursor.token(at + 2).word === '=')) return true;
  }
  return false;
}

function readsRows(cursor: Cursor, from: number, to: number): boolean {
  let reads = false;
  let isGrouped = false;
  let isAggregate = false;
  for (let at = from; at < to; at = after(cursor, at)) {
    const { word } = cursor.token(at);
    reads ||= word === 'from' || word === 'where' || word === 'having';
    isGrouped ||= word === 'group' || word === 'having';
    isAggregate ||= !reads && AGGREGATES.has(word) && cursor.token(at + 1).word === '(' && !isWindow(cursor, at + 1);
  }
  return reads && (isGrouped || !isAggregate);
}

function isWindow(cursor: Cursor, open: number): boolean {
  return cursor.token(cursor.closeOf(open) + 1).word === 'over';
}
