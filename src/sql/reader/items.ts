import type { SelectItem, StarItem, ValueItem } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { endOfOperator } from './expression-words.js';
import { DATE_PARTS, NOT_ITEM_ALIAS, OPERATOR_WORDS, TYPE_WORDS, VALUE_WORDS } from './keywords.js';
import { columnAt, identityAt, isName, readColumnList } from './names.js';
import { readRowField } from './row-fields.js';

/** Reads a select list at the cursor, up to FROM or whatever ends it. */
export function readItems(cursor: Cursor): SelectItem[] {
  const items: SelectItem[] = [];
  do {
    const star = readStar(cursor);
    if (star !== undefined) {
      items.push(star);
      continue;
    }
    const from = cursor.at;
    const end = endOf(cursor, from, { comma: true });
    // A trailing comma before FROM is allowed by several engines.
    if (end > from) items.push(readItem(cursor, from, end));
    cursor.at = end;
  } while (cursor.take(','));
  return items;
}

/** Reads one item from the tokens from `from` up to `end`, exclusive. */
export function readItem(cursor: Cursor, from: number, end: number): ValueItem {
  if (
    cursor.traits.assignedAliases &&
    isName(cursor.token(from)) &&
    cursor.token(from + 1).word === '=' &&
    end > from + 2
  ) {
    return valueItem(cursor, from + 2, end, columnAt(cursor, cursor.token(from)));
  }
  // DuckDB's `alias: expression`.
  if (cursor.dialect === 'duckdb' && isName(cursor.token(from)) && cursor.token(from + 1).word === ':')
    return valueItem(cursor, from + 2, end, columnAt(cursor, cursor.token(from)));
  const last = cursor.token(end - 1);
  const before = cursor.token(end - 2);
  // `col AS` with the alias left out.
  if (end - from >= 2 && last.word === 'as') return valueItem(cursor, from, end - 1, undefined);
  if (end - from >= 3 && before.word === 'as' && (isName(last) || last.kind === 'string')) {
    return valueItem(cursor, from, end - 2, columnAt(cursor, last));
  }
  if (end - from >= 2 && isBareAlias(cursor, from, end))
    return valueItem(cursor, from, end - 1, columnAt(cursor, last));
  // `AS (a, b)`: one expression under several names (Spark's multi-alias); the first name is used for it.
  if (last.word === ')') {
    const open = openOf(cursor, from, end - 1);
    if (open > from + 1 && cursor.token(open - 1).word === 'as')
      return valueItem(cursor, from, open - 1, columnAt(cursor, cursor.token(open + 1)));
  }
  return valueItem(cursor, from, end, undefined);
}

function openOf(cursor: Cursor, from: number, close: number): number {
  for (let index = from; index < close; index += 1) {
    const { word } = cursor.token(index);
    if (word !== '(' && word !== '[') continue;
    if (cursor.closeOf(index) === close) return index;
    index = cursor.closeOf(index);
  }
  return -1;
}

function valueItem(cursor: Cursor, from: number, end: number, alias: string | undefined): ValueItem {
  const value = readExpression(cursor, from, end);
  if (alias === undefined) noteLiterals(cursor, from, end);
  let [first, last] = [from, end];
  while (cursor.token(first).word === '(' && cursor.closeOf(first) === last - 1) [first, last] = [first + 1, last - 1];
  const isColumn = isDotted(cursor, first, last) || readRowField(cursor, first, last)?.end === last;
  return { kind: 'value', value, isColumn, name: nameOf(cursor, from, end), ...(alias === undefined ? {} : { alias }) };
}

function noteLiterals(cursor: Cursor, from: number, end: number): void {
  for (let index = from; index < end && !cursor.usesLiterals; index += 1) {
    const { kind } = cursor.token(index);
    if (kind === 'string' || kind === 'number') cursor.usesLiterals = true;
  }
}

/** A lone column is named after its last part, anything else after its text. */
function nameOf(cursor: Cursor, from: number, end: number): string {
  if (readRowField(cursor, from, end)?.end === end) return columnAt(cursor, cursor.token(end - 1));
  if (!isDotted(cursor, from, end)) return castName(cursor, from, end) ?? cursor.textBetween(from, end);
  return columnAt(cursor, cursor.token(end - 1));
}

/** `a.b.c` */
function isDotted(cursor: Cursor, from: number, end: number): boolean {
  for (let index = from; index < end; index += 1) {
    const token = cursor.token(index);
    const isPart = (index - from) % 2 === 0;
    if (isPart ? !isName(token) : token.word !== '.') return false;
  }
  return true;
}

/** `a.b::type` keeps the column's name, `v:path.to::type` the last key's. */
function castName(cursor: Cursor, from: number, end: number): string | undefined {
  let name: string | undefined;
  let isKey = false;
  for (let index = from; index < end; index += 2) {
    const token = cursor.token(index);
    if (!isName(token) && token.kind !== 'string') return undefined;
    name = isKey ? token.text : columnAt(cursor, token);
    const { word } = cursor.token(index + 1);
    if (word === '::' || index + 1 >= end) return name;
    if (word !== '.' && word !== ':') return undefined;
    isKey ||= word === ':';
  }
  return name;
}

