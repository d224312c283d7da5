import type { Statement } from '../statement-tree.js';
import type { Name } from '../tree.js';
import type { Cursor } from './cursor.js';
import { identityAt, readName } from './names.js';
import { rowsOf } from './plain-query.js';
import { skipStatement } from './quiet-statements.js';

/**
 * MySQL's `HANDLER t READ …`: rows of t, or of what the text opened as t; `undefined` (cursor unmoved) where a handler
 * is opened or closed.
 */
export function readHandler(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  const name = readName(cursor);
  if (!cursor.traits.versionedComments || !cursor.sees('read') || name === undefined) {
    cursor.at = start;
    return undefined;
  }
  skipStatement(cursor);
  const end = cursor.at;
  const source = openedAs(cursor, start) ?? name;
  cursor.at = end;
  return { kind: 'select', query: rowsOf([], [{ kind: 'table', source }]) };
}

/** The table of `HANDLER s.t OPEN AS h` before `HANDLER h READ` at `start`; moves the cursor. */
function openedAs(cursor: Cursor, start: number): Name | undefined {
  const alias = identityAt(cursor, cursor.token(start + 1)).toLowerCase();
  let found: Name | undefined;
  for (let index = 0; index < start; index += 1) {
    if (cursor.token(index).word !== 'handler') continue;
    cursor.at = index + 1;
    const name = readName(cursor);
    if (!cursor.take('open')) continue;
    cursor.take('as');
    if (identityAt(cursor, cursor.peek()).toLowerCase() === alias) found = name;
  }
  return found;
}
