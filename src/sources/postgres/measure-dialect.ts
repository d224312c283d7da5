import { groupedCountsSql } from '../common/grouped-counts.js';
import { readMeasure } from '../common/measure-cells.js';
import { columnList, plainExpression, usualPlacement } from '../common/measure-expressions.js';
import { conditionSql, type ConditionSyntax } from '../common/measure-conditions.js';
import { timeText } from '../common/utc-text.js';
import { topValuesSql } from '../common/top-values.js';
import type {
  Cell,
  Condition,
  Measure,
  MeasureDialect,
  MeasuredColumn,
  MeasureValue,
  Operand,
  RowSet,
  Scalar,
} from '../measures.js';
import { quoteIdentifier, quoteLiteral } from './quoted-name.js';
import { postgresRowHashing } from './row-hashing.js';

/** A result has 1664 columns at most. */
const MOST_EXPRESSIONS = 1_000;
const MOST_SELECTS = 64;

/** Types some of which have no order, no equality, or no MIN: their text has. */
const AS_TEXT: ReadonlySet<string> = new Set([
  ...[
    'JSON',
    'XML',
    'GEOMETRY',
    'GEOGRAPHY',
    'UUID',
    'BIT',
    'STRING',
    'TUPLE',
    'ARRAY',
    'STRUCT',
    'MAP',
    'UNKNOWN',
    'NULL',
  ],
  ...['TSVECTOR', 'TSQUERY', 'MACADDR', 'PG_LSN', 'PG_SNAPSHOT', 'TXID_SNAPSHOT', 'DATETIMERANGE'],
]);

const syntax: ConditionSyntax = {
  quote: quoteIdentifier,
  scalar: scalarSql,
  characters: (column) => `length(${column}::text)`,
  matches: (column, pattern) => `${column}::text ~ ${quoteLiteral(pattern)}`,
};

export const postgresMeasureDialect: MeasureDialect = {
  mostExpressions: MOST_EXPRESSIONS,
  mostSelects: MOST_SELECTS,
  quote: quoteIdentifier,
  // with its database: the server refuses a table of another one instead of mistaking it for one of this
  tablePath: ({ database, schema, table }) => [database, schema, table].map(quoteIdentifier).join('.'),
  backslashIn: '',
  literal: (value) => scalarSql(value, { name: '', dataType: 'TIMESTAMP' }),
  condition,
  placement: usualPlacement,
  // with a numeric, as the difference of whole numbers may leave 64 bits
  difference: (column, by) => `${operand(column)} - ${typeof by === 'bigint' ? `(${by}.0)` : by}`,
  expression,
  from,
  groupedSelect: (index, counts, rows) => {
    const select = groupedCountsSql(index, counts, rows, {
      value: operand(counts.column, counts.on),
      text: (value) => `(${value})::text`,
      quote: quoteIdentifier,
    });
    // in a union the server takes an untyped NULL for text
    return select.replace(/NULL AS ([du])\b/g, 'NULL::bigint AS $1');
  },
  topValuesSelect: (top, rows) =>
    topValuesSql(top, rows, { value: operand(top.column), text: (value) => `(${value})::text` }),
  shown: ({ name, dataType }) =>
    dataType === 'BYTEA' ? `encode(${quoteIdentifier(name)}, 'base64')` : shownText(quoteIdentifier(name), dataType),
  hashing: postgresRowHashing,
  read,
};

function condition(given: Condition): string {
  return conditionSql(given, syntax);
}

function expression(measure: Measure): string {
  switch (measure.of) {
    case 'sum':
      return `SUM(${operand(measure.column, measure.on)})`;
    case 'mean':
      return `AVG(${operand(measure.column, measure.on)})`;
    case 'stddev':
      return `STDDEV_POP(${operand(measure.column, measure.on)})`;
    case 'distinct':
      return `COUNT(DISTINCT ${operand(measure.column)})`;
    default:
      return plainExpression(measure, { quote: quoteIdentifier, operand, condition });
  }
}

/**
 * A percentage of a table is the server's own sample, with a seed. For what has no blocks (views, queries), and for a
 * number of random rows, a hash of the row's text decides: each statement reads the same ones.
 */
function from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string {
  const path = rows.query === undefined ? postgresMeasureDialect.tablePath(rows.table) : `(${rows.query}\n)`;
  const conditions = rows.where === undefined ? [] : [`(${condition(rows.where)})`];
  const { sample } = rows;
  if (sample === undefined) return `FROM ${path} AS t${whereOf(conditions)}`;
  // `t` alone would be the column of that name, where there is one
  const hash = `hashtextextended((t.*)::text, ${sample.seed})`;
  if (sample.by === 'percentage') {
    if (rows.query === undefined && !rows.isView) {
      const method = sample.method ?? 'BERNOULLI';
      return `FROM ${path} AS t TABLESAMPLE ${method} (${sample.percent}) REPEATABLE (${sample.seed})${whereOf(conditions)}`;
    }
    const share = `(${hash} & 2147483647) < ${Math.round((sample.percent / 100) * 2_147_483_648)}`;
    return `FROM ${path} AS t${whereOf([share, ...conditions])}`;
  }
  const list = columnList(columns, quoteIdentifier);
  const order = sample.randomized ? ` ORDER BY ${hash}` : '';
  return `FROM (SELECT ${list} FROM ${path} AS t${whereOf(conditions)}${order} LIMIT ${sample.rows}) AS s`;
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** What aggregates and GROUP BY take. */
function operand({ name, dataType }: MeasuredColumn, on: Operand = 'value'): string {
  const column = quoteIdentifier(name);
  if (on !== 'value') return dataType === 'BYTEA' ? `length(${column})` : `length(${column}::text)`;
  if (dataType === 'MONEY') return `${column}::numeric`;
  if (dataType === 'BOOLEAN') return `${column}::int`;
  if (dataType === 'BYTEA') return `encode(${column}, 'hex')`;
  return AS_TEXT.has(dataType) ? `${column}::text` : column;
}

function shownText(column: string, dataType: string): string {
  return AS_TEXT.has(dataType) || dataType === 'MONEY' ? `${column}::text` : column;
}

/** Quoted numbers and times get the column's type. */
function scalarSql(value: Scalar, column: MeasuredColumn): string {
  switch (typeof value) {
    case 'object':
      return `'${timeText(value.time, column)}'`;
    case 'string':
      return quoteLiteral(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return String(value);
  }
}

const TIMES: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMPZ', 'DATETIME']);

function read(measure: Measure, cell: Cell): MeasureValue {
  const isBound = measure.of === 'min' || measure.of === 'max';
  if (isBound && typeof cell === 'string' && (measure.on ?? 'value') === 'value') {
    // the session's zone is UTC, and the output has none
    if (TIMES.has(measure.column.dataType)) return cell.replace(' ', 'T').replace(/\+00$/, '');
  }
  return readMeasure(measure, cell);
}
