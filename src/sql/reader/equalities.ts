import type { ColumnReference, Equality } from '../tree.js';
import type { Cursor } from './cursor.js';
import type { Frame } from './call-frames.js';
import { isSideOfXor } from './exclusive-or.js';
import { endOfOperator } from './expression-words.js';
import { OPERATOR_WORDS } from './keywords.js';
import { columnParts, isName } from './names.js';
import { readRowField } from './row-fields.js';

const BEFORE: ReadonlySet<string> = new Set(['and', 'or', '(', 'on', 'where', 'when', 'nocycle']);
const AFTER: ReadonlySet<string> = new Set(['and', 'or', ')', 'then']);
const SIGNS: ReadonlySet<string> = new Set(['=', '==', '<=>']);

/** Tokens of an expression that lies between `from` and `to`, exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Open brackets around the place that is read, outermost first. */
  readonly around: readonly Pick<Frame, 'open' | 'close' | 'holds'>[];
}

/**
 * `a.x = b.y` when both sides are columns alone between ANDs and ORs, in brackets or with a collation or Oracle's `(+)`
 * behind them; so are `<=>` and IS NOT DISTINCT FROM. The left side lies between `first` and `end`.
 */
export function readEquality(
  cursor: Cursor,
  within: Stretch,
  first: number,
  end: number,
  left: ColumnReference
): Equality | undefined {
  let [start, index] = [first, afterCollation(cursor, end)];
  while (start > within.from && cursor.token(start - 1).word === '(' && cursor.token(index).word === ')') {
    if (!isFree(cursor, within.from, start - 1)) return undefined;
    start -= 1;
    index = afterCollation(cursor, index + 1);
  }
  const sign = signWidth(cursor, index);
  // Oracle's `CONNECT BY PRIOR e.id = e.manager_id`
  if (cursor.token(start - 1).word === 'prior') start -= 1;
  if (sign === 0 || !isFree(cursor, within.from, start) || !holdsAround(cursor, within, start)) return undefined;
  const opened = cursor.token(index + sign).word === 'prior' ? index + sign + 1 : index + sign;
  index = opened;
  while (index < within.to && cursor.token(index).word === '(' && readRowField(cursor, index, within.to) === undefined)
    index += 1;
  const brackets = index - opened;
  const right = readColumn(cursor, index, within.to);
  if (right === undefined) return undefined;
  index = afterCollation(cursor, right.end);
  for (let closed = 0; closed < brackets; closed += 1) {
    if (cursor.token(index).word !== ')') return undefined;
    index = afterCollation(cursor, index + 1);
  }
  if (!isEnd(cursor, within.to, index)) return undefined;
  return { left, right: right.column };
}

/** `(a.x, a.y) = (b.x, b.y)`, also with ROW before the brackets, whose first is at `open`. */
export function readRowEqualities(cursor: Cursor, within: Stretch, open: number): Equality[] {
  const close = cursor.closeOf(open);
  const sign = signWidth(cursor, close + 1);
  if (sign === 0) return [];
  const start = cursor.token(open - 1).word === 'row' && open > within.from ? open - 1 : open;
  if (!isFree(cursor, within.from, start) || !holdsAround(cursor, within, start)) return [];
  const next = close + 1 + sign;
  const other = cursor.token(next).word === 'row' ? next + 1 : next;
  const otherClose = cursor.closeOf(other);
  if (cursor.token(other).word !== '(') return [];
  if (!isEnd(cursor, within.to, otherClose + 1)) return [];
  const [left, right] = [readRow(cursor, open, close), readRow(cursor, other, otherClose)];
  if (left.length < 2 || left.length !== right.length) return [];
  return left.flatMap((column, index): Equality[] => {
    const against = right[index];
    return column === undefined || against === undefined ? [] : [{ left: column, right: against }];
  });
}

