import { finiteSql } from '../common/finite-values.js';
import { groupedCountsSql } from '../common/grouped-counts.js';
import { readMeasure } from '../common/measure-cells.js';
import { columnList, plainExpression } from '../common/measure-expressions.js';
import { conditionSql, type ConditionSyntax } from '../common/measure-conditions.js';
import { timeText } from '../common/utc-text.js';
import { takenTruth } from '../common/taken-values.js';
import { cutText, topValuesSql } from '../common/top-values.js';
import type { Cell, Condition, Scalar } from '../condition.js';
import type { Measure, MeasureValue, Operand, RowSet } from '../measure.js';
import type { MeasureDialect, Placement } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';
import { quoteName, quotePath, quoteText } from './catalog/identifiers.js';
import { snowflakeChanging } from './changing-functions.js';
import { MOST_SAMPLE_ROWS } from './most-sample-rows.js';
import { snowflakeRowHashing } from './row-hashing.js';
import { timeOfDay } from './time-of-day.js';

const MOST_EXPRESSIONS = 1_000;
const MOST_SELECTS = 100;
const BINARY_TYPES: ReadonlySet<string> = new Set(['BINARY', 'VARBINARY', 'BYTES']);
const NESTED_TYPES: ReadonlySet<string> = new Set(['JSON', 'ARRAY', 'MAP', 'STRUCT', 'GEOGRAPHY', 'GEOMETRY']);
const TEXT_TYPES: ReadonlySet<string> = new Set(['STRING', 'CHAR', 'VARCHAR', 'TEXT']);
const TIME_TYPES: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMPZ', 'DATETIME']);
const INEXACT_TYPES: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

/** Snowflake, where percentiles are aggregates: estimates unless exact ones are asked for. */
export const snowflakeMeasureDialect: MeasureDialect = {
  mostExpressions: MOST_EXPRESSIONS,
  mostSelects: MOST_SELECTS,
  quote: quoteName,
  tablePath: ({ database, schema, table }) => quotePath(database, schema, table),
  backslashIn: "'",
  changing: snowflakeChanging,
  literal: (value) => scalarSql(value, { name: '', dataType: 'TIMESTAMP' }),
  condition,
  placement,
  hasNonFinite: ({ dataType }) => INEXACT_TYPES.has(dataType),
  taken: takenTruth,
  scaled: (column, factor) => `${operand(column)} * ${factor}`,
  difference: (column, by) => `${operand(column)} - ${typeof by === 'bigint' ? `(${by})` : by}`,
  expression,
  from,
  groupedSelect: (index, counts, from) =>
    groupedCountsSql(index, counts, from, {
      value: operand(counts.column, counts.on),
      text: asText,
      shown,
      quote: quoteName,
    }),
  topValuesSelect: (top, from) =>
    topValuesSql(top, from, {
      value: operand(top.column),
      cut: (expression, characters) => cutText(asText(expression), characters),
    }),
  shown,
  base64: BINARY_TYPES,
  hashing: snowflakeRowHashing,
  read: (measure: Measure, cell: Cell): MeasureValue => {
    const isTime = 'column' in measure && TIME_TYPES.has(measure.column.dataType) && typeof cell === 'string';
    return readMeasure(measure, isTime ? cell.replace(/Z$/, '') : cell);
  },
};

const syntax: ConditionSyntax = {
  quote: quoteName,
  shown,
  scalar: scalarSql,
  characters: (column) => `LENGTH(${column})`,
  matches: (column, pattern) => `${column} REGEXP ${quoteText(pattern)}`,
};

function condition(given: Condition): string {
  return conditionSql(given, syntax);
}

/**
 * For a whole table, the metadata of its partitions answers COUNT, and MIN and MAX of numbers and times, without a
 * warehouse, but only in a statement that asks for nothing else.
 */
function placement(measure: Measure, rows: RowSet): Placement {
  const isWhole = rows.sample === undefined && rows.where === undefined && rows.query === undefined && !rows.isView;
  switch (measure.of) {
    case 'rows':
      return isWhole ? 'free' : 'aggregate';
    case 'values':
      // of nested values no one promises that their NULLs are counted there
      return isWhole && measure.finite !== true && !NESTED_TYPES.has(measure.column.dataType) ? 'free' : 'aggregate';
    case 'min':
    case 'max': {
      const { column, on = 'value' } = measure;
      const { dataType } = column;
      // of TIME as text, no one promises that metadata answers it
      const isKept = !TEXT_TYPES.has(dataType) && !INEXACT_TYPES.has(dataType) && dataType !== 'TIME';
      return isWhole && on === 'value' && isKept ? 'free' : 'aggregate';
    }
    case 'unique':
    case 'bin':
      return 'grouped';
    default:
      return 'aggregate';
  }
}

