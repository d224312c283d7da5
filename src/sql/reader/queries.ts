import { beginning } from '../../contract/beginning.js';
import type { Dialect } from '../dialect.js';
import { identityOf } from '../name-identity.js';
import {
  newExpression,
  type Cte,
  type Expression,
  type Name,
  type Query,
  type QueryBody,
  type SetOperation,
} from '../tree.js';
import { startsKeptStatement } from './batch-statements.js';
import { endOf, isScriptCall, startsClause, startsSelect } from './clauses.js';
import { takeNamedValue } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { isName, readColumnList, readName } from './names.js';
import { ALL_COLUMNS, plainQuery, rowsOf } from './plain-query.js';
import { skipLocalFunctions, startsLocalFunction } from './local-functions.js';
import { isPivotStatement, readPivotStatement } from './pivot-statements.js';
import { readPipes } from './pipes.js';
import { readInto, readSelect } from './selects.js';
import { readDataChange } from './side-statements.js';

const QUERY_WORDS: ReadonlySet<string> = new Set(['select', 'with', 'values', 'from', 'table']);

/** True when a query, bracketed or not, starts at `index`. */
export function startsQuery(cursor: Cursor, index: number): boolean {
  const at = cursor.afterBrackets(index);
  const { word } = cursor.token(at);
  if (isPivotStatement(cursor, at) || isScriptCall(cursor, at)) return true;
  if (!QUERY_WORDS.has(word)) return false;
  const next = cursor.token(at + 1);
  if (word === 'select') return next.word !== '.';
  if (word === 'values') return next.word === '(' || next.word === 'row';
  // a cursor is `WITH HOLD FOR SELECT …`, `WITH RETURN TO CLIENT FOR SELECT …`
  if (word === 'with') return startsCtes(cursor, at) && !/^(for|to)$/.test(cursor.token(at + 2).word);
  // `(from …)` is DuckDB's and Hive's; `(table t)` PostgreSQL's.
  return next.kind === 'word' || next.kind === 'quoted'
    ? next.word !== 'as' && cursor.token(at - 1).word === '('
    : false;
}

/**
 * `((SELECT 1), b)` is a list of values and `((SELECT 1) + b)` a sum, while a bracketed query continues with UNION,
 * ORDER BY and the like.
 * @param from where a query starts, after its bracket, which ends at `close`
 * @returns the inner bracket that the query ends with before its own does; undefined when the query fills its own
 */
export function innerQuery(cursor: Cursor, from: number, close: number): number | undefined {
  for (let [at, end] = [from, close]; cursor.token(at).word === '('; at += 1) {
    const inner = cursor.closeOf(at);
    if (inner + 1 !== end) return AFTER_QUERY.has(cursor.token(inner + 1).word) ? undefined : at;
    end = inner;
  }
  return undefined;
}

const AFTER_QUERY: ReadonlySet<string> = new Set(
  'union intersect except minus order limit offset fetch for'.split(' ')
);

const SET_WORDS: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'minus']);

export interface CteList {
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
  /** Of ClickHouse's `WITH (SELECT …) AS name`. */
  readonly values?: readonly Expression[];
}

/** Reads the query at the cursor: CTEs (unless they were read already), set operations, ORDER BY and what follows. */
export function readQuery(cursor: Cursor, read?: CteList): Query {
  const { ctes, recursive, values = [] } = read ?? readCtes(cursor);
  const tail = [...values];
  let first = readOperand(cursor);
  const operands: Query[] = [];
  let byName = false;
  readTail(cursor, tail);
  if (first.kind === 'select' && cursor.sees('into')) {
    const into = readInto(cursor);
    if (into !== undefined) first = { ...first, into };
    readTail(cursor, tail);
  }
  while (takeSide(cursor) || cursor.seesAny(SET_WORDS)) {
    if (readSetWords(cursor)) byName = true;
    operands.push(plain(readOperand(cursor)));
    readTail(cursor, tail);
  }
  const into = operands.length > 0 ? readInto(cursor) : undefined;
  const body: QueryBody =
    operands.length === 0 ? first : { kind: 'set', operands: [plain(first), ...operands], byName };
  const query: Query = { kind: 'query', ctes, recursive, body, tail, ...(into === undefined ? {} : { into }) };
  const piped = readPipes(cursor, query);
  return piped === undefined ? query : { ...query, ctes: [...ctes, ...piped.ctes], body: piped.body, tail: [] };
}

/** BigQuery's `FULL OUTER UNION ALL BY NAME`. */
function takeSide(cursor: Cursor): boolean {
  if (!/^(full|left|inner)$/.test(cursor.peek().word)) return false;
  const ahead = cursor.peek(1).word === 'outer' ? 2 : 1;
  if (!SET_WORDS.has(cursor.peek(ahead).word)) return false;
  cursor.at += ahead;
  return true;
}

