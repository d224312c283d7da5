import type { Statement } from '../statement-tree.js';
import { newExpression, type Expression, type Name, type Relation } from '../tree.js';
import { endOf } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { columnAt, isName, readName } from './names.js';
import { ALL_COLUMNS, plainQuery, rowsOf } from './plain-query.js';
import { readQuery, startsQuery } from './queries.js';
import { skipStatement } from './quiet-statements.js';
import { readAssignments } from './updates.js';

/** `USING a, b` without brackets. */
export function readBareColumns(cursor: Cursor): string[] {
  const columns: string[] = [];
  do columns.push(columnAt(cursor, cursor.next()));
  while (cursor.take(','));
  return columns;
}

/** What follows ARRAY JOIN, `xs AS x, ys`: under its alias an array is a column of its own. */
export function readArrayJoin(cursor: Cursor): { readonly values: Expression[]; readonly relation?: Relation } {
  const args = newExpression();
  const values: Expression[] = [];
  const columnAliases: string[] = [];
  do {
    const from = cursor.at;
    cursor.at = endOf(cursor, from, { comma: true, joins: true });
    const isNamed = cursor.at - from > 2 && cursor.token(cursor.at - 2).word === 'as';
    const value = readExpression(cursor, from, isNamed ? cursor.at - 2 : cursor.at);
    values.push({ ...value, equalities: [] });
    if (!isNamed) continue;
    columnAliases.push(columnAt(cursor, cursor.token(cursor.at - 1)));
    args.columns.push(...value.columns);
  } while (cursor.take(','));
  if (columnAliases.length === 0) return { values };
  return { values, relation: { kind: 'function', args, outputs: [], columnAliases } };
}

