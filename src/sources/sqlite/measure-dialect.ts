import { finiteSql } from '../common/finite-values.js';
import { groupedCountsSql } from '../common/grouped-counts.js';
import { readMeasure } from '../common/measure-cells.js';
import { cutText, topValuesSql } from '../common/top-values.js';
import { columnList, plainExpression, usualPlacement } from '../common/measure-expressions.js';
import { conditionSql, type ConditionSyntax } from '../common/measure-conditions.js';
import { quoteIdentifier as quote, quoteLiteral } from '../common/quoted-name.js';
import { timeText } from '../common/utc-text.js';
import { timeSql } from './time-sql.js';
import type { Cell, Condition, Scalar } from '../condition.js';
import type { Measure, MeasureValue, Operand, RowSet, TableRef } from '../measure.js';
import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';

/** SQLite allows 2000 columns in a result and 500 selects in a UNION ALL. */
const MOST_EXPRESSIONS = 1_000;
const MOST_SELECTS = 100;
const NUMBER_TYPES: ReadonlySet<string> = new Set([
  ...['NUMBER', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'BYTEINT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'NUMERIC'],
]);

/**
 * SQLite, whose columns hold values of any type: of a numeric column only the numbers are measured. variance() is
 * libsql's, that of a sample.
 */
export const sqliteMeasureDialect: MeasureDialect = {
  // one that reads nothing would be answered while the file is locked
  alive: 'SELECT COUNT(*) FROM sqlite_schema',
  mostExpressions: MOST_EXPRESSIONS,
  mostSelects: MOST_SELECTS,
  // a literal with a fraction is a double: one more digit, and it is the next whole number
  mostDigits: { all: 16 },
  quote,
  tablePath,
  backslashIn: '',
  literal: (value) => scalarSql(value, { name: '', dataType: 'DATETIME' }),
  condition,
  placement: usualPlacement,
  hasNonFinite: ({ dataType }) => NUMBER_TYPES.has(dataType),
  isUntyped: true,
  scaled: (column, factor) => `${operand(column, 'value', false, true)} * ${factor}`,
  difference: (column, by) => `${operand(column, 'value', false, true)} - ${typeof by === 'bigint' ? `(${by})` : by}`,
  expression,
  from,
  groupedSelect: (index, counts, from) =>
    groupedCountsSql(index, counts, from, {
      value: counts.on === 'value' ? quote(counts.column.name) : operand(counts.column, counts.on),
      ...(counts.on === 'value' ? { amount: numberSql('v', counts.finite) } : {}),
      text: (expression) => expression,
      quote,
      shown: ({ name }) => quote(name),
    }),
  topValuesSelect: (top, from) => topValuesSql(top, from, { value: quote(top.column.name), cut: firstCharacters }),
  shown: ({ name }) => quote(name),
  base64: new Set(),
  read: (measure: Measure, cell: Cell): MeasureValue =>
    cell instanceof Uint8Array ? Buffer.from(cell).toString('base64') : readText(measure, cell),
};

const syntax: ConditionSyntax = {
  quote,
  compared: ({ name, dataType }, values) =>
    values.some(isTime) ? timeSql(quote(name), dataType === 'DATE') : quote(name),
  shown: ({ name }) => quote(name),
  scalar: scalarSql,
  characters: lengthSql,
  matches: (column, pattern) => `${column} REGEXP ${scalarSql(pattern)}`,
};

/** A file has one schema, main. */
function tablePath({ table }: TableRef): string {
  return `main.${quote(table)}`;
}

function condition(given: Condition): string {
  return conditionSql(given, syntax);
}

/** What is no number for the engine, as the difference of two infinities, is NULL here: it is told from none. */
function expression(measure: Measure): string {
  switch (measure.of) {
    case 'sum': {
      // SUM of whole numbers fails when it leaves 64 bits; TOTAL is a double, compensated, but 0 for no rows.
      const value = operand(measure.column, measure.on, measure.finite, true);
      return `CASE WHEN COUNT(${value}) > 0 THEN COALESCE(TOTAL(${value}), 'NaN') END`;
    }
    case 'mean': {
      const value = operand(measure.column, measure.on, measure.finite, true);
      return `CASE WHEN COUNT(${value}) > 0 THEN COALESCE(AVG(${value}), 'NaN') END`;
    }
    case 'stddev': {
      const value = operand(measure.column, measure.on, measure.finite, true);
      return `CASE WHEN COUNT(${value}) > 0 THEN COALESCE(sqrt(variance(${value}) * (COUNT(${value}) - 1) / COUNT(${value})), 'NaN') END`;
    }
    default:
      return plainExpression(measure, { quote, operand, condition });
  }
}

/**
 * A sample is taken by a hash of the row's number in the order of a plain scan, so that each statement takes the same
 * rows: random() has no seed here.
 */
function from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string {
  const path = rows.query === undefined ? tablePath(rows.table) : `(${rows.query}\n)`;
  const where = rows.where === undefined ? '' : ` WHERE ${condition(rows.where)}`;
  const { sample } = rows;
  if (sample === undefined) return `FROM ${path}${where}`;
  const list = columnList(columns, quote);
  const plain = rows.query === undefined && !rows.isView ? `${path} NOT INDEXED` : path;
  const numbered = `(SELECT ${list}, row_number() OVER () AS "om_row" FROM ${plain}${where})`;
  const hash = `((("om_row" * 2654435761 + ${sample.seed}) % 4294967296) * 48271 % 2147483647)`;
  if (sample.by === 'percentage')
    return `FROM ${numbered} WHERE ${hash} < ${Math.round((sample.percent / 100) * 2_147_483_647)}`;
  const order = sample.randomized ? `ORDER BY ${hash}` : 'ORDER BY "om_row"';
  return `FROM (SELECT * FROM ${numbered} ${order} LIMIT ${sample.rows})`;
}

/** @param numeric true for arithmetic, false for the smallest and largest value of whatever the column holds */
function operand(column: MeasuredColumn, on: Operand = 'value', finite = false, numeric = false): string {
  const name = quote(column.name);
  if (on !== 'value') return lengthSql(name);
  return numeric || NUMBER_TYPES.has(column.dataType) ? numberSql(name, finite) : name;
}

function numberSql(value: string, finite = false): string {
  const isNumber = `typeof(${value}) IN ('integer', 'real')`;
  return finite ? finiteSql(value, `${isNumber} AND `) : `CASE WHEN ${isNumber} THEN ${value} END`;
}

function scalarSql(value: Scalar, column?: MeasuredColumn): string {
  switch (typeof value) {
    case 'object':
      if ('decimal' in value) return value.decimal;
      return `'${timeText(value.time, column ?? { dataType: 'DATETIME' })}'`;
    case 'string':
      return textSql(value);
    case 'boolean':
      return value ? '1' : '0';
    default:
      return String(value);
  }
}

function isTime(value: Scalar): boolean {
  return typeof value === 'object' && 'time' in value;
}

/**
 * Characters of a text, bytes of a BLOB. LENGTH counts those before the first NUL: a text with any is counted as the
 * JSON string that it makes, in which a backslash or a NUL is written as one plain sign.
 */
function lengthSql(value: string): string {
  const plain = `replace(replace(json_quote(${value}), '\\\\', '_'), '\\u0000', '_')`;
  const hasNul = `typeof(${value}) = 'text' AND instr(${value}, char(0)) > 0`;
  return `CASE WHEN ${hasNul} THEN LENGTH(json_extract(${plain}, '$')) ELSE LENGTH(${value}) END`;
}

/** libsql returns a text up to its first NUL: of one with any its bytes are returned, four for a character. */
function firstCharacters(expression: string, characters: number): string {
  const text = `CAST(${expression} AS TEXT)`;
  const bytes = cutText(`CAST(${text} AS BLOB)`, 4 * characters);
  return `CASE WHEN instr(${text}, char(0)) > 0 THEN ${bytes} ELSE ${cutText(text, characters)} END`;
}

/** A string with NUL can't be quoted. */
function textSql(value: string): string {
  if (value.includes('\0')) return `CAST(x'${Buffer.from(value, 'utf8').toString('hex')}' AS TEXT)`;
  return quoteLiteral(value);
}

/** Texts of date columns stay as they are, whatever they look like. */
function readText(measure: Measure, cell: Cell): MeasureValue {
  const isText = (measure.of === 'min' || measure.of === 'max') && typeof cell === 'string';
  return isText ? cell : readMeasure(measure, cell);
}
