import { characterText } from './character-calls.js';
import type { Cursor } from './cursor.js';
import { formatText, quotedName } from './format-text.js';
import { alone, glued } from './glued-text.js';
import { STATEMENT_WORDS } from './keywords.js';
import { hasPiece, PIECE } from './piece.js';
import { assignedText, constantText } from './variable-texts.js';
import { writtenText } from './written-text.js';

/** What may follow the text of a statement. */
const ENDS: ReadonlySet<string> = new Set(') , ; using into as at loop'.split(' '));
const QUOTES_NAMES = /^(?:quotename|quote_ident)$/;
const JOINS = /^(?:concat|format)$/;
/** Where FORMAT makes the text of a number or a time. */
const NUMBER_FORMATS: ReadonlySet<string> = new Set(['tsql', 'mysql', 'mariadb']);
/** Calls and brackets in others: the JavaScript stack must never be what sets the limit. */
const MOST_NESTED = 10;

interface PiecedText {
  readonly text: string;
  /** Index behind it. */
  readonly end: number;
}

/** Where an operand stands. */
interface Place {
  /** The SQL begins with it: a variable has what was last assigned to it. */
  readonly leads?: boolean;
  /** The variable that the SQL is assigned to, which has what it had before. */
  readonly own?: string | undefined;
  readonly depth?: number;
}

/** The SQL that a string and what it is joined with make, by `||`, `+`, CONCAT or FORMAT, from `from` on. */
export function piecedText(cursor: Cursor, from: number): string {
  const isCall = cursor.token(from - 1).word === '(' && JOINS.test(cursor.token(from - 2).word);
  if (!isCall) return joined(cursor, textAt(cursor, from), from + 1, {}).text;
  return joined(cursor, callText(cursor, from - 2, {}), cursor.closeOf(from - 1) + 1, {}).text;
}

/** The SQL that variables, strings and what they are joined with make from `from` on. */
export function expressionText(cursor: Cursor, from: number, place: Place = { leads: true }): PiecedText {
  const first = pieceAt(cursor, from, place);
  return joined(cursor, first.text, first.end, { ...place, leads: false });
}

