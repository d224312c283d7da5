import type { Cursor } from './cursor.js';
import { startsQuery } from './queries.js';

/** Whether the query starts here that fills what is created: `AS SELECT …`, `AS TABLE t`, `WITH a AS (…) SELECT …`. */
export function startsCreateQuery(cursor: Cursor): boolean {
  if (cursor.sees('as'))
    return startsQuery(cursor, cursor.at + 1) || cursor.peek(1).word === 'table' || cursor.peek(1).word === 'from';
  // behind T-SQL's `CREATE TABLE t (…)` such a query is the next statement
  if (cursor.dialect === 'tsql') return false;
  if (cursor.sees('with')) return isCte(cursor);
  return (cursor.sees('select') || cursor.sees('(') || cursor.sees('values')) && startsQuery(cursor, cursor.at);
}

function isCte(cursor: Cursor): boolean {
  const following = cursor.peek(2).word === '(' ? cursor.token(cursor.closeOf(cursor.at + 2) + 1) : cursor.peek(2);
  if (cursor.peek(1).word === 'recursive') return true;
  const at = cursor.tokens.indexOf(following, cursor.at);
  // `WITH SCHEMABINDING AS SELECT` is an option of the view.
  return following.word === 'as' && /^(\(|not|materialized)$/.test(cursor.token(at + 1).word);
}
