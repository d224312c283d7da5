import type { SourceColumn, SourcePartition } from '../records.js';
import type { FactOf } from './fact-queries.js';
import { quotedNames } from './quoted-name.js';

type PartitionColumn = SourcePartition['columns'][number];

const TIME_TYPES = new Set(['DATE', 'DATETIME', 'TIMESTAMP', 'TIME', 'YEAR']);

/** Functions that divide a time column into units, with the unit. */
const TIME_UNITS: Readonly<Record<string, string>> = {
  year: 'YEAR',
  quarter: 'QUARTER',
  month: 'MONTH',
  yearweek: 'WEEK',
  week: 'WEEK',
  to_days: 'DAY',
  dayofyear: 'DAY',
  dayofmonth: 'DAY',
  day: 'DAY',
  weekday: 'DAY',
  dayofweek: 'DAY',
  hour: 'HOUR',
  to_seconds: 'SECOND',
  unix_timestamp: 'SECOND',
};

/**
 * How a table is partitioned: RANGE over a time is TIME-UNIT, over numbers INTEGER-RANGE, LIST is COLUMN-VALUE, HASH,
 * KEY and SYSTEM_TIME are OTHER with the method as interval. KEY () means the primary key. Only names of columns that
 * the table has are listed.
 */
export function partitionOf(
  fact: FactOf<'partition'>,
  columns: readonly SourceColumn[],
  primaryKey: readonly string[] | undefined
): SourcePartition | undefined {
  const expression = fact.body ?? '';
  const byName = new Map(columns.map((column) => [column.name, column]));
  const named = quotedNames(expression).filter((name) => byName.has(name));
  const names = named.length === 0 && /KEY/.test(fact.name) ? (primaryKey ?? []) : [...new Set(named)];
  if (names.length === 0) return undefined;
  return {
    columns: names.map((name) => ({ columnName: name, ...intervalOf(fact.name, expression, byName.get(name)) })),
  };
}

function intervalOf(
  method: string,
  expression: string,
  column: SourceColumn | undefined
): Omit<PartitionColumn, 'columnName'> {
  if (method.startsWith('LIST')) return { intervalType: 'COLUMN-VALUE' };
  if (!method.startsWith('RANGE')) return { intervalType: 'OTHER', interval: method };
  const call = /^\s*([a-z_]+)\s*\(/i.exec(expression)?.[1]?.toLowerCase() ?? '';
  const unit = TIME_UNITS[call];
  if (unit !== undefined) return { intervalType: 'TIME-UNIT', interval: unit };
  return { intervalType: column !== undefined && TIME_TYPES.has(column.dataType) ? 'TIME-UNIT' : 'INTEGER-RANGE' };
}