/** Steps over UNION ALL and the like; true for one by name. */
function readSetWords(cursor: Cursor): boolean {
  cursor.next();
  while (cursor.take('all') || cursor.take('distinct')) continue;
  const byName = cursor.take('corresponding') || cursor.take('by', 'name');
  if (byName && (cursor.take('on') || cursor.take('by'))) cursor.skipGroup();
  return byName;
}

/** Reads `UNION ALL (SELECT …), (SELECT …)` behind a pipe; no operands when no set operation is at the cursor. */
export function readSetOperands(cursor: Cursor): Pick<SetOperation, 'operands' | 'byName'> {
  const operands: Query[] = [];
  if (!cursor.seesAny(SET_WORDS)) return { operands, byName: false };
  const byName = readSetWords(cursor);
  do operands.push(plain(readOperand(cursor)));
  while (cursor.take(','));
  return { operands, byName };
}

function plain(body: QueryBody): Query {
  return body.kind === 'query' ? body : plainQuery(body);
}

function startsCtes(cursor: Cursor, at: number): boolean {
  const { kind } = cursor.token(at + 1);
  // `RAISERROR ('x', 16, 1) WITH NOWAIT`, `CREATE VIEW v WITH SCHEMABINDING AS SELECT …`
  if (cursor.dialect === 'tsql') return isName(cursor.token(at + 1)) && isCteHead(cursor, at + 2);
  return kind === 'word' || kind === 'quoted' || (cursor.dialect === 'clickhouse' && kind !== 'end');
}

function isCteHead(cursor: Cursor, at: number): boolean {
  if (cursor.token(at).word === 'as') return cursor.token(at + 1).word === '(';
  if (cursor.token(at).word !== '(') return false;
  if (startsQuery(cursor, at + 1)) return true;
  return cursor.token(cursor.closeOf(at) + 1).word === 'as' || cursor.token(at - 1).word === 'xmlnamespaces';
}

/** Reads `WITH a AS (…), b (x, y) AS (…)` if it is at the cursor. */
export function readCtes(cursor: Cursor): CteList {
  const ctes: Cte[] = [];
  const values: Expression[] = [];
  if (!cursor.sees('with') || !startsCtes(cursor, cursor.at)) return { ctes, recursive: false };
  cursor.next();
  // T-SQL's `WITH XMLNAMESPACES ('…' AS n), q AS (…)`
  if (cursor.sees('xmlnamespaces', '(')) {
    cursor.at = cursor.closeOf(cursor.at + 1) + 1;
    if (!cursor.take(',')) return { ctes, recursive: false };
  }
  if (startsLocalFunction(cursor)) {
    skipLocalFunctions(cursor);
    if (cursor.sees('with')) return cursor.deeper(() => readCtes(cursor)) ?? { ctes, recursive: false };
    if (startsQuery(cursor, cursor.at)) return { ctes, recursive: false };
  }
  const recursive = cursor.take('recursive');
  do {
    const value = takeNamedValue(cursor);
    if (value !== undefined) {
      values.push(value);
      continue;
    }
    const name = readName(cursor);
    if (name === undefined) {
      cursor.doubt('a CTE without a name');
      break;
    }
    const isBare = cursor.sees('(') && startsQuery(cursor, cursor.at + 1);
    const columns = isBare ? [] : readColumnList(cursor);
    // Databricks' `MAX RECURSION LEVEL 10`
    if (cursor.take('max', 'recursion', 'level')) cursor.next();
    // Spark takes `WITH t (SELECT …)`.
    if (!cursor.take('as') && !isBare) cursor.doubt('a CTE without AS');
    if (cursor.take('not')) cursor.take('materialized');
    else cursor.take('materialized');
    if (!cursor.sees('(')) {
      cursor.doubt('a CTE without brackets');
      break;
    }
    const close = cursor.closeOf(cursor.at);
    cursor.next();
    const query = cursor.deeper(() => readDataChange(cursor, close, ctes) ?? readQuery(cursor));
    const last = name[name.length - 1];
    if (query !== undefined && last !== undefined) ctes.push({ name: identityOf(last, cursor.traits), columns, query });
    if (cursor.at !== close) cursor.doubt('a CTE not read to its end');
    cursor.at = close + 1;
    while (cursor.sees('search') || cursor.sees('cycle')) cursor.at = endOfSearch(cursor);
  } while (cursor.take(','));
  return { ctes, recursive, values };
}

