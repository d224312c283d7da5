import type { PivotRelation, Relation } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { columnAt } from './names.js';

/**
 * Reads `MATCH_RECOGNIZE (PARTITION BY … MEASURES x AS a … PATTERN (…) DEFINE …)` over `input` if one is at the cursor.
 * ONE ROW PER MATCH shows the partition's columns and the measures, ALL ROWS PER MATCH the input's columns as well.
 */
export function readMatchRecognize(cursor: Cursor, input: Relation): PivotRelation | undefined {
  if (!cursor.sees('match_recognize', '(')) return undefined;
  const open = cursor.at + 1;
  const close = cursor.closeOf(open);
  const partition: string[] = [];
  const made: { name: string; from: string[] }[] = [];
  let allRows = false;
  for (let index = open + 1; index < close; index += 1) {
    const { word } = cursor.token(index);
    if (word === '(') index = cursor.closeOf(index);
    else if (word === 'partition' && cursor.token(index + 1).word === 'by')
      partition.push(...columnsOf(cursor, index + 2, endOfPart(cursor, index + 2, close)));
    else if (word === 'measures') made.push(...measures(cursor, index + 1, endOfPart(cursor, index + 1, close)));
    else if (word === 'all' && cursor.token(index + 1).word === 'rows') allRows = true;
  }
  cursor.at = close + 1;
  return { kind: 'pivot', input, consumed: [], made, ...(allRows ? {} : { kept: partition }) };
}

const PARTS: ReadonlySet<string> = new Set('order measures one all after pattern define subset'.split(' '));

function endOfPart(cursor: Cursor, from: number, close: number): number {
  let index = from;
  while (index < close && !(PARTS.has(cursor.token(index).word) && cursor.token(index + 1).word !== '.')) {
    index = cursor.token(index).word === '(' ? cursor.closeOf(index) + 1 : index + 1;
  }
  return index;
}

function columnsOf(cursor: Cursor, from: number, to: number): string[] {
  const { columns } = readExpression(cursor, from, to);
  return columns
    .filter(({ parts }) => !isMode(cursor, from, to, parts))
    .map(({ parts }) => parts[parts.length - 1] ?? '');
}

/** `FINAL LAST(x)` and `RUNNING SUM(x)` say over which rows: no columns. */
function isMode(cursor: Cursor, from: number, to: number, [name = '', ...others]: readonly string[]): boolean {
  if (others.length > 0 || !/^(final|running)$/i.test(name)) return false;
  for (let index = from; index + 2 < to; index += 1)
    if (cursor.token(index).text === name && cursor.token(index + 2).word === '(') return true;
  return false;
}

function measures(cursor: Cursor, from: number, to: number): { name: string; from: string[] }[] {
  const made: { name: string; from: string[] }[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(endOf(cursor, start, { comma: true }), to);
    const isNamed = cursor.token(end - 2).word === 'as';
    made.push({
      name: columnAt(cursor, cursor.token(end - 1)),
      from: columnsOf(cursor, start, isNamed ? end - 2 : end - 1),
    });
    start = end + 1;
  }
  return made;
}
