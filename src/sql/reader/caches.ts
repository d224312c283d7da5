import type { Statement } from '../statement-tree.js';
import type { Cursor } from './cursor.js';
import { ownName, readName } from './names.js';
import { readQuery, startsQuery, wholeTable } from './queries.js';
import { skipStatement } from './quiet-statements.js';

/**
 * Reads Spark's `CACHE [LAZY] TABLE t [OPTIONS (…)] [[AS] query]` and Databricks' `CACHE SELECT …`; `undefined` (cursor
 * unmoved) for MySQL's `CACHE INDEX` and the like.
 */
export function readCache(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  cursor.next();
  if (cursor.sees('select')) return { kind: 'cache', query: readQuery(cursor) };
  cursor.take('lazy');
  const name = cursor.take('table') ? readName(cursor) : undefined;
  if (name === undefined) {
    cursor.at = start;
    return undefined;
  }
  if (cursor.take('options')) cursor.skipGroup();
  cursor.take('as');
  if (startsQuery(cursor, cursor.at) || cursor.sees('from') || cursor.sees('table'))
    return { kind: 'cache', target: ownName(name), query: readQuery(cursor) };
  skipStatement(cursor);
  return { kind: 'cache', query: wholeTable(name) };
}
