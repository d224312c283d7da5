import { columnIdentity } from '../name-identity.js';
import type { PivotRelation, Relation } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { columnAt, isName } from './names.js';
import { startsQuery } from './queries.js';
import type { Token } from './token.js';

/** Dialects whose UNPIVOT shows the values before the names of their columns. */
const VALUES_FIRST: ReadonlySet<string> = new Set(['tsql', 'bigquery']);

/** Dialects that name the column of 'N' after the literal, quotes and all. */
const QUOTED: ReadonlySet<string> = new Set(['snowflake', 'oracle']);
const SPARK: ReadonlySet<string> = new Set(['sparksql', 'databricks']);

/** Reads `PIVOT (…)` or `UNPIVOT (…)` over `input` if one is at the cursor. */
export function readPivot(cursor: Cursor, input: Relation): PivotRelation | undefined {
  const isUnpivot = cursor.sees('unpivot');
  if (!isUnpivot && !cursor.sees('pivot')) return undefined;
  let open = cursor.at + 1;
  if (/^(include|exclude)$/.test(cursor.token(open).word)) open += 2;
  // Oracle's `PIVOT XML (… IN (ANY))`
  if (cursor.token(open).word === 'xml') open += 1;
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

/** `PIVOT (sum(amount) AS s FOR month IN ('JAN' AS jan, 'FEB'))`: every value becomes a column for every aggregate. */
function pivotOf(cursor: Cursor, open: number, close: number, input: Relation): PivotRelation {
  const forAt = indexOfWord(cursor, 'for', open + 1, close);
  const inAt = indexOfWord(cursor, 'in', forAt, close);
  const aggregates = aggregatesOf(cursor, open + 1, forAt);
  const consumed = [...aggregates.flatMap(({ from }) => from), ...columnsIn(cursor, forAt + 1, inAt)];
  if (startsQuery(cursor, inAt + 2)) {
    // Only the data tells which columns this makes.
    const { queries } = readExpression(cursor, inAt + 1, cursor.closeOf(inAt + 1) + 1);
    return { kind: 'pivot', input, consumed, made: [], queries };
  }
  // Spark's only aggregate gives its name to no column.
  const isNamed =
    aggregates.some(({ alias }) => alias !== undefined) && !(SPARK.has(cursor.dialect) && aggregates.length === 1);
  const all = aggregates.flatMap(({ from }) => from);
  const made = listEntries(cursor, inAt + 1)
    .map((entry) => entryName(cursor, entry))
    .flatMap((name) =>
      isNamed
        ? aggregates.map(({ alias, from }) => ({ name: madeName(cursor, name, alias), from }))
        : [{ name, from: all }]
    );
  return { kind: 'pivot', input, consumed, made };
}

/** BigQuery puts the aggregate's alias first, the others the value. */
function madeName(cursor: Cursor, value: string, alias: string | undefined): string {
  if (alias === undefined) return value;
  return cursor.dialect === 'bigquery' ? `${alias}_${value}` : `${value}_${alias}`;
}

interface Aggregate {
  readonly from: readonly string[];
  readonly alias?: string;
}

function aggregatesOf(cursor: Cursor, from: number, to: number): Aggregate[] {
  const aggregates: Aggregate[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(endOf(cursor, start, { comma: true, words: FOR }), to);
    const last = cursor.token(end - 1);
    const hasAlias = isName(last) && cursor.token(end - 2).word !== '.';
    aggregates.push({ from: columnsIn(cursor, start, end), ...(hasAlias ? { alias: columnAt(cursor, last) } : {}) });
    start = end + 1;
  }
  return aggregates;
}

const FOR: ReadonlySet<string> = new Set(['for']);

/** Columns inside the brackets of calls, or the bare ones where there are none. */
function columnsIn(cursor: Cursor, from: number, to: number): string[] {
  const last = cursor.token(to - 1);
  const isAliased = cursor.token(from + 1).word === '(' && isName(last);
  const end = isAliased ? cursor.closeOf(from + 1) + 1 : to;
  return readExpression(cursor, from, end).columns.map((column) => column.parts[column.parts.length - 1] ?? '');
}

/**
 * `UNPIVOT (val FOR name IN (a, b))`: the listed columns flow into `val`; `name` holds their names, which isn't data.
 */
function unpivot(cursor: Cursor, open: number, close: number, input: Relation): PivotRelation {
  const forAt = indexOfWord(cursor, 'for', open + 1, close);
  const inAt = indexOfWord(cursor, 'in', forAt, close);
  const values = namesIn(cursor, open + 1, forAt);
  const keys = namesIn(cursor, forAt + 1, inAt);
  const rows = listEntries(cursor, inAt + 1).map((entry) => namesIn(cursor, entry.from, entry.aliasAt));
  const from = rows.flat();
  const named = keys.map((name) => ({ name, from: [] }));
  // `(lo, hi) FOR half IN ((a, b), (c, d))`: the first value is made of a and c.
  const made = values.map((name, position) => ({
    name,
    from: values.length > 1 ? rows.flatMap((row) => row[position] ?? []) : from,
  }));
  return {
    kind: 'pivot',
    input,
    consumed: from,
    made: VALUES_FIRST.has(cursor.dialect) ? [...made, ...named] : [...named, ...made],
  };
}

function namesIn(cursor: Cursor, from: number, to: number): string[] {
  const names: string[] = [];
  for (let index = from; index < to; index += 1) {
    const token = cursor.token(index);
    if (isName(token) && cursor.token(index + 1).word !== '.') names.push(columnAt(cursor, token));
  }
  return names;
}

interface Entry {
  readonly from: number;
  readonly to: number;
  /** The index of AS, or the entry's end. */
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
  if (entry.aliasAt < entry.to) return columnAt(cursor, cursor.token(entry.aliasAt + 1));
  // Oracle's `('N', 2024)` of several columns is `'N'_2024`.
  const isRow = cursor.token(entry.from).word === '(' && cursor.closeOf(entry.from) === entry.to - 1;
  const values = isRow ? listEntries(cursor, entry.from) : [entry];
  return values.map(({ to }) => valueName(cursor, cursor.token(to - 1))).join('_');
}

function valueName(cursor: Cursor, value: Token): string {
  if (value.kind !== 'string' || !QUOTED.has(cursor.dialect)) return value.text;
  return columnIdentity({ text: `'${value.text}'`, quoted: true }, cursor.traits);
}
