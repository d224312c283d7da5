import mysql from 'mysql2';
import { readMeasure } from '../common/measure-cells.js';
import { sqlDialect, type SampledRows, type SqlDialectParts } from '../common/sql-dialect.js';
import type { Cell, Scalar } from '../condition.js';
import type { Measure, MeasureValue, Operand, Sample } from '../measure.js';
import type { MeasureDialect } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';
import { comparedAs } from '../row-hashing.js';
import { mysqlChanging } from './changing-functions.js';
import { mysqlCharacterSets, narrowMatches } from './character-sets.js';
import { mysqlClockTime } from './clock-time.js';
import { quoteIdentifier } from './quoted-name.js';
import { mysqlRowHashing } from './row-hashing.js';
import { isAtLeast, type ServerVersion } from './server-version.js';
import { mysqlTaken, writtenTimeSql } from './written-times.js';

const BINARY_TYPES: ReadonlySet<string> = new Set([
  'BINARY',
  'VARBINARY',
  'BLOB',
  'MEDIUMBLOB',
  'LONGBLOB',
  'GEOMETRY',
  'BIT',
]);

const NUMBERS: ReadonlySet<ReturnType<typeof comparedAs>> = new Set(['whole', 'decimal', 'float'] as const);

const FLOATS: ReadonlySet<string> = new Set(['FLOAT', 'DOUBLE']);

const parts: SqlDialectParts = {
  // the server allows 4096 columns in a row; a statement of half as many parses and runs as fast for each of them
  mostExpressions: 2_000,
  // each select has its own temporary tables; fifty columns with the default metrics fit into two statements
  mostSelects: 64,
  quote: quoteIdentifier,
  // the database is OpenMetadata's: MySQL has none above its schemas
  tablePath: ({ schema, table }) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  // we set the session's sql_mode
  backslashIn: `'"`,
  changing: mysqlChanging,
  timeType: 'DATETIME',
  literal: (value) => (typeof value === 'bigint' ? value.toString() : mysql.escape(value)),
  clockTime: mysqlClockTime,
  textSql: writtenTimeSql,
  // by itself a double gets 23 characters in a UNION, and loses digits of its exponent; a text would be cut at a width
  text: (expression, column) => `CAST(${expression} AS CHAR${NUMBERS.has(comparedAs(column)) ? '(100)' : ''})`,
  characters: (column) => `CHAR_LENGTH(${column})`,
  matches: (column, pattern, { isNarrow }) =>
    isNarrow === true ? narrowMatches(column, pattern) : `${column} REGEXP ${mysql.escape(pattern)}`,
  hasSingles: true,
  compared,
  operand,
  aggregates: {
    // of doubles that overflow, MariaDB's SUM by itself is 0
    sum: (value, { dataType }) => `SUM(${value})${FLOATS.has(dataType) ? ' + 0e0' : ''}`,
    // AVG of integers and decimals is cut after four more places; their SUM is exact
    mean: (value) => `(SUM(${value}) + 0e0) / COUNT(${value})`,
    // for integers it is cut after four places, for doubles it isn't
    stddev: (value) => `STDDEV_POP(${value} + 0e0)`,
  },
  // with decimals, as the difference of whole numbers may leave 64 bits, or go below 0 where they are unsigned
  difference: (column, by) => `${operand(column)} - ${typeof by === 'bigint' ? `(${by}.0)` : `(${by} + 0.0)`}`,
  named: (path, isQuery) => (isQuery ? `${path} AS t` : path),
  sampled,
  base64: BINARY_TYPES,
  shown: ({ name, dataType }) => {
    const column = quoteIdentifier(name);
    if (dataType === 'JSON') return `CAST(${column} AS CHAR)`;
    // by itself it is written with six of its digits
    if (dataType === 'FLOAT') return `(${column} + 0e0)`;
    return BINARY_TYPES.has(dataType) ? `TO_BASE64(${column})` : column;
  },
  hashing: mysqlRowHashing,
  read,
};

