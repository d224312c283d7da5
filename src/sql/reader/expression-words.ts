import { skipType } from './type-names.js';
import type { Frame } from './call-frames.js';
import type { Cursor } from './cursor.js';
import { DATE_PARTS, OPERATOR_WORDS, VALUE_WORDS } from './keywords.js';
import { columnAt, isName } from './names.js';
import type { Token } from './token.js';

const FRAME_WORDS: ReadonlySet<string> = new Set(
  'rows range groups unbounded preceding following current row exclude ties no others first last nulls order limit'.split(
    ' '
  )
);
const CALL_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['trim', new Set(['both', 'leading', 'trailing'])],
  ['substring', new Set(['for'])],
  ['overlay', new Set(['placing', 'for'])],
  ['xmlelement', new Set(['name'])],
  ['json_object', new Set(['key', 'value'])],
  ['extract', new Set(['date', 'time'])],
]);
/** Between these a keyword is a value, so it is a column of that name: `COALESCE(end, x)`, `end - start`. */
const AROUND_VALUES: ReadonlySet<string> = new Set('( ) [ ] , + - * / % || = < > <= >= <> != ::'.split(' '));
/** The same inside CASE and in conditions: `CASE WHEN end IS NULL THEN partition ELSE limit END`. */
const BEFORE_VALUES: ReadonlySet<string> = new Set('case when then else and or by'.split(' '));
const AFTER_VALUES: ReadonlySet<string> = new Set(
  'when then else end and or is in like ilike between order rows range groups asc desc'.split(' ')
);
/** Words that hold an expression together wherever they stand. */
const FRAMEWORK: ReadonlySet<string> = new Set('case when then else and or not is in like ilike between'.split(' '));
export const XML_METHODS: ReadonlySet<string> = new Set('value query nodes exist modify'.split(' '));
export const ODBC_WORDS: ReadonlySet<string> = new Set('fn d t ts oj'.split(' '));
/** What can follow the name of a window that another one is built on, and what a window starts with otherwise. */
const WINDOW_PARTS: ReadonlySet<string> = new Set('partition order rows range groups )'.split(' '));
const WINDOW_HEADS: ReadonlySet<string> = new Set(
  'partition order rows range groups distribute sort cluster'.split(' ')
);
const IS_WORDS: ReadonlySet<string> = new Set('json unknown document normalized nan infinite'.split(' '));

/** `$1`: the first column where tables have positions. */
export function isPosition(token: Token): boolean {
  return token.kind === 'parameter' && /^\$\d+$/.test(token.text);
}

/** True when the word at `at`, the first in the brackets of OVER, names a window that another one is built on. */
export function isWindowName(cursor: Cursor, at: number): boolean {
  return WINDOW_PARTS.has(cursor.token(at + 1).word) && !WINDOW_HEADS.has(cursor.token(at).word);
}

/** True for a word that is no column wherever it stands: an operator's, a call's own grammar's, a part of `IS JSON`. */
export function isNoColumn(cursor: Cursor, at: number, next: string, frame: Frame | undefined): boolean {
  const { word } = cursor.token(at);
  if (OPERATOR_WORDS.has(word)) return true;
  // Snowflake's METADATA$ACTION, METADATA$FILENAME and the like aren't columns of the table.
  if (cursor.dialect === 'snowflake' && word.startsWith('metadata$')) return true;
  if (IS_WORDS.has(word) && ['is', 'not'].includes(cursor.token(at - 1).word)) return true;
  return frame !== undefined && next !== '(' && isFrameWord(cursor, at, frame);
}

/** True for a word of a call's own grammar or of a window's frame. */
function isFrameWord(cursor: Cursor, at: number, frame: Frame): boolean {
  const { word } = cursor.token(at);
  if (CALL_WORDS.get(frame.call)?.has(word) === true) return true;
  if (!FRAME_WORDS.has(word)) return frame.lambda?.has(word) === true;
  const afterNulls = cursor.token(at - 1).word === 'nulls' || word === 'nulls' || word === 'limit';
  return frame.call === 'over' || afterNulls || frame.lambda?.has(word) === true;
}

/**
 * After `AS` inside a bracket comes a type (CAST) or a field name (STRUCT): neither is a column. @returns where it ends
 */
export function endOfType(cursor: Cursor, from: number, end: number): number {
  let index = from;
  while (index < end && cursor.token(index).word !== ',') {
    const { word } = cursor.token(index);
    const isBracket = word === '(' || word === '[';
    index = isBracket ? cursor.closeOf(index) + 1 : word === '<' ? skipType(cursor, index - 1) : index + 1;
  }
  return index;
}

/** Behind PostgreSQL's `OPERATOR(pg_catalog.=)` when it starts at `from`. */
export function endOfOperator(cursor: Cursor, from: number): number | undefined {
  if (cursor.token(from).word !== 'operator' || cursor.token(from + 1).word !== '(') return undefined;
  const close = cursor.closeOf(from + 1);
  const sign = cursor.token(close - 1);
  return sign.kind === 'punct' && sign.word !== '(' && sign.word !== ')' ? close + 1 : undefined;
}

/** Skips the path of `v:a.b[0]`, from after `a` on. @returns where it ends */
export function endOfPath(cursor: Cursor, from: number): number {
  for (let index = from; ;) {
    const { word } = cursor.token(index);
    if (word === '.') index += 2;
    else if (word === '[') index = cursor.closeOf(index) + 1;
    else return index;
  }
}

/** What `* ILIKE '…'` or `* EXCLUDE …` leaves, if one of them is at `at`, and the index of the next token. */
export function readExclusion(
  cursor: Cursor,
  at: number
): { readonly except: readonly string[]; readonly like?: string; readonly end: number } {
  if (cursor.token(at).word === 'ilike' && cursor.token(at + 1).kind === 'string') {
    cursor.usesLiterals = true;
    return { ...readExclusion(cursor, at + 2), like: cursor.token(at + 1).text };
  }
  if (!/^(exclude|except)$/.test(cursor.token(at).word)) return { except: [], end: at };
  const isList = cursor.token(at + 1).word === '(';
  const end = isList ? cursor.closeOf(at + 1) + 1 : at + 2;
  const except: string[] = [];
  for (let index = at + 1; index < end; index += 1)
    if (isName(cursor.token(index))) except.push(columnAt(cursor, cursor.token(index)));
  return { except, end };
}

/**
 * True when the keyword at `at` is where only a value can be, in an expression from `from` up to `to`, exclusive: it is
 * the name of a column.
 */
export function isValueWord(cursor: Cursor, at: number, from: number, to: number): boolean {
  const { word } = cursor.token(at);
  if (VALUE_WORDS.has(word) && word !== 'end') return false;
  if (DATE_PARTS.has(word) || word.startsWith('metadata$') || (word === 'level' && cursor.connectsBy)) return false;
  const before = cursor.token(at - 1).word;
  const after = cursor.token(at + 1).word;
  const inWords = !FRAMEWORK.has(word);
  return (
    (at === from ||
      (before !== ')' && before !== ']' && AROUND_VALUES.has(before)) ||
      (inWords && BEFORE_VALUES.has(before))) &&
    (at + 1 >= to ||
      (after !== '(' && after !== '[' && AROUND_VALUES.has(after)) ||
      (inWords && AFTER_VALUES.has(after)))
  );
}
