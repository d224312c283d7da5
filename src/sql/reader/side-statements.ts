import type { Statement } from '../statement-tree.js';
import type { Cte, Query, Source } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readItems } from './items.js';
import { identityAt } from './names.js';
import { ALL_COLUMNS, plainQuery, rowsOf } from './plain-query.js';
import { calledSource, deletedRows, outputRows, returnedRows, type Versions } from './returned-rows.js';
import { readStatement } from './statements.js';

type Delete = Extract<Statement, { kind: 'delete' }>;

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge']);

const VERSIONS: Versions = { old: 'old', anew: 'new' };

/**
 * Reads `INSERT … RETURNING …` inside a CTE if one is at the cursor: it becomes a separate statement. A DELETE returns
 * the deleted rows, so they count as read; what an INSERT returns comes from its query.
 */
export function readDataChange(cursor: Cursor, close: number, ctes: readonly Cte[]): Query | undefined {
  if (!cursor.seesAny(CHANGES)) return undefined;
  const from = cursor.at;
  const own = readStatement(cursor);
  const statement = withCtes(own, ctes);
  cursor.side.push(statement);
  const query = own.kind === 'delete' ? deleted(cursor, own, from, close) : changed(cursor, statement, from, close);
  cursor.at = close;
  return query ?? plainQuery({ kind: 'values', rows: [] });
}

function changed(cursor: Cursor, statement: Statement, from: number, close: number): Query | undefined {
  if (!takeBefore(cursor, from, close, 'returning')) return undefined;
  const versions = readVersions(cursor);
  return returnedRows(statement, readItems(cursor), versions);
}

function deleted(cursor: Cursor, { query }: Delete, from: number, close: number): Query | undefined {
  if (!takeBefore(cursor, from, close, 'returning')) return undefined;
  return deletedRows(query, readItems(cursor));
}

/** PostgreSQL's `RETURNING WITH (OLD AS o, NEW AS n) …`. */
function readVersions(cursor: Cursor): Versions {
  const versions = { ...VERSIONS };
  if (!cursor.sees('with', '(')) return versions;
  const close = cursor.closeOf(cursor.at + 1);
  for (cursor.at += 2; cursor.at < close; cursor.next()) {
    const name = identityAt(cursor, cursor.peek(2)).toLowerCase();
    if (cursor.sees('old', 'as')) versions.old = name;
    if (cursor.sees('new', 'as')) versions.anew = name;
  }
  cursor.at = close + 1;
  return versions;
}

/** Steps behind the word outside brackets; false when it isn't there. */
function takeBefore(cursor: Cursor, from: number, close: number, word: string): boolean {
  cursor.at = from;
  while (cursor.at < close && !cursor.sees(word)) if (!cursor.skipGroup()) cursor.next();
  return cursor.at < close && cursor.take(word);
}

/** The statement with the CTEs to its left in scope. */
function withCtes(statement: Statement, outer: readonly Cte[]): Statement {
  if (statement.kind === 'update' || statement.kind === 'merge') return seeing(outer, statement);
  if (statement.kind === 'insert' && statement.query !== undefined)
    return { ...statement, query: seeing(outer, statement.query) };
  if (statement.kind === 'delete') return { ...statement, query: seeing(outer, statement.query) };
  return statement;
}

function seeing<Seen extends { readonly ctes: readonly Cte[] }>(outer: readonly Cte[], query: Seen): Seen {
  return { ...query, ctes: [...outer, ...query.ctes] };
}

/**
 * Db2's `FROM FINAL TABLE (INSERT …)`, `OLD TABLE (DELETE …)`: the change is a separate statement, whose rows are read
 * as RETURNING * has them; `undefined` when none is at the cursor.
 */
export function readChangeTable(cursor: Cursor): Query | undefined {
  const [version, table, bracket, change] = [0, 1, 2, 3].map((ahead) => cursor.peek(ahead).word);
  if (!/^(final|new|old)$/.test(version ?? '') || table !== 'table' || bracket !== '(') return undefined;
  if (!CHANGES.has(change ?? '')) return undefined;
  const close = cursor.closeOf(cursor.at + 2);
  cursor.at += 3;
  const statement = cursor.deeper(() => readStatement(cursor));
  cursor.at = close + 1;
  if (statement === undefined) return plainQuery({ kind: 'values', rows: [] });
  cursor.side.push(statement);
  if (statement.kind === 'delete') return deletedRows(statement.query, [ALL_COLUMNS]);
  return returnedRows(statement, [ALL_COLUMNS], VERSIONS) ?? plainQuery({ kind: 'values', rows: [] });
}

/** True when the statement of a `FROM (MERGE … OUTPUT …)` starts at `index`. */
export function startsChange(cursor: Cursor, index: number): boolean {
  return cursor.dialect === 'tsql' && CHANGES.has(cursor.token(index).word);
}

/**
 * T-SQL's `FROM (MERGE … OUTPUT …) AS changes`: the change is a separate statement, its output is read from the changed
 * table and what feeds it.
 */
export function readChange(cursor: Cursor, close: number): Query | undefined {
  if (!startsChange(cursor, cursor.at)) return undefined;
  const from = cursor.at;
  const statement = readStatement(cursor);
  cursor.side.push(statement);
  const items = takeBefore(cursor, from, close, 'output') ? readItems(cursor) : [];
  if (statement.kind === 'delete') return deletedRows(statement.query, items, deletedFrom(statement));
  return outputRows(statement, items) ?? rowsOf(items, []);
}

function deletedFrom({ targets: [target], query }: Delete): Source | undefined {
  const { from } = query.body;
  if (target !== undefined) return calledSource(target, from);
  return from[0]?.kind === 'table' ? from[0].source : undefined;
}
