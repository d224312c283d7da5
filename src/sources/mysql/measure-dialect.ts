import mysql from 'mysql2';
import { groupedCountsSql } from '../common/grouped-counts.js';
import { readMeasure } from '../common/measure-cells.js';
import { topValuesSql } from '../common/top-values.js';
import { columnList, plainExpression, usualPlacement } from '../common/measure-expressions.js';
import { conditionSql, type ConditionSyntax } from '../common/measure-conditions.js';
import { timeText } from '../common/utc-text.js';
import type {
  Cell,
  Condition,
  GroupedCounts,
  Measure,
  MeasureDialect,
  MeasuredColumn,
  MeasureValue,
  Operand,
  RowSet,
  Scalar,
  TableRef,
  TopValues,
} from '../measures.js';
import { quoteIdentifier } from './quoted-name.js';
import { mysqlRowHashing } from './row-hashing.js';
import { isAtLeast, type ServerVersion } from './server-version.js';

/** The server allows 4096 columns in a row; a statement of half as many parses and runs as fast for each of them. */
const MOST_EXPRESSIONS = 2_000;
/** Each select has its own temporary tables; fifty columns with the default metrics fit into two statements. */
const MOST_SELECTS = 64;
const BINARY_TYPES: ReadonlySet<string> = new Set([
  'BINARY',
  'VARBINARY',
  'BLOB',
  'MEDIUMBLOB',
  'LONGBLOB',
  'GEOMETRY',
  'BIT',
]);

