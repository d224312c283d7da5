import type { Dialect } from '../dialect.js';
import { isLocation, newExpression, type Relation } from '../tree.js';
import { startsBracketedRow, startsKeptStatement } from './batch-statements.js';
import { isScriptCall, startsClause, startsJoin } from './clauses.js';
import type { Cursor } from './cursor.js';
import { startsLabel } from './labels.js';
import { NO_ALIAS_OF_TSQL, NOT_RELATION_ALIAS } from './keywords.js';
import { readChange, readChangeTable } from './side-statements.js';
import { identityAt, isName, readColumnList, readName, sourceCalled } from './names.js';
import { readMatchRecognize } from './match-recognize.js';
import { readPivot } from './pivots.js';
import { readQuery, startsQuery } from './queries.js';
import { skipTableOptions } from './table-options.js';
import { isStage, readStage } from './stages.js';
import { readTableCall } from './table-calls.js';
import { readCall, readTableFunction } from './table-functions.js';

const BEHIND_AT: ReadonlySet<Dialect> = new Set(['databricks', 'sparksql']);

interface Aliases {
  readonly alias?: string;
  readonly columnAliases?: readonly string[];
}

/**
 * Reads one table, subquery or table function with everything attached to it; `undefined` when there is none at the
 * cursor.
 */
export function readRelation(cursor: Cursor): Relation | undefined {
  while (cursor.sees('lateral') || cursor.sees('only')) cursor.next();
  // DuckDB's `FROM alias: table`.
  if (cursor.dialect === 'duckdb' && isName(cursor.peek()) && cursor.peek(1).word === ':') {
    const alias = cursor.next().text;
    cursor.next();
    const named = readRelation(cursor);
    return named === undefined ? undefined : { ...named, alias };
  }
  const primary = readPrimary(cursor);
  return primary === undefined ? undefined : readAttached(cursor, primary);
}

/** Reads the alias, samples and pivots that follow a relation. */
export function readAttached(cursor: Cursor, primary: Relation): Relation {
  skipTableOptions(cursor);
  let relation: Relation = { ...primary, ...readAliases(cursor) };
  // Redshift's `t.list AS x AT position`
  if (cursor.dialect === 'redshift' && cursor.sees('at') && isName(cursor.peek(1))) cursor.at += 2;
  for (;;) {
    skipTableOptions(cursor);
    const made: Relation | undefined = readPivot(cursor, relation) ?? readMatchRecognize(cursor, relation);
    if (made === undefined) return relation;
    relation = { ...made, ...readAliases(cursor) };
  }
}