/** The values of a row, those that are no columns as undefined. */
function readRow(cursor: Cursor, open: number, close: number): (ColumnReference | undefined)[] {
  const row: (ColumnReference | undefined)[] = [];
  let index = open + 1;
  while (index < close) {
    const found = readColumn(cursor, index, close);
    let end = index;
    while (end < close && cursor.token(end).word !== ',')
      end = /^[([{]$/.test(cursor.token(end).word) ? cursor.closeOf(end) + 1 : end + 1;
    row.push(found !== undefined && afterCollation(cursor, found.end) === end ? found.column : undefined);
    index = end + 1;
  }
  return row;
}

/** Nothing else belongs to the operand that starts at `index`. */
function isFree(cursor: Cursor, from: number, index: number): boolean {
  const before = cursor.token(index - 1).word;
  if (before === 'by') return cursor.token(index - 2).word === 'connect';
  return index <= from || BEFORE.has(before);
}

/** Nothing that changes the truth of the condition follows: `IS TRUE` binds less than its `=`. */
function isEnd(cursor: Cursor, to: number, index: number): boolean {
  const isTrue = cursor.token(index).word === 'is' && cursor.token(index + 1).word === 'true';
  const next = isTrue ? index + 2 : index;
  return next >= to || AFTER.has(cursor.token(next).word);
}

/**
 * No bracket around `start` is negated, compared or an argument: `NOT (…)`, `(…) = 0`, `(…) IS FALSE`, `f(…)`. Each
 * bracket is looked at once: thousands of them may be around a thousand conditions.
 */
function holdsAround(cursor: Cursor, { from, to, around }: Stretch, start: number): boolean {
  if (isSideOfXor(cursor, start)) return false;
  let last = around.length - 1;
  while (last >= 0 && (around[last]?.open ?? 0) >= start) last -= 1;
  let known = last;
  while (known >= 0 && around[known]?.holds === undefined) known -= 1;
  let holds = around[known]?.holds ?? true;
  for (const frame of around.slice(known + 1, last + 1)) {
    holds &&=
      !isSideOfXor(cursor, frame.open) && isFree(cursor, from, frame.open) && isEnd(cursor, to, frame.close + 1);
    frame.holds = holds;
  }
  return holds;
}

/** How many tokens the comparison at `index` has; 0 when there is none. */
function signWidth(cursor: Cursor, index: number): number {
  if (cursor.dialect === 'tsql' && isOuterSign(cursor, index)) return 2;
  if (SIGNS.has(cursor.token(index).word)) return 1;
  // SQLite's `a IS b`; NULL and NOT are no columns.
  if (cursor.dialect === 'sqlite' && cursor.token(index).word === 'is' && cursor.token(index + 1).word !== 'not')
    return 1;
  const named = endOfOperator(cursor, index);
  if (named !== undefined) return SIGNS.has(cursor.token(named - 2).word) ? named - index : 0;
  const isWords = ['is', 'not', 'distinct', 'from'].every((word, ahead) => cursor.token(index + ahead).word === word);
  return isWords ? 4 : 0;
}

/** `a.id *= b.a_id` and `a.id =* b.a_id` of old: outer joins. */
function isOuterSign(cursor: Cursor, index: number): boolean {
  const [first, second] = [cursor.token(index), cursor.token(index + 1)];
  return first.end === second.start && /^(\*=|=\*)$/.test(first.word + second.word);
}

function readColumn(
  cursor: Cursor,
  first: number,
  to: number
): { readonly column: ColumnReference; readonly end: number } | undefined {
  const field = readRowField(cursor, first, to);
  if (field !== undefined) return { column: { parts: field.parts, field: field.field }, end: field.end };
  if (!isName(cursor.token(first))) return undefined;
  const tokens = [cursor.token(first)];
  let end = first + 1;
  while (cursor.token(end).word === '.' && isName(cursor.token(end + 1))) {
    tokens.push(cursor.token(end + 1));
    end += 2;
  }
  const parts = columnParts(cursor, tokens);
  if (parts.length === 1 && cursor.token(first).kind === 'word' && OPERATOR_WORDS.has(cursor.token(first).word))
    return undefined;
  if (cursor.isVariable(parts, cursor.token(end - 1).text.toLowerCase())) return undefined;
  const isOuter = ['(', '+', ')'].every((word, ahead) => cursor.token(end + ahead).word === word);
  return { column: { parts }, end: isOuter ? end + 3 : end };
}

/** Behind `COLLATE name`, also of a schema, when it stands at `index`. */
function afterCollation(cursor: Cursor, index: number): number {
  if (cursor.token(index).word !== 'collate') return index;
  let end = index + 2;
  while (cursor.token(end).word === '.' && isName(cursor.token(end + 1))) end += 2;
  return end;
}
