import type { Statement } from '../statement-tree.js';
import type { Relation } from '../tree.js';
import type { Cursor } from './cursor.js';
import { isName, readName } from './names.js';
import { rowsOf } from './plain-query.js';
import { skipStatement } from './quiet-statements.js';

const VERB = /^(?:readtext|writetext|updatetext)$/;

/**
 * T-SQL's `READTEXT t.c @p 1 25`, `WRITETEXT t.c @p 'x'` and `UPDATETEXT t.c @p 0 NULL s.c @q`, which name columns of
 * tables; `undefined` (cursor unmoved) for all else.
 */
export function readLobStatement(cursor: Cursor): Statement | undefined {
  const { word } = cursor.peek();
  if (cursor.dialect !== 'tsql' || !VERB.test(word) || !namesColumn(cursor)) return undefined;
  cursor.next();
  cursor.take('bulk');
  const table = tableOfColumn(cursor);
  const start = cursor.at;
  skipStatement(cursor);
  if (table === undefined) return { kind: 'other', verb: word };
  if (word === 'readtext') return { kind: 'select', query: rowsOf([], [table]) };
  const from = word === 'updatetext' ? copiedFrom(cursor, start) : undefined;
  return {
    kind: 'update',
    ctes: [],
    recursive: false,
    targets: [table],
    relations: from === undefined ? [] : [from],
    using: [],
    assignments: [],
    conditions: [],
  };
}

function namesColumn(cursor: Cursor): boolean {
  const ahead = cursor.peek(1).word === 'bulk' ? 2 : 1;
  return isName(cursor.peek(ahead)) && /^\.\.?$/.test(cursor.peek(ahead + 1).word);
}

/** The table of `d.s.t.c` at the cursor. */
function tableOfColumn(cursor: Cursor): Relation | undefined {
  const source = readName(cursor)?.slice(0, -1);
  return source === undefined || source.length === 0 ? undefined : { kind: 'table', source };
}

/** The column behind the offsets that UPDATETEXT copies from, if it copies. */
function copiedFrom(cursor: Cursor, start: number): Relation | undefined {
  const end = cursor.at;
  for (let at = start; at < end; at += 1) {
    if (!isName(cursor.token(at)) || cursor.token(at + 1).word !== '.') continue;
    cursor.at = at;
    const table = tableOfColumn(cursor);
    cursor.at = end;
    return table;
  }
  return undefined;
}
