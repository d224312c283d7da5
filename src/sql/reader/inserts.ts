import type { Assignment, Statement } from '../statement-tree.js';
import type { Expression, Query } from '../tree.js';
import { endOf } from './clauses.js';
import { readInsertAway, skipInsertOptions } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { identityAt, isName, readColumnList, readName } from './names.js';
import { readTarget } from './insert-targets.js';
import { readMultiInsert } from './multi-inserts.js';
import { outputInto, readOutput } from './outputs.js';
import { plainQuery } from './plain-query.js';
import { readCtes, type CteList } from './ctes.js';
import { readQuery, startsQuery } from './queries.js';
import { readValueRows } from './value-rows.js';
import { outputRows } from './returned-rows.js';
import { readReturning, subqueriesIn } from './returning.js';
import { dynamicSql } from './dynamic/dynamic-sql.js';
import { readAssignments } from './updates.js';

/**
 * Reads INSERT and REPLACE of every dialect, with what follows the query (ON DUPLICATE KEY, ON CONFLICT, RETURNING).
 */
export function readInsert(cursor: Cursor, list: CteList): Statement {
  cursor.next();
  cursor.take('with', 'schema', 'evolution');
  // How a bulk copy stands in traces of SQL Server
  if (cursor.dialect === 'tsql' && isName(cursor.peek(1))) cursor.take('bulk');
  if (
    (cursor.sees('all') ||
      cursor.sees('first') ||
      cursor.sees('overwrite', 'all') ||
      cursor.sees('overwrite', 'first')) &&
    cursor.peek(1).word !== '.'
  ) {
    return readMultiInsert(cursor, list);
  }
  if (cursor.dialect === 'clickhouse') {
    const away = readInsertAway(cursor);
    if (away !== undefined) return away;
  }
  const { target, isUnknown, alias, columns, fixedColumns, limits } = readTarget(cursor);
  if (cursor.dialect === 'clickhouse') skipInsertOptions(cursor);
  const extras: Expression[] = [...limits];
  if (target === undefined) {
    if (isUnknown) return readOfUnnamed(cursor, list, columns);
    cursor.doubt('INSERT without a table');
    return { kind: 'other', verb: 'insert' };
  }
  const byName = cursor.take('by', 'name');
  cursor.take('by', 'position');
  if (cursor.take('overriding')) cursor.at += 2;
  const output = readOutput(cursor);
  if (cursor.sees('replace', 'where') || cursor.sees('replace', 'on')) {
    const from = cursor.at + 2;
    cursor.at = endOf(cursor, from, { comma: false, words: new Set(['table', 'values', 'with']) });
    extras.push(...subqueriesIn(readExpression(cursor, from, cursor.at)));
  }
  const query = readInsertQuery(cursor, list, columns);
  const upsert = readUpsert(cursor, extras);
  const statement: Statement = {
    kind: 'insert',
    target,
    columns,
    fixedColumns,
    byName,
    extras,
    ...upsert,
    ...(alias === undefined ? {} : { alias }),
    ...(query === undefined ? {} : { query }),
  };
  const shown = output === undefined ? undefined : outputRows(statement, output.items);
  if (output !== undefined && shown !== undefined) cursor.side.push(outputInto(output, shown));
  return statement;
}

/** What is read to fill a table that only the run names: `INSERT INTO IDENTIFIER($x) SELECT …`. */
function readOfUnnamed(cursor: Cursor, list: CteList, columns: string[]): Statement {
  cursor.take('by', 'name');
  const query = readInsertQuery(cursor, list, columns);
  readUpsert(cursor, []);
  return query === undefined ? { kind: 'other', verb: 'insert' } : { kind: 'select', query };
}

function readInsertQuery(cursor: Cursor, list: CteList, columns: string[]): Query | undefined {
  if (cursor.take('default', 'values')) return undefined;
  if (cursor.sees('set')) return readSetForm(cursor, columns);
  if (cursor.sees('values') || cursor.sees('value')) {
    const values = readValueRows(cursor);
    return { kind: 'query', ctes: list.ctes, recursive: list.recursive, body: values, tail: [] };
  }
  if (startsQuery(cursor, cursor.at) || cursor.sees('table') || cursor.sees('from')) {
    const own = readCtes(cursor);
    const ctes = [...list.ctes, ...own.ctes];
    return readQuery(cursor, { ctes, recursive: list.recursive || own.recursive });
  }
  return readExecuted(cursor);
}

/** T-SQL's `INSERT INTO t EXEC ('SELECT …')`: what the text shows. */
function readExecuted(cursor: Cursor): Query | undefined {
  if (cursor.dialect !== 'tsql' || !/^exec(ute)?$/.test(cursor.peek().word)) return undefined;
  const executed = dynamicSql(cursor);
  if (executed?.kind !== 'body') return undefined;
  const shown = executed.statements.filter((statement) => statement.kind === 'select');
  const [only] = shown.length === 1 ? shown : [];
  cursor.side.push(...executed.statements.filter((statement) => statement !== only));
  return only?.query;
}

/** MySQL's `INSERT INTO t SET a = 1, b = (SELECT …)`. */
function readSetForm(cursor: Cursor, columns: string[]): Query {
  cursor.next();
  const row: Expression[] = [];
  do {
    const name = readName(cursor);
    columns.push(name?.[name.length - 1]?.text ?? '');
    cursor.next();
    const end = endOf(cursor, cursor.at, { comma: true });
    row.push(readExpression(cursor, cursor.at, end));
    cursor.at = end;
  } while (cursor.take(','));
  return plainQuery({ kind: 'values', rows: [row] });
}

/** What follows an INSERT's query. */
interface Upsert {
  upserts: readonly Assignment[];
  row?: { readonly alias: string; readonly columns: readonly string[] };
}

function readUpsert(cursor: Cursor, extras: Expression[]): Upsert {
  const upsert: Upsert = { upserts: [] };
  if (cursor.sees('as') && isName(cursor.peek(1))) {
    const alias = identityAt(cursor, cursor.peek(1));
    cursor.at += 2;
    upsert.row = { alias, columns: readColumnList(cursor) };
  }
  while (cursor.sees('on', 'duplicate') || cursor.sees('on', 'conflict') || cursor.sees('log', 'errors')) {
    const isUpdate = skipToAssignments(cursor);
    if (isUpdate) upsert.upserts = readAssignments(cursor, { comma: true });
    do {
      const from = cursor.at;
      cursor.at = endOf(cursor, from, { comma: false });
      extras.push(...subqueriesIn(readExpression(cursor, from, cursor.at)));
    } while (cursor.take('where'));
  }
  extras.push(...readReturning(cursor));
  return upsert;
}

/**
 * Steps past `ON DUPLICATE KEY UPDATE` or `ON CONFLICT (…) [WHERE …] DO UPDATE SET`; returns false, having stepped past
 * two words, if nothing is updated.
 */
function skipToAssignments(cursor: Cursor): boolean {
  if (cursor.take('on', 'duplicate', 'key', 'update')) return true;
  const isConflict = cursor.sees('on', 'conflict');
  const start = cursor.at + 2;
  for (let index = start; isConflict && index < cursor.tokens.length; index += 1) {
    const { word } = cursor.token(index);
    if (word === '(') index = cursor.closeOf(index);
    else if (word === ';' || word === 'nothing') break;
    else if (word === 'set' && cursor.token(index - 1).word === 'update') {
      cursor.at = index + 1;
      return true;
    }
  }
  cursor.at = start;
  return false;
}