/** True when the last token is an alias without AS: a name right after something that can end a value. */
function isBareAlias(cursor: Cursor, from: number, end: number): boolean {
  const last = cursor.token(end - 1);
  const before = cursor.token(end - 2);
  const isAliasToken =
    isName(last) ||
    (last.kind === 'string' &&
      (cursor.traits.stringAliases || (before.kind !== 'word' && cursor.traits.doubleQuotedStrings)) &&
      !isTypedLiteral(cursor, from, end));
  if (!isAliasToken || NOT_ITEM_ALIAS.has(last.word)) return false;
  if (last.kind === 'word' && OPERATOR_WORDS.has(last.word) && last.word !== 'row') return false;
  switch (before.kind) {
    case 'number':
    case 'string':
      // INTERVAL '1' DAY ends in a unit, not in an alias.
      return !(DATE_PARTS.has(last.word) && cursor.token(end - 3).word === 'interval');
    case 'quoted':
    case 'parameter':
      return true;
    case 'word':
      return endsValue(cursor, from, end - 2, last.word);
    case 'punct':
      if (before.word === ')' && isNamedOperator(cursor, from, end - 2)) return false;
      return (
        before.word === ')' || before.word === ']' || before.word === '}' || (before.word === '*' && end - from === 2)
      );
    case 'end':
      return false;
  }
}

/** PostgreSQL's `x OPERATOR(pg_catalog.+) y`, whose bracket ends at `close`. */
function isNamedOperator(cursor: Cursor, from: number, close: number): boolean {
  return endOfOperator(cursor, openOf(cursor, from, close) - 1) === close + 1;
}

/** `DATE '2024-01-01'`, `N'…'`, `_utf8'…'` and `x LIKE '…'` end in a literal, not in an alias. */
function isTypedLiteral(cursor: Cursor, from: number, end: number): boolean {
  const last = cursor.token(end - 1);
  const before = cursor.token(end - 2);
  if (before.kind !== 'word') return false;
  if (before.end === last.start || before.word.startsWith('_')) return true;
  return TYPE_WORDS.has(before.word) && end - 2 === from;
}

function endsValue(cursor: Cursor, from: number, index: number, alias: string): boolean {
  const { word } = cursor.token(index);
  const previous = cursor.token(index - 1).word;
  if (previous === '.') return true;
  if (OPERATOR_WORDS.has(word) && !VALUE_WORDS.has(word)) return false;
  if (word === 'interval') return false;
  // `x::double precision` and `x::timestamp with …` end in a type.
  if (previous === '::') return !(alias === 'precision' || alias === 'varying');
  if (index === from && TYPE_WORDS.has(word) && cursor.token(index + 1).kind === 'string') return false;
  return true;
}

/** Reads `*`, `t.*`, with EXCLUDE, EXCEPT, REPLACE and RENAME after it, if one is at the cursor. */
function readStar(cursor: Cursor): StarItem | undefined {
  const qualifier: string[] = [];
  let ahead = 0;
  // `(t).*` is `t.*`.
  const isRow =
    cursor.sees('(') &&
    isName(cursor.peek(1)) &&
    [')', '.', '*'].every((word, at) => cursor.peek(at + 2).word === word);
  if (isRow) {
    qualifier.push(identityAt(cursor, cursor.peek(1)));
    ahead = 4;
  }
  while (isName(cursor.peek(ahead)) && cursor.peek(ahead + 1).word === '.') {
    qualifier.push(identityAt(cursor, cursor.peek(ahead)));
    ahead += 2;
  }
  if (cursor.peek(ahead).word !== '*') return undefined;
  const from = cursor.at;
  cursor.at += ahead + 1;
  const star: StarItem & { except: string[]; rename: Map<string, string>; replace: ValueItem[]; like?: string } = {
    kind: 'star',
    qualifier,
    except: [],
    rename: new Map(),
    replace: [],
  };
  while (readStarOption(cursor, star)) continue;
  // `*::variant` and `* 2` are rare: whatever is left belongs to no name.
  const end = endOf(cursor, cursor.at, { comma: true });
  if (end > cursor.at && from >= 0) cursor.at = end;
  return star;
}

function readStarOption(
  cursor: Cursor,
  star: { except: string[]; rename: Map<string, string>; replace: ValueItem[]; like?: string }
): boolean {
  if (cursor.sees('ilike') && cursor.peek(1).kind === 'string') {
    cursor.usesLiterals = true;
    star.like = cursor.peek(1).text;
    cursor.at += 2;
    return true;
  }
  if (cursor.take('exclude') || (cursor.sees('except', '(') && cursor.take('except'))) {
    if (cursor.sees('(')) star.except.push(...readColumnList(cursor));
    else star.except.push(columnAt(cursor, cursor.next()));
    return true;
  }
  if (cursor.take('rename')) {
    const close = cursor.sees('(') ? cursor.closeOf(cursor.at) : cursor.at + 3;
    for (let index = cursor.sees('(') ? cursor.at + 1 : cursor.at; index < close; index += 1) {
      if (cursor.token(index).word === 'as')
        star.rename.set(columnAt(cursor, cursor.token(index - 1)), columnAt(cursor, cursor.token(index + 1)));
    }
    cursor.at = cursor.sees('(') ? close + 1 : close;
    return true;
  }
  if (cursor.sees('replace', '(')) {
    cursor.next();
    const close = cursor.closeOf(cursor.at);
    let from = cursor.at + 1;
    while (from < close) {
      const end = Math.min(endOf(cursor, from, { comma: true }), close);
      if (end > from) star.replace.push(readItem(cursor, from, end));
      from = end + 1;
    }
    cursor.at = close + 1;
    return true;
  }
  return false;
}
