import type { Cursor } from './cursor.js';
import { DATE_PARTS } from './keywords.js';
import { isName } from './names.js';

const LEADING: ReadonlySet<string> = new Set('as of from between scn timestamp transaction system time'.split(' '));
const SIGNS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '||']);

/** Behind the time or version of `FOR SYSTEM_TIME AS OF …` and its like, from behind its first words on. */
export function endOfTimeTravel(cursor: Cursor, from: number): number {
  if (cursor.token(from).word === 'all') return from + 1;
  if (cursor.token(from).word === 'contained') return cursor.closeOf(from + 2) + 1;
  const isRange = /^(from|between)$/.test(cursor.token(from).word);
  const end = endOfSum(cursor, from);
  return isRange && /^(and|to)$/.test(cursor.token(end).word) ? endOfSum(cursor, end + 1) : end;
}

/** `NOW() - INTERVAL 1 DAY` */
function endOfSum(cursor: Cursor, from: number): number {
  let end = endOfValue(cursor, from);
  while (SIGNS.has(cursor.token(end).word)) end = endOfValue(cursor, end + 1);
  return end;
}

function endOfValue(cursor: Cursor, from: number): number {
  let index = from;
  // Not the `timestamp` of `TIMESTAMP(…)`.
  while (LEADING.has(cursor.token(index).word) && cursor.token(index + 1).word !== '(') index += 1;
  while (/^[+-]$/.test(cursor.token(index).word)) index += 1;
  if (cursor.token(index).word === 'interval') return endOfUnit(cursor, endOfOperand(cursor, index + 1));
  // `DATE '2024-01-01'`
  const end =
    isName(cursor.token(index)) && cursor.token(index + 1).kind === 'string' ? index + 2 : endOfOperand(cursor, index);
  const isZoned = ['at', 'time', 'zone'].every((word, ahead) => cursor.token(end + ahead).word === word);
  return isZoned ? endOfOperand(cursor, end + 3) : end;
}

function endOfOperand(cursor: Cursor, from: number): number {
  let end = from + 1;
  if (cursor.token(from).word === '(') end = cursor.closeOf(from) + 1;
  else if (isName(cursor.token(from))) {
    while (cursor.token(end).word === '.' && isName(cursor.token(end + 1))) end += 2;
    if (cursor.token(end).word === '(') end = cursor.closeOf(end) + 1;
  }
  while (cursor.token(end).word === '::') end += 2;
  return end;
}

/** `DAY (3) TO SECOND` */
function endOfUnit(cursor: Cursor, from: number): number {
  if (!DATE_PARTS.has(cursor.token(from).word)) return from;
  const end = cursor.token(from + 1).word === '(' ? cursor.closeOf(from + 1) + 1 : from + 1;
  return cursor.token(end).word === 'to' ? endOfUnit(cursor, end + 1) : end;
}
