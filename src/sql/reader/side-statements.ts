import { identityOf } from '../name-identity.js';
import {
  isLocation,
  type Cte,
  type Name,
  type Query,
  type Relation,
  type SelectItem,
  type Statement,
} from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readItems } from './items.js';
import { readName } from './names.js';
import { FromClause } from './relations.js';
import { calledSource, outputRows, returnedRows, rowsOf } from './returned-rows.js';
import { readStatement } from './statements.js';

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
  const query = isDelete
    ? deletedRows(cursor, from, close)
    : (insertedRows(cursor, statement, from, close) ?? changed(cursor, statement, from, close));
  cursor.at = close;
  return query ?? { kind: 'query', ctes: [], recursive: false, body: { kind: 'values', rows: [] }, tail: [] };
}

function changed(cursor: Cursor, statement: Statement, from: number, close: number): Query | undefined {
  return takeBefore(cursor, from, close, 'returning') ? returnedRows(statement, readItems(cursor)) : undefined;
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

/** What an INSERT of a query returns: the rows of the query under the names of the table's columns. */
function insertedRows(cursor: Cursor, statement: Statement, from: number, close: number): Query | undefined {
  if (statement.kind !== 'insert' || statement.query === undefined || isLocation(statement.target)) return undefined;
  if (statement.query.body.kind === 'values' || !takeBefore(cursor, from, close, 'returning')) return undefined;
  const items = readItems(cursor);
  const name = statement.target[statement.target.length - 1];
  // What the query doesn't give is the table's own: a serial number.
  const given = new Set(statement.columns.map((column) => column.toLowerCase()));
  const isGiven = (item: SelectItem): boolean =>
    item.kind === 'star' || !item.isColumn || given.has(item.name.toLowerCase());
  if (name === undefined || (given.size > 0 && !items.some(isGiven))) return returnedRows(statement, items);
  return {
    kind: 'query',
    ctes: [{ name: identityOf(name, cursor.traits), columns: statement.columns, query: statement.query }],
    recursive: false,
    body: {
      kind: 'select',
      items,
      from: [{ kind: 'table', source: [name], ...(statement.alias === undefined ? {} : { alias: statement.alias }) }],
      using: [],
      conditions: [],
      windows: new Map(),
    },
    tail: [],
  };
}

function deletedRows(cursor: Cursor, from: number, close: number): Query | undefined {
  cursor.at = from + 1;
  cursor.take('from');
  const name: Name | undefined = readName(cursor);
  if (name === undefined) return undefined;
  if (!takeBefore(cursor, from, close, 'returning')) return undefined;
  return rowsOf(readItems(cursor), [{ kind: 'table', source: name }]);
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

/** With what the DELETE joins: it is no statement of its own to the reader. */
function outputOfDelete(cursor: Cursor, target: Name, items: readonly SelectItem[]): Query {
  const from = new FromClause(cursor);
  if (cursor.take('from')) from.read();
  const conditions = [...from.conditions];
  if (cursor.take('where')) {
    const start = cursor.at;
    cursor.at = endOf(cursor, start, { comma: false });
    conditions.push(readExpression(cursor, start, cursor.at));
  }
  const source = calledSource(target, from.relations);
  const read: Relation[] = from.relations.length > 0 ? from.relations : [{ kind: 'table', source }];
  return rowsOf(items, [...read, { kind: 'table', source, alias: 'deleted' }], from.using, conditions);
}
