import { identityOf } from '../name-identity.js';
import type { Cte, Expression } from '../tree.js';
import { takeNamedValue } from './clickhouse.js';
import type { Cursor } from './cursor.js';
import { skipLocalFunctions, startsLocalFunction } from './local-functions.js';
import { isName, readColumnList, readName } from './names.js';
import { readQuery, startsQuery } from './queries.js';
import { readDataChange } from './side-statements.js';

export interface CteList {
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
  /** Of ClickHouse's `WITH (SELECT …) AS name`. */
  readonly values?: readonly Expression[];
}

/** True when the WITH at `at` names queries. */
export function startsCtes(cursor: Cursor, at: number): boolean {
  const { kind } = cursor.token(at + 1);
  // `RAISERROR ('x', 16, 1) WITH NOWAIT`, `CREATE VIEW v WITH SCHEMABINDING AS SELECT …`
  if (cursor.dialect === 'tsql') return isName(cursor.token(at + 1)) && isCteHead(cursor, at + 2);
  return kind === 'word' || kind === 'quoted' || (cursor.dialect === 'clickhouse' && kind !== 'end');
}

/** `RECONFIGURE WITH OVERRIDE (SELECT …)` */
const OPTION_OF_TSQL =
  /^(?:nowait|no_infomsgs|statusonly|override|replace|recovery|norecovery|init|noinit|format|compression|copy_only)$/;

function isCteHead(cursor: Cursor, at: number): boolean {
  if (cursor.token(at).word === 'as') return cursor.token(at + 1).word === '(';
  if (cursor.token(at).word !== '(') return false;
  if (startsQuery(cursor, at + 1)) return !OPTION_OF_TSQL.test(cursor.token(at - 1).word);
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
