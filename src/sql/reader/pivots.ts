import type { PivotRelation, Relation } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { isName } from './names.js';

/** Reads `PIVOT (…)` or `UNPIVOT (…)` over `input` when one stands at the cursor. */
export function readPivot(cursor: Cursor, input: Relation): PivotRelation | undefined {
  const isUnpivot = cursor.sees('unpivot');
  if (!isUnpivot && !cursor.sees('pivot')) return undefined;
  let open = cursor.at + 1;
  if (/^(include|exclude)$/.test(cursor.token(open).word)) open += 2;
  if (cursor.token(open).word !== '(') return undefined;
  const close = cursor.closeOf(open);
  cursor.usesLiterals = true;
  const pivot = isUnpivot ? unpivot(cursor, open, close, input) : pivotOf(cursor, open, close, input);
  cursor.at = close + 1;
  return pivot;
}

function indexOfWord(cursor: Cursor, word: string, from: number, to: number): number {
  for (let index = from; index < to; index += 1) {
    const found = cursor.token(index).word;
    if (found === '(') index = cursor.closeOf(index);
    else if (found === word) return index;
  }
  return to;
}

/** `PIVOT (sum(amount) AS s FOR month IN ('JAN' AS jan, 'FEB'))`: every value becomes a column made of the aggregated ones. */
function pivotOf(cursor: Cursor, open: number, close: number, input: Relation): PivotRelation {
  const forAt = indexOfWord(cursor, 'for', open + 1, close);
  const inAt = indexOfWord(cursor, 'in', forAt, close);
  const aggregates = readExpression(cursor, open, forAt).columns.map(
    (column) => column.parts[column.parts.length - 1] ?? ''
  );
  const keys = readExpression(cursor, forAt + 1, inAt).columns.map(
    (column) => column.parts[column.parts.length - 1] ?? ''
  );
  const aggregateAlias = aliasesOf(cursor, open + 1, forAt);
  const made = listEntries(cursor, inAt + 1)
    .map((entry) => entryName(cursor, entry))
    .flatMap((name) =>
      aggregateAlias.length === 0
        ? [{ name, from: aggregates }]
        : aggregateAlias.map((alias) => ({ name: `${name}_${alias}`, from: aggregates }))
    );
  return { kind: 'pivot', input, consumed: [...aggregates, ...keys], made };
}

/** `UNPIVOT (val FOR name IN (a, b))`: the listed columns flow into `val`; `name` holds their names, which is no data. */
function unpivot(cursor: Cursor, open: number, close: number, input: Relation): PivotRelation {
  const forAt = indexOfWord(cursor, 'for', open + 1, close);
  const inAt = indexOfWord(cursor, 'in', forAt, close);
  const values = namesIn(cursor, open + 1, forAt);
  const keys = namesIn(cursor, forAt + 1, inAt);
  const from = listEntries(cursor, inAt + 1).flatMap((entry) => namesIn(cursor, entry.from, entry.aliasAt));
  return {
    kind: 'pivot',
    input,
    consumed: from,
    made: [...values.map((name) => ({ name, from })), ...keys.map((name) => ({ name, from: [] }))],
  };
}

function namesIn(cursor: Cursor, from: number, to: number): string[] {
  const names: string[] = [];
  for (let index = from; index < to; index += 1) {
    const token = cursor.token(index);
    if (isName(token) && cursor.token(index + 1).word !== '.') names.push(token.text);
  }
  return names;
}

function aliasesOf(cursor: Cursor, from: number, to: number): string[] {
  const aliases: string[] = [];
  for (let index = from; index < to; index += 1) {
    if (cursor.token(index).word === '(') index = cursor.closeOf(index);
    else if (cursor.token(index).word === 'as') aliases.push(cursor.token(index + 1).text);
  }
  return aliases;
}

interface Entry {
  readonly from: number;
  readonly to: number;
  /** Where AS stands, or the entry's end. */
  readonly aliasAt: number;
}

function listEntries(cursor: Cursor, open: number): Entry[] {
  if (cursor.token(open).word !== '(') return [];
  const close = cursor.closeOf(open);
  const entries: Entry[] = [];
  let from = open + 1;
  for (let index = from; index <= close; index += 1) {
    const { word } = cursor.token(index);
    if (word === '(') index = cursor.closeOf(index);
    else if (word === ',' || index === close) {
      if (index > from) entries.push({ from, to: index, aliasAt: indexOfWord(cursor, 'as', from, index) });
      from = index + 1;
    }
  }
  return entries;
}

function entryName(cursor: Cursor, entry: Entry): string {
  const named = entry.aliasAt < entry.to ? cursor.token(entry.aliasAt + 1) : cursor.token(entry.to - 1);
  return named.text;
}