function readPrimary(cursor: Cursor): Relation | undefined {
  const token = cursor.peek();
  if (token.word === '(') {
    const close = cursor.closeOf(cursor.at);
    if (!startsQuery(cursor, cursor.at + 1)) {
      cursor.next();
      const changed = cursor.deeper(() => readChange(cursor, close));
      if (changed !== undefined) {
        cursor.at = close + 1;
        return { kind: 'query', query: changed };
      }
      const inner = cursor.deeper(() => readRelation(cursor));
      if (cursor.at !== close) cursor.doubt('a bracketed table not read to its end');
      cursor.at = close + 1;
      return inner;
    }
    cursor.next();
    const query = cursor.deeper(() => readQuery(cursor));
    if (cursor.at !== close) cursor.doubt('a subquery not read to its end');
    cursor.at = close + 1;
    return query === undefined ? undefined : { kind: 'query', query };
  }
  const changed = readChangeTable(cursor);
  if (changed !== undefined) return { kind: 'query', query: changed };
  if (token.word === 'values' && cursor.peek(1).word === '(') return { kind: 'query', query: readQuery(cursor) };
  if (isStage(token) && !cursor.traits.optionalSemicolon) {
    const path = readStage(cursor);
    cursor.skipGroup();
    return { kind: 'table', source: { path } };
  }
  if (
    token.word === 'stream' &&
    cursor.dialect === 'databricks' &&
    (cursor.peek(1).word === '(' || isName(cursor.peek(1)))
  ) {
    // Databricks' STREAM(t) and STREAM t are the table t.
    cursor.next();
    return readPrimary(cursor);
  }
  if (token.word === 'unpivot' && cursor.dialect === 'redshift' && isName(cursor.peek(1))) return readObject(cursor);
  if (token.word === 'table' && cursor.peek(1).word === '(') return readTableFunction(cursor);
  if (token.word === 'rows' && cursor.peek(1).word === 'from') {
    cursor.at += 2;
    return readCall(cursor, 'rows');
  }
  if (token.word === '[' && cursor.dialect === 'bigquery') return readLegacyTable(cursor);
  if (token.kind === 'string') {
    cursor.usesLiterals = true;
    cursor.next();
    // Snowflake's `FROM '@stage/x' (FILE_FORMAT => f)`
    if (cursor.dialect === 'snowflake') cursor.skipGroup();
    return { kind: 'table', source: { path: token.text } };
  }
  if (!isName(token) && token.kind !== 'parameter') return undefined;
  const start = cursor.at;
  const name = readName(cursor);
  // Only the run tells which: `IDENTIFIER($x)`, or a part of a text that is put together.
  if (name === undefined)
    return cursor.at > start ? { kind: 'function', args: newExpression(), outputs: [] } : undefined;
  const source = sourceCalled(cursor, name);
  if (isLocation(source)) return { kind: 'table', source };
  const special = cursor.sees('(') ? readTableCall(cursor, token.word) : undefined;
  if (special !== undefined) return special;
  if (cursor.sees('(') && cursor.dialect === 'tsql' && name.length > 1 && name.at(-1)?.text.toLowerCase() === 'nodes') {
    // T-SQL's `doc.nodes('/path')`: the rows come from the column.
    cursor.skipGroup();
    const args = newExpression();
    args.columns.push({ parts: name.slice(0, -1).map((part) => part.text) });
    return { kind: 'function', args, outputs: [] };
  }
  if (startsBracketedRow(cursor)) return { kind: 'table', source: name };
  // PostgreSQL's `FROM t *`: with the tables that inherit from it.
  if (cursor.take('*')) return { kind: 'table', source: name };
  if (cursor.sees('(') && !isHint(cursor)) return readCall(cursor, name[name.length - 1]?.text.toLowerCase() ?? '');
  if (cursor.sees('(')) cursor.skipGroup();
  // Delta's `t@v3` and `t@20240101000000000` are versions of t.
  if (cursor.peek().kind === 'parameter' && cursor.peek().text.startsWith('@') && BEHIND_AT.has(cursor.dialect))
    cursor.next();
  return { kind: 'table', source: name };
}

/** Redshift's `UNPIVOT t.object AS value AT key`: a row for each field. */
function readObject(cursor: Cursor): Relation {
  cursor.next();
  const args = newExpression();
  args.columns.push({ parts: (readName(cursor) ?? []).map((part) => part.text) });
  return { kind: 'function', args, outputs: [] };
}

/** BigQuery's `[project:dataset.table]` of its older SQL, also `[…@time]` of a time. */
function readLegacyTable(cursor: Cursor): Relation {
  const close = cursor.closeOf(cursor.at);
  const [name = ''] = cursor.textBetween(cursor.at + 1, close).split('@');
  cursor.at = close + 1;
  return { kind: 'table', source: name.split(/[:.]/).map((text) => ({ text, quoted: true })) };
}

/** `t(NOLOCK)`: T-SQL's hints in the old place. */
function isHint(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql') return false;
  return /^(nolock|readpast|readuncommitted|readcommitted|holdlock|updlock|tablock|tablockx|rowlock|paglock|xlock|index|serializable|nowait)$/.test(
    cursor.peek(1).word
  );
}

/** Oracle's `FROM t MODEL DIMENSION BY …`, Hive's `FROM t MAP a USING …` */
function startsOther(cursor: Cursor): boolean {
  if (
    cursor.dialect === 'tsql' &&
    (cursor.seesAny(NO_ALIAS_OF_TSQL) || startsLabel(cursor) || startsKeptStatement(cursor))
  )
    return true;
  if (isScriptCall(cursor, cursor.at)) return true;
  return cursor.sees('model') && cursor.dialect === 'oracle' && startsClause(cursor, cursor.at);
}

function readAliases(cursor: Cursor): Aliases {
  const explicit = cursor.take('as');
  const token = cursor.peek();
  const fits = isName(token) || (explicit && token.kind === 'string');
  if (
    !fits ||
    (!explicit && (NOT_RELATION_ALIAS.has(token.word) || startsJoin(cursor, cursor.at) || startsOther(cursor)))
  ) {
    // PostgreSQL's `AS (a int, b text)` only names the columns.
    return explicit && token.word === '(' ? { columnAliases: readColumnList(cursor) } : {};
  }
  cursor.next();
  if (startsBracketedRow(cursor)) return { alias: identityAt(cursor, token) };
  if (!cursor.sees('(') || isHint(cursor)) {
    cursor.skipGroup();
    return { alias: identityAt(cursor, token) };
  }
  return { alias: identityAt(cursor, token), columnAliases: readColumnList(cursor) };
}
