import { beginning } from '../../contract/beginning.js';
import type { Dialect } from '../dialect.js';
import type { Expression, Name, Query, QueryBody, SetOperation } from '../tree.js';
import { startsKeptStatement } from './batch-statements.js';
import { endOf, isScriptCall, startsClause, startsSelect } from './clauses.js';
import { readCtes, startsCtes, type CteList } from './ctes.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { isName, readName } from './names.js';
import { ALL_COLUMNS, plainQuery, rowsOf } from './plain-query.js';
import { isPivotStatement, readPivotStatement } from './pivot-statements.js';
import { readPipes } from './pipes.js';
import { readInto, readSelect } from './selects.js';
import { readValueRows } from './value-rows.js';

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
  if (cursor.sees('values') || cursor.sees('value')) return readValueRows(cursor);
  if (cursor.take('table')) {
    if (isName(cursor.peek(1))) cursor.take('only');
    const name = readName(cursor);
    cursor.take('*');
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