/** `SEARCH DEPTH FIRST BY x SET y` and `CYCLE x SET y …` of recursive CTEs. */
function endOfSearch(cursor: Cursor): number {
  let index = cursor.at + 1;
  while (
    index < cursor.tokens.length &&
    !['select', 'insert', 'search', 'cycle', ',', '('].includes(cursor.token(index).word)
  )
    index += 1;
  return index;
}

function readOperand(cursor: Cursor): QueryBody {
  if (cursor.sees('(')) {
    const close = cursor.closeOf(cursor.at);
    cursor.next();
    const query = cursor.deeper(() => readQuery(cursor));
    if (cursor.at !== close) cursor.doubt('a bracketed query not read to its end');
    cursor.at = close + 1;
    return query ?? { kind: 'values', rows: [] };
  }
  if (startsSelect(cursor) || cursor.sees('from')) return readSelect(cursor);
  if (isPivotStatement(cursor, cursor.at)) return readPivotStatement(cursor);
  if (cursor.sees('values') || cursor.sees('value')) return readValues(cursor);
  if (cursor.take('table')) {
    const name = readName(cursor);
    return wholeTable(name).body;
  }
  if (cursor.sees('with') && startsCtes(cursor, cursor.at)) return readQuery(cursor);
  cursor.doubt(`no query at "${beginning(cursor.peek().text, 20)}"`);
  return { kind: 'values', rows: [] };
}

/** `TABLE t`: every column of a table. */
export function wholeTable(name: Name | undefined): Query {
  return rowsOf([ALL_COLUMNS], name === undefined ? [] : [{ kind: 'table', source: name }]);
}

/** Dialects with `x IN t`. */
const NAMES_TABLES: ReadonlySet<Dialect> = new Set(['sqlite', 'clickhouse']);

/**
 * SQLite's and ClickHouse's `x IN t`: the table named at `at`, before `end`, is read as `(SELECT * FROM t)`.
 * @returns the query and the number of tokens read; undefined where no table is named, as before a call
 */
export function readTableOfIn(cursor: Cursor, at: number, end: number): { query: Query; tokens: number } | undefined {
  if (!NAMES_TABLES.has(cursor.dialect) && cursor.token(at - 1).word === 'in') return undefined;
  if (at >= end || !isName(cursor.token(at)) || cursor.variables.has(cursor.token(at).word)) return undefined;
  cursor.at = at;
  const name = readName(cursor);
  if (name === undefined || cursor.sees('(')) return undefined;
  return { query: wholeTable(name), tokens: cursor.at - at };
}

/** Reads `VALUES (a, b), (c, d)`; every row's expressions are kept for their subqueries and columns. */
export function readValues(cursor: Cursor): QueryBody {
  cursor.next();
  const rows: Expression[][] = [];
  do {
    cursor.take('row');
    if (!cursor.sees('(')) {
      const from = cursor.at;
      cursor.at = endOf(cursor, from, { comma: true });
      rows.push([readExpression(cursor, from, cursor.at)]);
      continue;
    }
    rows.push(readRow(cursor, rows.length > 0));
  } while (cursor.take(','));
  return { kind: 'values', rows };
}

/** A row of nothing but literals is skipped at a glance: bulk INSERTs have thousands of them. */
function readRow(cursor: Cursor, mayBeEmpty: boolean): Expression[] {
  const close = cursor.closeOf(cursor.at);
  const row: Expression[] = [];
  let literal = mayBeEmpty;
  for (let index = cursor.at + 1; literal && index < close; index += 1) {
    const { kind, word } = cursor.token(index);
    literal = kind === 'string' || kind === 'number' || word === ',' || word === 'null' || word === '-';
  }
  if (!literal) {
    let from = cursor.at + 1;
    while (from < close) {
      const end = Math.min(endOf(cursor, from, { comma: true }), close);
      row.push(end > from ? readExpression(cursor, from, end) : newExpression());
      from = end + 1;
    }
  }
  cursor.at = close + 1;
  return row;
}

const TAIL_WORDS: ReadonlySet<string> = new Set(
  'order limit offset fetch for sort cluster distribute option with lock settings format union'.split(' ')
);

/** Steps over ORDER BY, LIMIT and the like, keeping their subqueries. */
export function readTail(cursor: Cursor, tail: Expression[]): void {
  while (cursor.seesAny(TAIL_WORDS) && !cursor.seesAny(SET_WORDS) && startsClause(cursor, cursor.at)) {
    // T-SQL's `FETCH NEXT FROM c INTO @x`
    if (startsKeptStatement(cursor)) return;
    const from = cursor.at + 1;
    const end = endOf(cursor, from, { comma: false });
    const expression = readExpression(cursor, from, end);
    if (expression.queries.length > 0 || expression.tests.length > 0) tail.push(expression);
    cursor.at = end;
  }
}
