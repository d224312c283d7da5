import type { Condition } from './condition.js';
import type { RowSet } from './measure.js';
import type { MeasureSession } from './measures.js';

/**
 * The session in which a table can be read.
 * @param sql `users`: for a user's own statements about it. Those of ours hold such SQL where the rows do
 */
export function sessionFor(
  session: MeasureSession,
  rows: Pick<RowSet, 'table' | 'query' | 'where'>,
  sql: 'ours' | 'users' = 'ours'
): MeasureSession {
  const { database } = rows.table;
  const own = session.in?.(database) ?? session;
  return sql === 'users' || holdsUsersSql(rows) ? (own.forUsersSql?.(rows.table, sql) ?? own) : own;
}

function holdsUsersSql({ query, where }: Pick<RowSet, 'query' | 'where'>): boolean {
  return query !== undefined || (where !== undefined && isUsersSql(where));
}

function isUsersSql(condition: Condition): boolean {
  switch (condition.op) {
    case 'sql':
      return true;
    case 'not':
      return isUsersSql(condition.of);
    case 'and':
    case 'or':
      return condition.of.some(isUsersSql);
    default:
      return false;
  }
}
