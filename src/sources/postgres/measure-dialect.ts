import { postgresDeviation, postgresFinite } from '../common/finite-values.js';
import { postgresCaseless, postgresFolded, postgresMatches, postgresUnsure } from '../common/postgres-caseless.js';
import { postgresChanging } from '../common/postgres-changing.js';
import { postgresCompared } from '../common/postgres-compared.js';
import { postgresClockTime as clockTime, readPostgresMeasure as read } from '../common/postgres-times.js';
import { sqlDialect, type SampledRows } from '../common/sql-dialect.js';
import { postgresTaken } from '../common/taken-values.js';
import type { Operand, Sample } from '../measure.js';
import type { MeasuredColumn } from '../measured-column.js';
import { quoteIdentifier, quoteLiteral } from '../common/quoted-name.js';
import { postgresRowHashing } from './row-hashing.js';

/** Types some of which have no order, no equality, or no MIN: their text has. */
const AS_TEXT =
  /^(JSON|XML|GEO\w+|UUID|BIT|STRING|TUPLE|ARRAY|STRUCT|MAP|UNKNOWN|NULL|TS\w+|MACADDR|PG_\w+|TXID_SNAPSHOT|DATETIMERANGE)$/;

const dialect = sqlDialect({
  // a result has 1664 columns at most
  mostExpressions: 1_000,
  mostSelects: 64,
  quote: quoteIdentifier,
  // with its database: the server refuses a table of another one instead of mistaking it for one of this
  tablePath: ({ database, schema, table }) => [database, schema, table].map(quoteIdentifier).join('.'),
  backslashIn: '',
  timeType: 'TIMESTAMP',
  // quoted numbers and times get the column's type
  literal: (value) => (typeof value === 'string' ? quoteLiteral(value) : String(value)),
  text: (value) => `(${value})::text`,
  characters: (column) => `length(${column}::text)`,
  ...{ matches: postgresMatches, unsure: postgresUnsure },
  ...{ operand, sampled, read, finite: postgresFinite, aggregates: { stddev: postgresDeviation } },
  compared: (column, values) => postgresCompared(column, values, operand),
  textSql: (text, column) => postgresFolded(quoteLiteral(text), column),
  ...{ countsOperands: true, hasSingles: true, mostDigits: { all: 1_000, fraction: 60, own: 16_383 } },
  // with a numeric, as the difference of whole numbers may leave 64 bits
  difference: (column, by) => `${operand(column)} - ${typeof by === 'bigint' ? `(${by}.0)` : by}`,
  // `t` alone would be the column of that name, where there is one
  named: (path) => `${path} AS t`,
  // in a union the server takes an untyped NULL for text
  regrouped: (select) => select.replace(/NULL AS ([du])\b/g, 'NULL::bigint AS $1'),
  shown: ({ name, dataType }) => {
    const as = dataType === 'MONEY' || AS_TEXT.test(dataType) ? '::text' : dataType === 'FLOAT' ? '::text::float8' : '';
    return dataType === 'BYTEA' ? `encode(${quoteIdentifier(name)}, 'base64')` : `${quoteIdentifier(name)}${as}`;
  },
  ...{ base64: new Set(['BYTEA']), hashing: postgresRowHashing, changing: postgresChanging, clockTime },
});

export const postgresMeasureDialect: typeof dialect = {
  ...dialect,
  taken: postgresTaken,
  caseless: { is: postgresCaseless, folded: (column) => postgresFolded(quoteIdentifier(column.name), column) },
  // the server refuses a product below the least double, which is 0 elsewhere
  scaled: (column, factor) =>
    `CASE WHEN abs(${operand(column)}) < ${Number.MIN_VALUE / factor} THEN 0 ELSE ${dialect.scaled(column, factor)} END`,
};

/**
 * A percentage of a table is the server's own sample, with a seed. For what has no blocks (views, queries, foreign
 * tables), and for a number of random rows, a hash of the row's text decides: each statement reads the same ones.
 */
function sampled(sample: Sample, { path, where, list, isPlain }: SampledRows): string {
  const hash = `hashtextextended((t.*)::text, ${sample.seed})`;
  if (sample.by === 'percentage') {
    const { percent, seed, method = 'BERNOULLI' } = sample;
    const hashed = `(${hash} & 2147483647) < ${Math.round((percent / 100) * 2_147_483_648)}`;
    if (!isPlain) return `FROM ${path}${where(hashed)}`;
    // of a partition that is a foreign table, the server would take all rows
    const own = `(t.tableoid NOT IN (SELECT ftrelid FROM pg_catalog.pg_foreign_table) OR ${hashed})`;
    return `FROM ${path} TABLESAMPLE ${method} (${percent}) REPEATABLE (${seed})${where(own)}`;
  }
  const order = sample.randomized ? ` ORDER BY ${hash}` : '';
  return `FROM (SELECT ${list} FROM ${path}${where()}${order} LIMIT ${sample.rows}) AS s`;
}

/** What aggregates and GROUP BY take. */
function operand({ name, dataType }: MeasuredColumn, on: Operand = 'value'): string {
  const column = quoteIdentifier(name);
  if (on !== 'value') return dataType === 'BYTEA' ? `length(${column})` : `length(${column}::text)`;
  if (dataType === 'MONEY') return `${column}::numeric`;
  if (dataType === 'BOOLEAN') return `${column}::int`;
  // the server adds up what is REAL in REAL, and writes a few of its digits: those of a double are the stored value's
  if (dataType === 'FLOAT') return `${column}::float8`;
  // an oid has no sum and no comparison with numbers; others are of this type as they are
  if (dataType === 'BIGINT') return `${column}::bigint`;
  if (dataType === 'BYTEA') return `encode(${column}, 'hex')`;
  return AS_TEXT.test(dataType) ? `${column}::text` : column;
}