/** MySQL 8 and MariaDB. MySQL 5.7 has no window functions: it isn't asked for percentiles. */
export class MysqlMeasureDialect implements MeasureDialect {
  readonly hashing = mysqlRowHashing;
  readonly mostExpressions = MOST_EXPRESSIONS;
  readonly mostSelects = MOST_SELECTS;
  readonly #hasWindows: boolean;
  readonly #syntax: ConditionSyntax = {
    quote: quoteIdentifier,
    scalar: scalarSql,
    characters: (column) => `CHAR_LENGTH(${column})`,
    matches: (column, pattern) => `${column} REGEXP ${mysql.escape(pattern)}`,
  };

  constructor(version: ServerVersion) {
    this.#hasWindows = version.flavour === 'MariaDB' || isAtLeast(version, 8, 0);
  }

  quote(name: string): string {
    return quoteIdentifier(name);
  }

  /** The database is OpenMetadata's: MySQL has none above its schemas. */
  tablePath({ schema, table }: TableRef): string {
    return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  }

  /** We set the session's sql_mode. */
  readonly backslashIn = `'"`;

  literal(value: Scalar): string {
    return scalarSql(value, { name: '', dataType: 'DATETIME' });
  }

  condition(condition: Condition): string {
    return conditionSql(condition, this.#syntax);
  }

  unsupported({ of }: Measure): string | undefined {
    return of === 'percentile' && !this.#hasWindows ? 'MySQL 5.7 has no window functions' : undefined;
  }

  readonly placement = usualPlacement;

  /** With decimals, as the difference of whole numbers may leave 64 bits, or go below 0 where they are unsigned. */
  difference(column: MeasuredColumn, by: string | bigint): string {
    return `${summed(column)} - ${typeof by === 'bigint' ? `(${by}.0)` : `(${by} + 0.0)`}`;
  }

  expression(measure: Measure): string {
    switch (measure.of) {
      case 'sum':
        return `SUM(${summed(measure.column, measure.on)})`;
      case 'mean': {
        // AVG of integers and decimals is cut after four more places; their SUM is exact
        const value = summed(measure.column, measure.on);
        return `(SUM(${value}) + 0e0) / COUNT(${value})`;
      }
      case 'stddev':
        // for integers it is cut after four places, for doubles it isn't
        return `STDDEV_POP(${summed(measure.column, measure.on)} + 0e0)`;
      default:
        return plainExpression(measure, {
          quote: quoteIdentifier,
          operand,
          condition: (condition) => this.condition(condition),
        });
    }
  }

  from(rows: RowSet, columns: readonly MeasuredColumn[] | 'all'): string {
    const path = rows.query === undefined ? this.tablePath(rows.table) : `(${rows.query}\n) AS t`;
    const where = rows.where === undefined ? undefined : this.condition(rows.where);
    const { sample } = rows;
    if (sample === undefined) return `FROM ${path}${where === undefined ? '' : ` WHERE ${where}`}`;
    // no index: so each statement meets the rows in the same order, and a seeded RAND() picks the same ones
    const hint = rows.query === undefined && !rows.isView ? ' USE INDEX ()' : '';
    const list = columnList(columns, quoteIdentifier);
    const random = `RAND(${sample.seed})`;
    if (sample.by === 'percentage') {
      const conditions = [`${random} < ${sample.percent / 100}`, ...(where === undefined ? [] : [`(${where})`])];
      return `FROM (SELECT ${list} FROM ${path}${hint} WHERE ${conditions.join(' AND ')}) AS s`;
    }
    const order = sample.randomized ? ` ORDER BY ${random}` : '';
    const filter = where === undefined ? '' : ` WHERE ${where}`;
    return `FROM (SELECT ${list} FROM ${path}${hint}${filter}${order} LIMIT ${sample.rows}) AS s`;
  }

  groupedSelect(index: number, counts: GroupedCounts, from: string): string {
    return groupedCountsSql(index, counts, from, {
      value: counts.percentiles.length === 0 ? operand(counts.column, counts.on) : summed(counts.column, counts.on),
      text: (expression) => `CAST(${expression} AS CHAR)`,
      quote: quoteIdentifier,
    });
  }

  topValuesSelect(top: TopValues, from: string): string {
    return topValuesSql(top, from, {
      value: operand(top.column),
      text: (expression) => `CAST(${expression} AS CHAR)`,
    });
  }

  shown(column: MeasuredColumn): string {
    const name = quoteIdentifier(column.name);
    if (column.dataType === 'JSON') return `CAST(${name} AS CHAR)`;
    return BINARY_TYPES.has(column.dataType) ? `TO_BASE64(${name})` : name;
  }

  read(measure: Measure, cell: Cell): MeasureValue {
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
}

const TIMES: ReadonlySet<string> = new Set(['DATETIME', 'TIMESTAMP']);

/** Drops trailing zeros of a fraction, but not of whole seconds. */
function trailingZeros(zeros: string, at: number, text: string): string {
  return text.slice(0, at + zeros.length).includes('.') ? '' : zeros;
}

function isPlain(on: Operand | undefined): boolean {
  return on === undefined || on === 'value';
}

/** What MIN, MAX and GROUP BY take. */
function operand(column: MeasuredColumn, on: Operand = 'value'): string {
  const name = quoteIdentifier(column.name);
  if (on === 'length') return `LENGTH(${name})`;
  if (on === 'characters') return `CHAR_LENGTH(${name})`;
  return column.dataType === 'BIT' || column.dataType === 'YEAR' ? `${name} + 0` : name;
}

/** The same for arithmetic: as text a FLOAT has six digits, as a double all. */
function summed(column: MeasuredColumn, on: Operand = 'value'): string {
  const isFloat = column.dataType === 'FLOAT' || column.dataType === 'DOUBLE';
  return on === 'value' && isFloat ? `${quoteIdentifier(column.name)} + 0e0` : operand(column, on);
}

function scalarSql(value: Scalar, column: MeasuredColumn): string {
  if (typeof value === 'object') return `'${timeText(value.time, column)}'`;
  if (typeof value === 'bigint') return value.toString();
  return mysql.escape(value);
}

/** Of `-838:59:59.000000`. */
function secondsOf(text: string): number {
  const [, sign, hours, minutes, seconds] = /^(-?)(\d+):(\d+):([\d.]+)$/.exec(text) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -total : total;
}