/** MySQL 8 and MariaDB. MySQL 5.7 has no window functions: it isn't asked for percentiles. */
export function mysqlMeasureDialect(version: ServerVersion): MeasureDialect {
  const hasWindows = version.flavour === 'MariaDB' || isAtLeast(version, 8, 0);
  const mostDigits = { all: 65, fraction: version.flavour === 'MariaDB' ? 38 : 30 };
  const reason = 'MySQL 5.7 has no window functions';
  return {
    ...sqlDialect({ ...parts, hasWindows, mostDigits }),
    taken: mysqlTaken,
    characterSets: mysqlCharacterSets,
    unsupported: ({ of }) => (of === 'percentile' && !hasWindows ? reason : undefined),
  };
}

function sampled(sample: Sample, { path, where, list, isPlain }: SampledRows): string {
  // no index: so each statement meets the rows in the same order, and a seeded RAND() picks the same ones
  const rows = isPlain ? `${path} USE INDEX ()` : path;
  const random = `RAND(${sample.seed})`;
  if (sample.by === 'percentage')
    return `FROM (SELECT ${list} FROM ${rows}${where(`${random} < ${sample.percent / 100}`)}) AS s`;
  const order = sample.randomized ? ` ORDER BY ${random}` : '';
  return `FROM (SELECT ${list} FROM ${rows}${where()}${order} LIMIT ${sample.rows}) AS s`;
}

function read(measure: Measure, cell: Cell): MeasureValue {
  if ((measure.of === 'min' || measure.of === 'max') && typeof cell === 'string' && isPlain(measure.on)) {
    if (measure.column.dataType === 'TIME') return secondsOf(cell);
    if (cell.length > 10 && TIMES.has(measure.column.dataType))
      return cell.replace(' ', 'T').replace(/\.?0+$/, trailingZeros);
  }
  const value = readMeasure(measure, cell);
  // if one overflows, the server returns the largest double
  const overflown = ['sum', 'mean', 'stddev'].includes(measure.of) && Math.abs(Number(value)) === Number.MAX_VALUE;
  return overflown ? null : value;
}

const TIMES: ReadonlySet<string> = new Set(['DATETIME', 'TIMESTAMP']);

/** Drops trailing zeros of a fraction, but not of whole seconds. */
function trailingZeros(zeros: string, at: number, text: string): string {
  return text.slice(0, at + zeros.length).includes('.') ? '' : zeros;
}

function isPlain(on: Operand | undefined): boolean {
  return on === undefined || on === 'value';
}

/** What aggregates and GROUP BY take: as text a FLOAT has six digits, as a double all. */
function operand(column: MeasuredColumn, on: Operand = 'value'): string {
  const name = quoteIdentifier(column.name);
  if (on === 'length') return `LENGTH(${name})`;
  if (on === 'characters') return `CHAR_LENGTH(${name})`;
  if (FLOATS.has(column.dataType)) return `${name} + 0e0`;
  return column.dataType === 'BIT' || column.dataType === 'YEAR' ? `${name} + 0` : name;
}

/** A YEAR makes a year of what it is compared with, 2053 of 53.2. By itself it may have an index, or partitions. */
function compared({ name, dataType }: MeasuredColumn, values: readonly Scalar[]): string {
  const isYear = (value: Scalar): boolean =>
    typeof value === 'object'
      ? 'time' in value
      : Number.isInteger(Number(value)) && Number(value) > 1900 && Number(value) <= 2155;
  return dataType === 'YEAR' && !values.every(isYear) ? `${quoteIdentifier(name)} + 0` : quoteIdentifier(name);
}

/** Of `-838:59:59.000000`. */
function secondsOf(text: string): number {
  const [, sign, hours, minutes, seconds] = /^(-?)(\d+):(\d+):([\d.]+)$/.exec(text) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -total : total;
}