function expression(measure: Measure): string {
  switch (measure.of) {
    case 'distinct':
      if (measure.approximate !== true) return plainExpression(measure, { quote: quoteName, operand, condition });
      return `APPROX_COUNT_DISTINCT(${quoteName(measure.column.name)})`;
    case 'sum':
      return `SUM(${operand(measure.column, measure.on, measure.finite)})`;
    case 'mean': {
      // AVG of a NUMBER is truncated after a few decimal places.
      const value = operand(measure.column, measure.on, measure.finite);
      return `CAST(SUM(${value}) AS DOUBLE) / NULLIF(COUNT(${value}), 0)`;
    }
    case 'stddev':
      return deviation(measure);
    case 'percentile': {
      const value = `CAST(${operand(measure.column, measure.on, measure.finite)} AS DOUBLE)`;
      return measure.approximate === true
        ? `APPROX_PERCENTILE(${value}, ${measure.fraction})`
        : `PERCENTILE_CONT(${measure.fraction}) WITHIN GROUP (ORDER BY ${value})`;
    }
    default: {
      const plain = plainExpression(measure, { quote: quoteName, operand, condition });
      const isEnd = measure.of === 'min' || measure.of === 'max';
      return isEnd && measure.column.dataType === 'TIME' && (measure.on ?? 'value') === 'value'
        ? timeOfDay(plain)
        : plain;
    }
  }
}

/** Of values with an infinity or a NaN among them there is none, whatever the engine makes of that. */
function deviation({ column, on, finite }: Extract<Measure, { of: 'sum' | 'mean' | 'stddev' }>): string {
  const [value, finiteOnly] = [operand(column, on, finite), operand(column, on, true)];
  const own = `STDDEV_POP(CAST(${finiteOnly} AS DOUBLE))`;
  return value === finiteOnly
    ? own
    : `CASE WHEN COUNT(${finiteOnly}) < COUNT(${value}) THEN CAST('NaN' AS DOUBLE) ELSE ${own} END`;
}

function from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string {
  const path = rows.query === undefined ? snowflakeMeasureDialect.tablePath(rows.table) : `(${rows.query}\n)`;
  const where = rows.where === undefined ? '' : ` WHERE ${condition(rows.where)}`;
  const { sample } = rows;
  if (sample === undefined) return `FROM ${path}${where}`;
  if (sample.by === 'percentage') {
    // Only samples of plain tables take a seed, or whole blocks; a condition is applied after the sample.
    const isPlain = rows.query === undefined && !rows.isView;
    const method = (isPlain ? sample.method : undefined) ?? 'BERNOULLI';
    return `FROM ${path} SAMPLE ${method} (${sample.percent})${isPlain ? ` SEED (${sample.seed})` : ''}${where}`;
  }
  const list = columnList(columns, quoteName);
  return `FROM (SELECT ${list} FROM ${path}${where}) SAMPLE ROW (${Math.min(sample.rows, MOST_SAMPLE_ROWS)} ROWS)`;
}

function operand({ name, dataType }: MeasuredColumn, on: Operand = 'value', finite = false): string {
  if (on !== 'value') return `LENGTH(${quoteName(name)})`;
  return finite && INEXACT_TYPES.has(dataType) ? finiteSql(quoteName(name)) : quoteName(name);
}

function shown({ name, dataType }: MeasuredColumn): string {
  const column = quoteName(name);
  if (BINARY_TYPES.has(dataType)) return `BASE64_ENCODE(${column})`;
  if (dataType === 'TIME') return timeOfDay(column);
  return NESTED_TYPES.has(dataType) ? `TO_VARCHAR(${column})` : column;
}

function asText(expression: string): string {
  return `TO_VARCHAR(${expression})`;
}

function scalarSql(value: Scalar, column: MeasuredColumn): string {
  switch (typeof value) {
    case 'object':
      if ('decimal' in value) return value.decimal;
      return `'${timeText(value.time, column)}'`;
    case 'string':
      return quoteText(value);
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    default:
      return String(value);
  }
}
