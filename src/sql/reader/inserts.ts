import {
  type Assignment,
  type Expression,
  type InsertBranch,
  type Query,
  type Source,
  type Statement,
} from '../tree.js';
import { endOf } from './clauses.js';
import { readInsertAway, skipInsertOptions } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { identityAt, isName, readColumnList, readName } from './names.js';
import { outputInto, readOutput } from './outputs.js';
import { plainQuery } from './plain-query.js';
import { readCtes, readQuery, readValues, startsQuery, type CteList } from './queries.js';
import { FromClause, moved } from './relations.js';
import { outputRows } from './returned-rows.js';
import { readReturning, subqueriesIn } from './returning.js';
import { readSelect } from './selects.js';
import { isStage, readStage } from './stages.js';
import type { Token } from './token.js';
import { readAssignments } from './updates.js';

const HEAD_WORDS: ReadonlySet<string> = new Set(
  'low_priority delayed high_priority ignore or replace abort fail rollback overwrite into table'.split(' ')
);

/**
 * Reads INSERT and REPLACE of every dialect, with what follows the query (ON DUPLICATE KEY, ON CONFLICT, RETURNING).
 */
export function readInsert(cursor: Cursor, list: CteList): Statement {
  cursor.next();
  cursor.take('with', 'schema', 'evolution');
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
  const { target, alias, columns, fixedColumns } = readTarget(cursor);
  if (cursor.dialect === 'clickhouse') skipInsertOptions(cursor);
  const extras: Expression[] = [];
  if (target === undefined) {
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

interface Target {
  readonly target: Source | undefined;
  readonly alias?: string | undefined;
  readonly columns: string[];
  readonly fixedColumns: string[];
}

function readTarget(cursor: Cursor): Target {
  while (cursor.seesAny(HEAD_WORDS) && cursor.peek(1).word !== '.') cursor.next();
  if (cursor.sees('top', '(')) {
    cursor.next();
    cursor.skipGroup();
    cursor.take('into');
  }
  if (cursor.sees('local', 'directory') || cursor.sees('directory'))
    return { target: readDirectory(cursor), columns: [], fixedColumns: [] };
  const target =
    isStage(cursor.peek()) && cursor.dialect === 'snowflake' ? { path: readStage(cursor) } : readName(cursor);
  const fixedColumns: string[] = [];
  let columns: string[] = [];
  let alias: string | undefined;
  for (;;) {
    if (cursor.sees('partition', '(')) {
      cursor.next();
      fixedColumns.push(...fixedPartitions(cursor));
    } else if (cursor.sees('(') && !startsQuery(cursor, cursor.at + 1)) columns = readColumnList(cursor);
    else if (cursor.sees('with', 'label') && isName(cursor.peek(2))) cursor.at += 3;
    else if (cursor.sees('with', '(')) cursor.at = cursor.closeOf(cursor.at + 1) + 1;
    else if (cursor.sees('if', 'not', 'exists')) cursor.at += 3;
    else if (cursor.sees('if', 'exists')) cursor.at += 2;
    else if (cursor.sees('replace', 'using', '(')) cursor.at = cursor.closeOf(cursor.at + 2) + 1;
    else if (cursor.take('as') || isAlias(cursor)) alias = identityAt(cursor, cursor.next());
    else return { target, alias, columns, fixedColumns };
  }
}

/** Oracle's and PostgreSQL's `INSERT INTO t alias (…)`. */
function isAlias(cursor: Cursor): boolean {
  return (
    isName(cursor.peek()) &&
    cursor.peek(1).word === '(' &&
    !/^(values|value|select|with|set|table|row)$/.test(cursor.peek().word)
  );
}

/** `PARTITION (dt = '2024', hour)`: columns with a value are not given by the query. */
function fixedPartitions(cursor: Cursor): string[] {
  const close = cursor.closeOf(cursor.at);
  const fixed: string[] = [];
  for (let index = cursor.at + 1; index < close; index += 1) {
    if (cursor.token(index + 1).word === '=' && isName(cursor.token(index))) fixed.push(cursor.token(index).text);
  }
  cursor.at = close + 1;
  return fixed;
}

/** `DIRECTORY 's3://…' ROW FORMAT … STORED AS … SELECT`. */
function readDirectory(cursor: Cursor): Source | undefined {
  cursor.usesLiterals = true;
  cursor.take('local');
  cursor.take('directory');
  let path = cursor.peek().kind === 'string' ? cursor.next().text : undefined;
  while (!cursor.done && !cursor.sees(';') && !startsQuery(cursor, cursor.at)) {
    // Spark's `DIRECTORY USING parquet OPTIONS (path 'x')`
    if (path === undefined && isPathKey(cursor.peek()) && cursor.peek(1).kind === 'string') path = cursor.peek(1).text;
    cursor.next();
  }
  return path === undefined ? undefined : { path };
}

function isPathKey({ kind, text }: Token): boolean {
  return (kind === 'word' || kind === 'string') && text.toLowerCase() === 'path';
}

function readInsertQuery(cursor: Cursor, list: CteList, columns: string[]): Query | undefined {
  if (cursor.take('default', 'values')) return undefined;
  if (cursor.sees('set')) return readSetForm(cursor, columns);
  if (cursor.sees('values') || cursor.sees('value')) {
    const values = readValues(cursor);
    return { kind: 'query', ctes: list.ctes, recursive: list.recursive, body: values, tail: [] };
  }
  if (startsQuery(cursor, cursor.at) || cursor.sees('table') || cursor.sees('from')) {
    const own = readCtes(cursor);
    const ctes = [...list.ctes, ...own.ctes];
    return readQuery(cursor, { ctes, recursive: list.recursive || own.recursive });
  }
  return undefined;
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

/** `INSERT ALL|FIRST [WHEN … THEN] INTO a (…) VALUES (…) … SELECT …`. */
function readMultiInsert(cursor: Cursor, list: CteList): Statement {
  cursor.take('overwrite');
  cursor.next();
  const branches: InsertBranch[] = [];
  while (!cursor.done && !cursor.sees(';') && !startsQuery(cursor, cursor.at)) {
    if (!cursor.take('into')) {
      cursor.next();
      continue;
    }
    const { target, columns } = readTarget(cursor);
    const values = cursor.sees('values', '(') ? readBranchValues(cursor) : undefined;
    if (target !== undefined) branches.push({ target, columns, ...(values === undefined ? {} : { values }) });
  }
  if (cursor.done || cursor.sees(';')) return { kind: 'multi-insert', branches };
  const own = readCtes(cursor);
  const query = readQuery(cursor, { ctes: [...list.ctes, ...own.ctes], recursive: own.recursive || list.recursive });
  return { kind: 'multi-insert', branches, query };
}

function readBranchValues(cursor: Cursor): readonly Expression[] | undefined {
  const body = readValues(cursor);
  return body.kind === 'values' ? body.rows[0] : undefined;
}

/** Hive's `FROM x INSERT … SELECT … INSERT … SELECT …`, and DuckDB's and Spark's `FROM x SELECT …`. */
export function readFromFirst(cursor: Cursor, list: CteList): Statement {
  const start = cursor.at;
  cursor.next();
  const from = new FromClause(cursor);
  from.read();
  if (!cursor.sees('insert')) {
    cursor.at = start;
    return { kind: 'select', query: readQuery(cursor, list) };
  }
  const branches: InsertBranch[] = [];
  while (cursor.take('insert')) {
    const { target, columns } = readTarget(cursor);
    const select = readSelect(cursor);
    const body = {
      ...select,
      from: [...from.relations, ...select.from],
      using: [...from.using, ...moved(select.using, from.relations.length)],
      conditions: [...from.conditions, ...select.conditions],
    };
    const query: Query = { kind: 'query', ctes: list.ctes, recursive: list.recursive, body, tail: [] };
    if (target !== undefined) branches.push({ target, columns, query });
    while (!cursor.done && !cursor.sees(';') && !cursor.sees('insert')) cursor.next();
  }
  return { kind: 'multi-insert', branches };
}
