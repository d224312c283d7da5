import { identityOf } from '../name-identity.js';
import { isLocation, type Cte, type Name, type Query, type Relation, type Statement } from '../tree.js';
import type { Cursor } from './cursor.js';
import { readItems } from './items.js';
import { readName } from './names.js';
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
  const query = isDelete ? deletedRows(cursor, from, close) : insertedRows(cursor, statement, from, close);
  cursor.at = close;
  return query ?? { kind: 'query', ctes: [], recursive: false, body: { kind: 'values', rows: [] }, tail: [] };
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
  cursor.at = from;
  while (cursor.at < close && !cursor.sees('returning')) if (!cursor.skipGroup()) cursor.next();
  if (!cursor.take('returning')) return undefined;
  const items = readItems(cursor);
  const name = statement.target[statement.target.length - 1];
  if (name === undefined) return undefined;
  return {
    kind: 'query',
    ctes: [{ name: identityOf(name, cursor.traits), columns: statement.columns, query: statement.query }],
    recursive: false,
    body: {
      kind: 'select',
      items,
      from: [{ kind: 'table', source: [name] }],
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
  const relation: Relation = { kind: 'table', source: name };
  while (cursor.at < close && !cursor.sees('returning')) if (!cursor.skipGroup()) cursor.next();
  if (!cursor.take('returning')) return undefined;
  const items = readItems(cursor);
  return {
    kind: 'query',
    ctes: [],
    recursive: false,
    body: { kind: 'select', items, from: [relation], using: [], conditions: [], windows: new Map() },
    tail: [],
  };
}

/** True when the statement of a `FROM (MERGE … OUTPUT …)` starts at `index`. */
export function startsChange(cursor: Cursor, index: number): boolean {
  return cursor.dialect === 'tsql' && CHANGES.has(cursor.token(index).word);
}

/**
 * T-SQL's `FROM (MERGE … OUTPUT …) AS changes`: the change is a separate statement, its output is read from what feeds
 * it.
 */
export function readChange(cursor: Cursor, close: number): Query | undefined {
  if (!startsChange(cursor, cursor.at)) return undefined;
  const from = cursor.at;
  const statement = readStatement(cursor);
  cursor.side.push(statement);
  const sources = statement.kind === 'merge' ? statement.sources : [];
  cursor.at = from;
  while (cursor.at < close && !cursor.sees('output')) if (!cursor.skipGroup()) cursor.next();
  cursor.take('output');
  const items = readItems(cursor);
  return {
    kind: 'query',
    ctes: [],
    recursive: false,
    body: { kind: 'select', items, from: sources, using: [], conditions: [], windows: new Map() },
    tail: [],
  };
}
