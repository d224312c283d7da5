import type { Cursor } from '../cursor.js';
import { hasPiece, PIECE } from './piece.js';
import { runnerCalled } from './text-runners.js';

/** What stands in front of a value, whatever it is: tables are read the same. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(
  `= < > <= >= <> != <=> + - * / % | & ^ || ( , [ :: . like ilike rlike regexp in between and or is not then else when case
   select distinct all top limit offset next first by as interval returning values escape date timestamp
   print delay partition`.split(/\s+/)
);

/** The list that a SELECT begins with, whose tables are still to come. */
const LISTS: ReadonlySet<string> = new Set(['select', 'distinct', 'all', ',']);

/** True where the pieces of SQL that are not known may name tables, or be whole clauses. */
export function changesReading({ tokens, dialect }: Cursor): boolean {
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
    if (before.word === 'time' && beforeIt === 'waitfor') return false;
    // a table, where it is no value as ClickHouse has it
    if (before.word === 'partition' && /^(?:at|de)tach$/.test(beforeIt) && dialect !== 'clickhouse') return true;
    if (dialect === 'tsql' && endsProcedure(tokens, index - 1)) return false;
    const isLast = /^;?$/.test(tokens[index + 1]?.word ?? '');
    return (isLast && LISTS.has(before.word)) || !BEFORE_VALUES.has(before.word);
  });
}

/** True for the name of a procedure that EXEC calls, unless that runs what it is handed: `EXEC dbo.p ' + @x`. */
function endsProcedure(tokens: Cursor['tokens'], last: number): boolean {
  const parts: string[] = [];
  let at = last;
  for (; at > 0; at -= 2) {
    const { kind, text } = tokens[at] ?? {};
    if ((kind !== 'word' && kind !== 'quoted') || text === undefined || hasPiece(text)) return false;
    parts.unshift(text.toLowerCase());
    if (tokens[at - 1]?.word !== '.') break;
  }
  // `EXEC @result = dbo.p`
  const exec = tokens[at - 1]?.word === '=' && tokens[at - 2]?.kind === 'parameter' ? at - 3 : at - 1;
  return /^exec(?:ute)?$/.test(tokens[exec]?.word ?? '') && runnerCalled(parts) === undefined;
}
