import type { Cte, Expression, Name, Query, Relation, SelectItem, Statement } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readItems } from './items.js';
import { identityAt, readName } from './names.js';
import { outputInto, readOutput } from './outputs.js';
import type { CteList } from './queries.js';
import { plainQuery, rowsOf } from './plain-query.js';
import { FromClause, moved } from './relations.js';
import { calledSource, outputRows, returnedRows, type Versions } from './returned-rows.js';
import { readStatement, skipStatement } from './statements.js';

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge']);

/**
 * Reads `INSERT … RETURNING …` inside a CTE if one is at the cursor: it becomes a separate statement. A DELETE returns
 * the deleted rows, so they count as read; what an INSERT returns comes from its query.
 */
export function readDataChange(cursor: Cursor, close: number, ctes: readonly Cte[]): Query | undefined {
  if (!cursor.seesAny(CHANGES)) return undefined;
  const isDelete = cursor.sees('delete');
  const from = cursor.at;
  const statement = withCtes(readStatement(cursor), ctes);
  cursor.side.push(statement);
  const query = isDelete ? deletedRows(cursor, from, close) : changed(cursor, statement, from, close);
  cursor.at = close;
  return query ?? plainQuery({ kind: 'values', rows: [] });
}

function changed(cursor: Cursor, statement: Statement, from: number, close: number): Query | undefined {
  if (!takeBefore(cursor, from, close, 'returning')) return undefined;
  const versions = readVersions(cursor);
  return returnedRows(statement, readItems(cursor), versions);
}

/** PostgreSQL's `RETURNING WITH (OLD AS o, NEW AS n) …`. */
function readVersions(cursor: Cursor): Versions {
  const versions = { old: 'old', anew: 'new' };
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
  if (statement.kind === 'update' || statement.kind === 'merge')
    return { ...statement, ctes: [...outer, ...statement.ctes] };
  if (statement.kind !== 'insert' || statement.query === undefined) return statement;
  return { ...statement, query: { ...statement.query, ctes: [...outer, ...statement.query.ctes] } };
}

/** With what the DELETE joins and tests. */
function deletedRows(cursor: Cursor, start: number, close: number): Query | undefined {
  cursor.at = start + 1;
  cursor.take('from');
  const from = new FromClause(cursor);
  from.read();
  const using = new FromClause(cursor);
  if (cursor.take('using')) using.read();
  const conditions = [...from.conditions, ...using.conditions, ...whereOf(cursor)];
  if (from.relations.length === 0 || !takeBefore(cursor, start, close, 'returning')) return undefined;
  const joins = moved(using.using, from.relations.length);
  return rowsOf(readItems(cursor), [...from.relations, ...using.relations], joins, conditions);
}

function whereOf(cursor: Cursor): readonly Expression[] {
  if (!cursor.take('where')) return [];
  const start = cursor.at;
  cursor.at = endOf(cursor, start, { comma: false });
  return [readExpression(cursor, start, cursor.at)];
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
  const target = deletedFrom(cursor, from);
  const items = takeBefore(cursor, from, close, 'output') ? readItems(cursor) : [];
  if (target !== undefined) return outputOfDelete(cursor, target, items);
  return outputRows(statement, items) ?? rowsOf(items, []);
}

function deletedFrom(cursor: Cursor, from: number): Name | undefined {
  cursor.at = from;
  if (!cursor.take('delete')) return undefined;
  if (cursor.sees('top', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
  cursor.take('percent');
  cursor.take('from');
  return readName(cursor);
}

/** T-SQL's `DELETE … OUTPUT deleted.x INTO log`: the deleted rows go into a second table. */
export function readKeptDelete(cursor: Cursor, list: CteList): Statement | undefined {
  if (cursor.dialect !== 'tsql' || !cursor.sees('delete')) return undefined;
  const start = cursor.at;
  const target = deletedFrom(cursor, start);
  const output = readOutput(cursor);
  if (target === undefined || output === undefined) {
    cursor.at = start;
    return undefined;
  }
  const query = { ...outputOfDelete(cursor, target, output.items), ...list };
  skipStatement(cursor);
  return outputInto(output, query);
}

/** With what the DELETE joins: it is no statement of its own to the reader. */
function outputOfDelete(cursor: Cursor, target: Name, items: readonly SelectItem[]): Query {
  const from = new FromClause(cursor);
  if (cursor.take('from')) from.read();
  const conditions = [...from.conditions, ...whereOf(cursor)];
  const source = calledSource(target, from.relations);
  const read: Relation[] = from.relations.length > 0 ? from.relations : [{ kind: 'table', source }];
  return rowsOf(items, [...read, { kind: 'table', source, alias: 'deleted' }], from.using, conditions);
}
