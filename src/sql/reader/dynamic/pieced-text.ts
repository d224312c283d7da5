import { castValue } from './cast-values.js';
import { characterText } from './character-calls.js';
import { branchesOf } from './chosen-values.js';
import type { Cursor } from '../cursor.js';
import { formatText, quotedNames } from './format-text.js';
import { operand } from './joined-nulls.js';
import { startsStatement } from './next-statement.js';
import { glued, PIECE } from './piece.js';
import { anyOf, NO_VALUE, unmarked, withDefault } from './possible-texts.js';
import { replacedText } from './replaced-text.js';
import { setBefore } from './set-lists.js';
import { textAtPlace } from './variable-texts.js';
import { writtenText } from './written-text.js';

/** What may follow the text of a statement. */
const ENDS: ReadonlySet<string> = new Set(') , ; using into as at loop when else end'.split(' '));
const QUOTES_NAMES = /^(?:quotename|quote_ident)$/;
const JOINS = /^(?:concat|format)$/;
/** What has another value in the place of none. */
const DEFAULTS = /^(?:isnull|ifnull|nvl|coalesce)$/;
/** Where CONCAT takes no value for an empty text. */
const CONCAT_OF_NONE: ReadonlySet<string> = new Set(['tsql', 'postgres', 'oracle']);
/** Where FORMAT makes the text of a number or a time. */
const NUMBER_FORMATS: ReadonlySet<string> = new Set(['tsql', 'mysql', 'mariadb']);
/** Calls and brackets in others: the JavaScript stack must never be what sets the limit. */
const MOST_NESTED = 10;

interface PiecedText {
  readonly text: string;
  /** Index behind it. */
  readonly end: number;
}

/** The variable that a text is assigned to, in lower case, and what it had before. */
export interface Held {
  readonly name: string;
  readonly text: string;
}

/** Where an operand stands. */
interface Place {
  readonly held?: Held | undefined;
  readonly depth?: number;
}

/** The SQL that a string and what it is joined with make, by `||`, `+`, CONCAT or FORMAT, from `from` on. */
export function piecedText(cursor: Cursor, from: number): string {
  const isCall = cursor.token(from - 1).word === '(' && JOINS.test(cursor.token(from - 2).word);
  if (isCall) return expressionText(cursor, from - 2).text;
  return joined(cursor, { text: textAt(cursor, from), end: from + 1 }, {}).text;
}

/** The SQL that variables, strings and what they are joined with make from `from` on. */
export function expressionText(cursor: Cursor, from: number, place: Place = {}): PiecedText {
  return joined(cursor, pieceAt(cursor, from, place), place);
}

function joined(cursor: Cursor, first: PiecedText, place: Place): PiecedText {
  let { text, end } = first;
  while (isJoint(cursor, end)) {
    const piece = pieceAt(cursor, end + 1, place);
    text = glued(operand(cursor, end, text), operand(cursor, end, piece.text));
    end = piece.end;
  }
  return { text, end };
}