/** `WITH 1 AS one, (SELECT max(x) FROM t) AS last`: a name for a value, which is no column from here on. */
export function takeNamedValue(cursor: Cursor): Expression | undefined {
  if (cursor.dialect !== 'clickhouse') return undefined;
  const first = cursor.peek();
  const isCte = isName(first) && (cursor.peek(1).word === 'as' || cursor.peek(1).word === '(') && readsQuery(cursor);
  if (isCte) return undefined;
  const from = cursor.at;
  let end = from;
  while (end < cursor.tokens.length && cursor.token(end).word !== 'as') {
    if (/^[;),]$/.test(cursor.token(end).word)) return undefined;
    end = /^[([{]$/.test(cursor.token(end).word) ? cursor.closeOf(end) + 1 : end + 1;
  }
  const name = cursor.token(end + 1);
  if (end === from || !isName(name)) return undefined;
  const { queries, tests } = readExpression(cursor, from, end);
  cursor.variables.add(name.text.toLowerCase());
  cursor.at = end + 2;
  return { ...newExpression(), queries, tests };
}

/** `x AS (SELECT …)` or `x (a, b) AS (SELECT …)` is at the cursor. */
function readsQuery(cursor: Cursor): boolean {
  const as = cursor.peek(1).word === '(' ? cursor.closeOf(cursor.at + 1) + 1 : cursor.at + 1;
  return cursor.token(as).word === 'as' && cursor.token(as + 1).word === '(' && startsQuery(cursor, as + 2);
}

/**
 * What follows `ALTER TABLE t`: `DELETE WHERE …` and `UPDATE c = … WHERE …` read what their conditions read, ATTACH and
 * REPLACE PARTITION copy rows, MOVE PARTITION moves them.
 */
export function readMutations(cursor: Cursor, table: Name): Statement | undefined {
  const statements: Statement[] = [];
  if (cursor.take('on', 'cluster')) cursor.next();
  do {
    const statement = readMutation(cursor, table);
    if (statement !== undefined) statements.push(statement);
    cursor.at = Math.max(cursor.at, endOfCommand(cursor, cursor.at));
  } while (cursor.take(','));
  skipStatement(cursor);
  const [first, ...more] = statements;
  cursor.side.push(...more);
  return first;
}

function readMutation(cursor: Cursor, table: Name): Statement | undefined {
  if (cursor.take('delete')) {
    const conditions = readWhere(cursor);
    return { kind: 'delete', targets: [], query: rowsOf([], [{ kind: 'table', source: table }], [], conditions) };
  }
  if (cursor.take('update')) {
    const assignments = readAssignments(cursor, { comma: true, words: UPDATE_ENDS });
    return {
      kind: 'update',
      ctes: [],
      recursive: false,
      targets: [{ kind: 'table', source: table }],
      relations: [],
      using: [],
      assignments,
      conditions: readWhere(cursor),
    };
  }
  const isCopy = /^(attach|replace)$/.test(cursor.peek().word);
  if (!(isCopy || cursor.sees('move')) || !/^(partition|part)$/.test(cursor.peek(1).word)) return undefined;
  const end = endOfCommand(cursor, cursor.at);
  while (cursor.at < end && !cursor.sees(isCopy ? 'from' : 'to')) if (!cursor.skipGroup()) cursor.next();
  cursor.next();
  if (!isCopy && !cursor.take('table')) return undefined;
  const other = cursor.at < end ? readName(cursor) : undefined;
  if (other === undefined) return undefined;
  const [from, to] = isCopy ? [other, table] : [table, other];
  return {
    kind: 'transfer',
    verb: isCopy ? 'copy' : 'exchange',
    from: [from],
    to,
    columns: [],
    ...(isCopy ? {} : { movesRows: true }),
  };
}

const UPDATE_ENDS: ReadonlySet<string> = new Set(['in']);

function readWhere(cursor: Cursor): Expression[] {
  const end = endOfCommand(cursor, cursor.at);
  while (cursor.at < end && !cursor.sees('where')) cursor.next();
  if (!cursor.take('where')) return [];
  const from = cursor.at;
  cursor.at = end;
  return [readExpression(cursor, from, end)];
}

/** The comma in front of the next command, else where the statement ends. */
function endOfCommand(cursor: Cursor, from: number): number {
  let index = from;
  while (index < cursor.tokens.length && !/^[;,]$/.test(cursor.token(index).word))
    index = /^[([{]$/.test(cursor.token(index).word) ? cursor.closeOf(index) + 1 : index + 1;
  return index;
}

/** `CREATE TABLE t AS other`: the columns of another table, without its rows. */
export function readShape(cursor: Cursor, target: Name): Statement | undefined {
  if (cursor.dialect !== 'clickhouse' || !cursor.sees('as') || startsQuery(cursor, cursor.at + 1)) return undefined;
  if (!isName(cursor.peek(1)) || cursor.peek(2).word === '(') return undefined;
  cursor.next();
  const from = readName(cursor);
  skipStatement(cursor);
  return from && { kind: 'transfer', verb: 'like', from: [from], to: target, columns: [] };
}

/** `EXCHANGE TABLES a AND b`: each has the other's rows. */
export function readExchange(cursor: Cursor): Statement | undefined {
  const start = cursor.at;
  if (cursor.dialect === 'clickhouse' && cursor.take('exchange', 'tables')) {
    const from = readName(cursor);
    const to = cursor.take('and') ? readName(cursor) : undefined;
    skipStatement(cursor);
    if (to !== undefined && from !== undefined)
      return { kind: 'transfer', verb: 'swap', from: [from], to, columns: [], movesRows: 'both' };
  }
  cursor.at = start;
  return undefined;
}

/** `CREATE MATERIALIZED VIEW v TO t AS SELECT …`: what the view finds goes into t. */
export function passedOn(cursor: Cursor, view: Statement, name: Name, target: Name): Statement {
  cursor.side.push(view);
  const query = rowsOf([ALL_COLUMNS], [{ kind: 'table', source: name }]);
  return { kind: 'insert', target, columns: [], fixedColumns: [], byName: true, extras: [], query };
}

/** `INSERT INTO FUNCTION remote(…) SELECT …`: rows that go to another server or a file. */
export function readInsertAway(cursor: Cursor): Statement | undefined {
  let ahead = cursor.sees('into') ? 1 : 0;
  if (cursor.peek(ahead).word === 'table') ahead += 1;
  if (cursor.peek(ahead).word !== 'function' || cursor.peek(ahead + 2).word !== '(') return undefined;
  cursor.at += ahead + 2;
  while (cursor.skipGroup() || cursor.take('partition', 'by')) continue;
  skipInsertOptions(cursor);
  const query = startsQuery(cursor, cursor.at) ? readQuery(cursor) : plainQuery({ kind: 'values', rows: [] });
  skipStatement(cursor);
  return { kind: 'select', query };
}

/** SETTINGS in front of what is inserted, and `FORMAT JSONEachRow`, behind which there are data and no SQL. */
export function skipInsertOptions(cursor: Cursor): void {
  if (cursor.take('settings'))
    do cursor.at += 3;
    while (cursor.take(','));
  if (cursor.sees('format') && !cursor.sees('format', 'values')) cursor.at = cursor.tokens.length;
  else if (cursor.sees('format')) cursor.next();
}
