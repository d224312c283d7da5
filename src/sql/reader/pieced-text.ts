import { constantText } from './constants.js';
import type { Cursor } from './cursor.js';
import { STATEMENT_WORDS } from './keywords.js';
import { writtenText } from './written-text.js';

/** Stands in SQL that is put together for what is not known of it: a parameter, which names nothing. */
export const PIECE = '%(piece)s';
/** What FORMAT fills in: `%s`, `%I`, `%1$L`, `%t`. */
const PLACEHOLDER = /%(?:%|(?:(\d+)\$)?[-+ #0]*\d*(?:\.\d+)?[A-Za-z])/g;
/** What may follow the text of a statement. */
const ENDS: ReadonlySet<string> = new Set(') , ; using into as at'.split(' '));

interface PiecedText {
  readonly text: string;
  readonly isWhole: boolean;
  readonly isListed: boolean;
}

/**
 * The SQL that a string and what it is joined with make, by `||`, `+`, CONCAT or FORMAT, from the string at `from` on;
 * `isWhole` when nothing else follows up to the statement's end, `isListed` when that is a comma.
 */
export function piecedText(cursor: Cursor, from: number): PiecedText {
  const call = cursor.token(from - 1).word === '(' ? cursor.token(from - 2).word : '';
  if (call === 'format') {
    return joined(cursor, formatted(cursor, from), cursor.closeOf(from - 1) + 1);
  }
  if (call !== 'concat') return joined(cursor, textAt(cursor, from), from + 1);
  return concatenated(cursor, textAt(cursor, from), from + 1);
}

/** Characters of what FORMAT puts into a place, which may be there many times; names are short. */
const MOST_FORMATTED = 300;

/** What FORMAT makes of its first argument with the others. */
function formatted(cursor: Cursor, from: number): string {
  const values: string[] = [];
  for (let index = from + 1; cursor.token(index).word === ',';) {
    const piece = pieceAt(cursor, index + 1);
    values.push(piece.text);
    index = piece.end;
  }
  let next = 0;
  return textAt(cursor, from).replace(PLACEHOLDER, (found: string, place: string | undefined) => {
    if (found === '%%') return '%';
    const number = place === undefined ? next : Number(place) - 1;
    next = number + 1;
    const value = values[number] ?? PIECE;
    if (hasPiece(value) || value.length > MOST_FORMATTED) return PIECE;
    return found.endsWith('I') ? quotedIn(cursor, value) : found.endsWith('s') ? value : PIECE;
  });
}

/** As a name of the dialect. */
function quotedIn(cursor: Cursor, name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return name;
  return cursor.dialect === 'tsql' ? `[${name.replaceAll(']', ']]')}]` : `"${name.replaceAll('"', '""')}"`;
}

/** With what the further arguments of a CONCAT add to its first one, which ends before `from`. */
function concatenated(cursor: Cursor, first: string, from: number): PiecedText {
  let text = first;
  let index = from;
  while (cursor.token(index).word === ',') {
    const piece = pieceAt(cursor, index + 1);
    text += piece.text;
    index = piece.end;
  }
  return joined(cursor, text, index + 1);
}

/** What `v || '…'`, `:v || '…'` or `CONCAT(v, '…')` at `from` adds to the variable; `undefined` for all else. */
export function addedTo(cursor: Cursor, variable: string, from: number): string | undefined {
  const isCall = cursor.token(from).word === 'concat' && cursor.token(from + 1).word === '(';
  const first = isCall ? from + 2 : from;
  const name = cursor.token(first).word === ':' ? first + 1 : first;
  if (cursor.token(name).text.toLowerCase() !== variable) return undefined;
  return (isCall ? concatenated(cursor, '', name + 1) : joined(cursor, '', name + 1)).text;
}

/** With what `||` or `+` at `from` add to it. */
export function joined(cursor: Cursor, first: string, from: number): PiecedText {
  let text = first;
  let index = from;
  while (isJoint(cursor, index)) {
    const piece = pieceAt(cursor, index + 1);
    text += piece.text;
    index = piece.end;
  }
  const next = cursor.token(index);
  const isWhole = next.word === ';' || next.kind === 'end' || startsNext(cursor, index);
  return { text, isWhole, isListed: next.word === ',' };
}

/** An operand: what is known of it, and a piece for all else. */
function pieceAt(cursor: Cursor, from: number): { readonly text: string; readonly end: number } {
  let end = from;
  while (!endsPiece(cursor, end)) end = /^[([]$/.test(cursor.token(end).word) ? cursor.closeOf(end) + 1 : end + 1;
  return { text: valueOf(cursor, from, end) ?? nameOf(cursor, from, end) ?? PIECE, end };
}

/** Of a string, a number, or a variable that holds one constant. */
function valueOf(cursor: Cursor, from: number, end: number): string | undefined {
  const at = cursor.token(from).word === ':' ? from + 1 : from;
  if (end !== at + 1) return undefined;
  const { kind, text } = cursor.token(at);
  if (kind === 'string') return textAt(cursor, at);
  return kind === 'number' ? text : constantText(cursor, text, at);
}

/** `QUOTENAME(@t)`, `quote_ident(t)` */
function nameOf(cursor: Cursor, from: number, end: number): string | undefined {
  const isCall = QUOTES_NAMES.test(cursor.token(from).word) && cursor.token(from + 1).word === '(';
  if (!isCall || cursor.closeOf(from + 1) !== end - 1) return undefined;
  const name = valueOf(cursor, from + 2, end - 1);
  return name === undefined ? undefined : quotedIn(cursor, name);
}

const QUOTES_NAMES = /^(?:quotename|quote_ident)$/;

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

/**
 * True when the name from `from` up to the cursor is one of which a part is not known; steps over what else belongs to
 * it.
 */
export function takePieces(cursor: Cursor, from: number): boolean {
  const belongs = (index: number): boolean =>
    cursor.token(index).start === cursor.token(index - 1).end && !/^[(),;]$/.test(cursor.token(index).word);
  let isPieced = belongs(cursor.at) && cursor.peek().text === PIECE;
  for (let index = from; index < cursor.at; index += 1) isPieced ||= hasPiece(cursor.token(index).text);
  while (isPieced && !cursor.done && belongs(cursor.at)) cursor.next();
  return isPieced;
}

export function hasPiece(text: string): boolean {
  return text.includes(PIECE);
}
