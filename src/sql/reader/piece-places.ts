import type { Cursor } from './cursor.js';
import { hasPiece, PIECE } from './piece.js';

/** What stands in front of a value, whatever it is: tables are read the same. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(
  `= < > <= >= <> != <=> + - * / % | & ^ || ( , [ :: . like ilike rlike regexp in between and or is not then else when case
   select distinct all top limit offset next first by as interval returning values escape date timestamp`.split(/\s+/)
);

/** The list that a SELECT begins with, whose tables are still to come. */
const LISTS: ReadonlySet<string> = new Set(['select', 'distinct', 'all', ',']);

/** True where the pieces of SQL that are not known may name tables, or be whole clauses. */
export function changesReading({ tokens }: Cursor): boolean {
  return tokens.some(({ kind, text, start }, index) => {
    if (kind === 'string' || !hasPiece(text)) return false;
    const before = tokens[index - 1];
    if (kind !== 'parameter' || text !== PIECE || before === undefined) return true;
    if (before.end === start && (before.kind !== 'punct' || before.word === '.')) return true;
    const beforeIt = tokens[index - 2]?.word ?? '';
    // `ORDER BY ' + @column + N' ' + @direction`: no table stands behind that
    if (before.text === PIECE && beforeIt === 'by' && tokens[index - 3]?.word === 'order') return false;
    if (before.word === '(' && /^(from|join|,)$/.test(beforeIt)) return true;
    // `SELECT *`, and no multiplication
    if (before.word === '*' && /^(select|distinct|all|,|\.)$/.test(beforeIt)) return true;
    const isLast = /^;?$/.test(tokens[index + 1]?.word ?? '');
    return (isLast && LISTS.has(before.word)) || !BEFORE_VALUES.has(before.word);
  });
}