/** The same up to the statement's end, or the next variable of a DECLARE. */
export function wholeText(cursor: Cursor, from: number, held: Held): string {
  const { text, end } = expressionText(cursor, from, { held });
  const next = cursor.token(end);
  const isWhole = /^[;,]$/.test(next.word) || next.kind === 'end' || startsStatement(cursor, end);
  // of `SET (a, b) = ('x', 'y')`
  const isLast = next.word === ')' && /^[(,]$/.test(cursor.token(from - 1).word);
  return isWhole || isLast ? text : PIECE;
}

/** An operand: what is known of it, and a piece for all else. */
function pieceAt(cursor: Cursor, from: number, place: Place): PiecedText {
  let end = from;
  while (!endsPiece(cursor, end)) end = (cursor.list.closes.get(end) ?? end) + 1;
  const text = valueOf(cursor, from, end, place) ?? calledText(cursor, from, end, place);
  return { text: text ?? PIECE, end };
}

/** Of a string, a number, or a variable. */
function valueOf(cursor: Cursor, from: number, end: number, { held }: Place): string | undefined {
  const at = cursor.token(from).word === ':' ? from + 1 : from;
  if (end !== at + 1) return undefined;
  const { kind, text, word } = cursor.token(at);
  if (kind === 'string') return textAt(cursor, at);
  if (kind === 'number') return text;
  if (word === 'null') return noValue(cursor);
  if (kind !== 'word' && kind !== 'parameter') return undefined;
  const set = setBefore(cursor, text, at);
  if (text.toLowerCase() === held?.name && (set === undefined || set.isInBody)) return held.text;
  if (set === undefined) return textAtPlace(cursor, text, at);
  return set.isKnown ? textAtPlace(cursor, text, set.at) : PIECE;
}

/** NULL, which Oracle joins as an empty text. */
function noValue({ dialect }: Cursor): string {
  return dialect === 'oracle' ? '' : NO_VALUE;
}

/** Of a call, a CASE, or what is in brackets. */
function calledText(cursor: Cursor, from: number, end: number, outer: Place): string | undefined {
  const place = { ...outer, depth: (outer.depth ?? 0) + 1 };
  if (place.depth > MOST_NESTED) return undefined;
  const { word } = cursor.token(from);
  const open = word === '(' || word === 'case' ? from : from + 1;
  if (cursor.list.closes.get(open) !== end - 1) return undefined;
  if (word === '(') {
    const { text, end: reached } = expressionText(cursor, from + 1, place);
    return reached === end - 1 ? text : undefined;
  }
  const branches = branchesOf(cursor, from, end);
  if (branches !== undefined)
    return anyOf(branches.map((at) => (at === undefined ? noValue(cursor) : expressionText(cursor, at, place).text)));
  if (word === 'case' || cursor.token(open).word !== '(') return undefined;
  if (JOINS.test(word)) return joinedText(cursor, from, place);
  if (word === 'replace') return replacedText(argumentsOf(cursor, open, place));
  if (QUOTES_NAMES.test(word)) return quotedNames(argumentsOf(cursor, open, place)[0] ?? PIECE, cursor.dialect);
  if (DEFAULTS.test(word))
    return argumentsOf(cursor, open, place).reduce((text, other) => withDefault(text, other, noValue(cursor)));
  const cast = castValue(cursor, from);
  if (cast === undefined) return characterText(cursor, from, end);
  const value = expressionText(cursor, cast, place);
  return value.end === end - 1 || cursor.token(value.end).word === 'as' ? value.text : undefined;
}

/** Of CONCAT or FORMAT at `call`. */
function joinedText(cursor: Cursor, call: number, place: Place): string {
  const isConcat = cursor.token(call).word === 'concat';
  if (!isConcat && NUMBER_FORMATS.has(cursor.dialect)) return PIECE;
  const isEmpty = !isConcat || CONCAT_OF_NONE.has(cursor.dialect);
  const [first = PIECE, ...others] = argumentsOf(cursor, call + 1, place).map((text) =>
    isEmpty ? withDefault(text, '') : text
  );
  return isConcat ? others.reduce(glued, first) : formatText(first, others, cursor.dialect);
}

/** What the arguments in the brackets at `open` are. */
function argumentsOf(cursor: Cursor, open: number, place: Place): readonly string[] {
  const texts: string[] = [];
  let index = open;
  do {
    const { text, end } = expressionText(cursor, index + 1, place);
    texts.push(text);
    index = end;
  } while (cursor.token(index).word === ',');
  return texts;
}

function endsPiece(cursor: Cursor, index: number): boolean {
  const { kind, word } = cursor.token(index);
  return kind === 'end' || ENDS.has(word) || isJoint(cursor, index) || startsStatement(cursor, index);
}

/** MySQL's `||` is read as OR. */
function isJoint(cursor: Cursor, index: number): boolean {
  const { start, end, word } = cursor.token(index);
  return word === '||' || cursor.sql.slice(start, end) === '||' || (word === '+' && cursor.dialect === 'tsql');
}

function textAt(cursor: Cursor, index: number): string {
  return unmarked(writtenText(cursor.sql, cursor.token(index), cursor.traits).text);
}