/** The same up to the statement's end, or the next variable of a DECLARE; `undefined` if nothing is known of it. */
export function wholeText(cursor: Cursor, from: number, own: string, leads = true): string | undefined {
  const { text, end } = expressionText(cursor, from, { leads, own });
  const next = cursor.token(end);
  const isWhole = /^[;,]$/.test(next.word) || next.kind === 'end' || startsNext(cursor, end);
  // of `SET (a, b) = ('x', 'y')`
  const isLast = next.word === ')' && /^[(,]$/.test(cursor.token(from - 1).word);
  return (isWhole || isLast) && text !== PIECE ? text : undefined;
}

/** What `v || '…'`, `:v || '…'` or `CONCAT(v, '…')` at `from` adds to the variable; `undefined` for all else. */
export function addedTo(cursor: Cursor, variable: string, from: number): string | undefined {
  const isCall = cursor.token(from).word === 'concat' && cursor.token(from + 1).word === '(';
  const first = isCall ? from + 2 : from;
  const name = cursor.token(first).word === ':' ? first + 1 : first;
  if (cursor.token(name).text.toLowerCase() !== variable) return undefined;
  const place = { own: variable };
  return isCall ? argumentsOf(cursor, name + 1, place).reduce(glued, '') : joined(cursor, '', name + 1, place).text;
}

/** With what `||` or `+` at `from` add to it. */
function joined(cursor: Cursor, first: string, from: number, place: Place): PiecedText {
  let text = first;
  let index = from;
  while (isJoint(cursor, index)) {
    const piece = pieceAt(cursor, index + 1, place);
    text = glued(text, piece.text);
    index = piece.end;
  }
  return { text, end: index };
}

/** An operand: what is known of it, and a piece for all else. */
function pieceAt(cursor: Cursor, from: number, place: Place): PiecedText {
  let end = from;
  while (!endsPiece(cursor, end)) end = /^[([]$/.test(cursor.token(end).word) ? cursor.closeOf(end) + 1 : end + 1;
  const text =
    valueOf(cursor, from, end, place) ?? calledText(cursor, from, end) ?? innerText(cursor, from, end, place);
  return { text: text ?? PIECE, end };
}

/** Of a string, a number, or a variable that holds one constant. */
function valueOf(cursor: Cursor, from: number, end: number, { leads, own }: Place = {}): string | undefined {
  const at = cursor.token(from).word === ':' ? from + 1 : from;
  if (end !== at + 1) return undefined;
  const { kind, text } = cursor.token(at);
  if (kind === 'string') return textAt(cursor, at);
  if (kind === 'number') return text;
  if (kind !== 'word' && kind !== 'parameter') return undefined;
  // what it is assigned to ends with the sign before
  if (own !== undefined && text.toLowerCase() === own) return assignedText(cursor, text, signBefore(cursor, at));
  return leads === true ? assignedText(cursor, text, at) : constantText(cursor, text, at);
}

/** In front of the assignment that the operand at `at` is of. */
function signBefore(cursor: Cursor, at: number): number {
  let sign = at;
  while (sign > 0 && !/^(=|:=|default)$/.test(cursor.token(sign).word)) sign -= 1;
  return sign - 1;
}

/** Of calls that make no SQL of SQL. */
function calledText(cursor: Cursor, from: number, end: number): string | undefined {
  return nameOf(cursor, from, end) ?? characterText(cursor, from, end);
}

/** `QUOTENAME(@t)`, `quote_ident(t)` */
function nameOf(cursor: Cursor, from: number, end: number): string | undefined {
  const isCall = QUOTES_NAMES.test(cursor.token(from).word) && cursor.token(from + 1).word === '(';
  if (!isCall || cursor.closeOf(from + 1) !== end - 1) return undefined;
  const name = valueOf(cursor, from + 2, end - 1);
  return name === undefined || hasPiece(name) ? undefined : quotedName(alone(name), cursor.dialect);
}

/** `CONCAT('…', v)`, `FORMAT('…', v)`, `('…' || v)` */
function innerText(cursor: Cursor, from: number, end: number, place: Place): string | undefined {
  const depth = (place.depth ?? 0) + 1;
  if (depth > MOST_NESTED) return undefined;
  if (JOINS.test(cursor.token(from).word) && cursor.token(from + 1).word === '(')
    return cursor.closeOf(from + 1) === end - 1 ? callText(cursor, from, { ...place, depth }) : undefined;
  if (cursor.token(from).word !== '(' || cursor.closeOf(from) !== end - 1) return undefined;
  const { text, end: reached } = expressionText(cursor, from + 1, { ...place, depth });
  return reached === end - 1 ? text : undefined;
}

/** Of CONCAT or FORMAT at `call`. */
function callText(cursor: Cursor, call: number, place: Place): string {
  const first = expressionText(cursor, call + 2, place);
  const others = argumentsOf(cursor, first.end, { ...place, leads: false });
  if (cursor.token(call).word === 'concat') return others.reduce(glued, first.text);
  if (NUMBER_FORMATS.has(cursor.dialect)) return PIECE;
  return formatText(alone(first.text), others, cursor.dialect);
}

/** What the arguments from the comma at `from` on are. */
function argumentsOf(cursor: Cursor, from: number, place: Place): readonly string[] {
  const texts: string[] = [];
  let index = from;
  while (cursor.token(index).word === ',') {
    const { text, end } = expressionText(cursor, index + 1, { ...place, leads: false });
    texts.push(text);
    index = end;
  }
  return texts;
}

function endsPiece(cursor: Cursor, index: number): boolean {
  const { kind, word } = cursor.token(index);
  return kind === 'end' || ENDS.has(word) || isJoint(cursor, index) || startsNext(cursor, index);
}

/** T-SQL needs no `;` before the next statement. */
function startsNext(cursor: Cursor, index: number): boolean {
  return cursor.traits.optionalSemicolon && STATEMENT_WORDS.has(cursor.token(index).word);
}

/** MySQL's `||` is read as OR. */
function isJoint(cursor: Cursor, index: number): boolean {
  const { start, end, word } = cursor.token(index);
  return word === '||' || cursor.sql.slice(start, end) === '||' || (word === '+' && cursor.dialect === 'tsql');
}

function textAt(cursor: Cursor, index: number): string {
  return writtenText(cursor.sql, cursor.token(index), cursor.traits).text;
}
