import type { Cursor } from './cursor.js';

/**
 * Steps over what MariaDB sets for a single statement, `SET STATEMENT max_statement_time = 60 FOR …`, to the statement
 * itself. Returns false, and leaves the cursor where it is, where there is none.
 */
export function skipSetStatement(cursor: Cursor): boolean {
  const start = cursor.at;
  while (cursor.traits.versionedComments && cursor.sees('set', 'statement')) {
    let index = cursor.at + 2;
    while (index < cursor.tokens.length && !/^(for|;)$/.test(cursor.token(index).word))
      index = cursor.token(index).word === '(' ? cursor.closeOf(index) + 1 : index + 1;
    if (cursor.token(index).word !== 'for' || isEnd(cursor, index + 1)) break;
    cursor.at = index + 1;
  }
  return cursor.at > start;
}

/** Where no statement follows, as in a text that was cut. */
function isEnd(cursor: Cursor, at: number): boolean {
  return at >= cursor.tokens.length || cursor.token(at).word === ';';
}
