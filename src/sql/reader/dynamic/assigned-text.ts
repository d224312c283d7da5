import type { Cursor } from '../cursor.js';
import { operand } from './joined-nulls.js';
import { startsStatement } from './next-statement.js';
import { glued, PIECE } from './piece.js';
import { wholeText, type Held } from './pieced-text.js';
import { anyOf, NO_VALUE } from './possible-texts.js';
import { isOfRows } from './row-assignments.js';

/** Tokens between a variable and the DECLARE or SET of its list. */
const MOST_LISTED = 200;

/** What stands in front of a variable that gets a value. */
const STARTS: ReadonlySet<string> = new Set(
  '; declare variable set let var begin then else loop do is as >>'.split(' ')
);
/** In front of a list of parameters, whose values are defaults, of those of a call, or of comparisons. */
const NO_STARTS: ReadonlySet<string> = new Set(
  '; procedure proc function exec execute ( where and or on having when if'.split(' ')
);

/** What the assignment at `sign` makes of what its variable holds. */
export function assignedBy(cursor: Cursor, held: Held, sign: number): string {
  if (!isAssigned(cursor, held.name, sign) || declaresByOuter(cursor, held.name, sign)) return PIECE;
  if (!isOfRows(cursor, sign)) return valueOf(cursor, held, sign);
  // by no row, by one, and by more of them
  const once = valueOf(cursor, held, sign);
  return anyOf([held.text, once, valueOf(cursor, { ...held, text: once }, sign)]);
}

function valueOf(cursor: Cursor, held: Held, sign: number): string {
  const { word } = cursor.token(sign - 1);
  // `SET @v += '…'` arrives as `+` and `=`
  if (/^[-*/%&|^]$/.test(word)) return PIECE;
  if (word === '+')
    return glued(operand(cursor, sign, held.text), operand(cursor, sign, wholeText(cursor, sign + 1, held)));
  return cursor.token(sign + 1).word === 'null' && cursor.dialect !== 'oracle'
    ? NO_VALUE
    : wholeText(cursor, sign + 1, held);
}

/** False where the assignment keeps something of what the variable held. */
export function setsAnew(cursor: Cursor, name: string, sign: number): boolean {
  if (/^[-+*/%&|^]$/.test(cursor.token(sign - 1).word) || isOfRows(cursor, sign)) return false;
  for (let index = sign + 1; index < cursor.tokens.length; index += 1) {
    const { word, text } = cursor.token(index);
    if (word === ';' || startsStatement(cursor, index)) return true;
    if (text.toLowerCase() === name) return false;
  }
  return true;
}

/** `DECLARE t text := t || 'b'`: the variable of this name around the block, or an error. */
function declaresByOuter(cursor: Cursor, name: string, sign: number): boolean {
  if (cursor.dialect === 'tsql') return false;
  const isOwn = (index: number): boolean =>
    cursor.token(index).kind !== 'string' && cursor.token(index).text.toLowerCase() === name;
  if (isOwn(sign - 1) && !/^(?:declare|variable|let|var|replace)$/.test(cursor.token(sign - 2).word)) return false;
  for (let index = sign + 1; index < cursor.tokens.length; index += 1) {
    if (cursor.token(index).word === ';' || startsStatement(cursor, index)) return false;
    if (isOwn(index)) return true;
  }
  return false;
}

/** False where the sign compares, or gives a parameter its default. */
function isAssigned(cursor: Cursor, name: string, sign: number): boolean {
  // of `SET (a, b) = ('x', 'y')`
  if (/^[(,]$/.test(cursor.token(sign).word)) return true;
  let at = sign - 1;
  while (at > sign - 8 && cursor.token(at).text.toLowerCase() !== name) at -= 1;
  const before = cursor.token(at - 1);
  // T-SQL's `SELECT @t = N'a'`
  if (STARTS.has(before.word) || before.kind === 'end') return true;
  // Databricks' `DECLARE OR REPLACE v = 'a'`
  if (before.word === 'replace' && cursor.token(at - 2).word === 'or') return true;
  if (before.word === 'select') return cursor.token(at).kind === 'parameter';
  if (before.word !== ',') return cursor.token(sign).word === ':=' && before.word !== '(';
  let depth = 0;
  for (let back = at - 1; back > at - MOST_LISTED; back -= 1) {
    const { kind, word } = cursor.token(back);
    // the size of a type in the list: `DECLARE @sql nvarchar(max), @t sysname = N'c'`
    if (word === ')') depth += 1;
    else if (word === '(' && depth > 0) depth -= 1;
    else if (depth > 0 && kind !== 'end') continue;
    else if (word === 'declare' || word === 'set') return true;
    else if (word === 'select') return cursor.token(at).kind === 'parameter';
    else if (kind === 'end' || NO_STARTS.has(word)) return false;
  }
  return false;
}
