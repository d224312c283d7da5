import { beginning, RecordError } from '../errors/index.js';
import type { Condition, MeasureDialect, MeasuredColumn, Scalar } from '../sources/index.js';
import { partitionValues, unlikeColumn } from './partition-values.js';

/** A partition as written by recipes and the server. */
export interface PartitionKeys {
  readonly enablePartitioning?: unknown;
  readonly partitionColumnName?: unknown;
  readonly partitionIntervalType?: unknown;
  readonly partitionInterval?: unknown;
  readonly partitionIntervalUnit?: unknown;
  readonly partitionValues?: unknown;
  readonly partitionIntegerRangeStart?: unknown;
  readonly partitionIntegerRangeEnd?: unknown;
}

export interface Partition {
  readonly where: Condition;
  /** Its rows depend on the time of the run. */
  readonly movesWithTime: boolean;
}

/**
 * The rows of a partition; undefined when it is disabled.
 * @param now where time windows count back from, epoch milliseconds
 * @throws RecordError for one that is incomplete, or names a column that the table doesn't have
 */
export function partitionOf(
  keys: PartitionKeys | undefined,
  columns: readonly MeasuredColumn[],
  now: number,
  fqn: string,
  dialect?: Pick<MeasureDialect, 'hasNonFinite'>
): Partition | undefined {
  if (keys === undefined || keys.enablePartitioning === false) return undefined;
  const fault = (what: string): RecordError =>
    new RecordError(`The partition of ${fqn} ${what}.`, fqn, { remedy: 'Mend partitionConfig of the table.' });
  const name = keys.partitionColumnName;
  if (typeof name !== 'string') {
    if (keys.partitionIntervalType === undefined) return undefined;
    throw fault('has no partitionColumnName');
  }
  const column =
    columns.find((each) => each.name === name) ??
    columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (column === undefined) throw fault(`is by ${name}, a column that the table has not`);
  switch (keys.partitionIntervalType) {
    case 'COLUMN-VALUE': {
      const values = Array.isArray(keys.partitionValues) ? keys.partitionValues.filter(isScalar) : [];
      if (values.length === 0) throw fault('has no partitionValues');
      const compared = partitionValues(column, values);
      const odd = unlikeColumn(column, compared, dialect);
      if (odd !== undefined)
        throw fault(
          `has ${JSON.stringify(beginning(odd, 60))} among its partitionValues, which is no number, as ${column.name} has (${column.dataType})`
        );
      return { where: { op: 'in', column, values: compared }, movesWithTime: false };
    }
    case 'INTEGER-RANGE': {
      const { partitionIntegerRangeStart: start, partitionIntegerRangeEnd: end } = keys;
      if (typeof start !== 'number' || typeof end !== 'number')
        throw fault('has no partitionIntegerRangeStart and partitionIntegerRangeEnd');
      const bounds: Condition[] = [
        { op: 'compare', column, is: '>=', value: start },
        { op: 'compare', column, is: '<=', value: end },
      ];
      return { where: { op: 'and', of: bounds }, movesWithTime: false };
    }
    case 'TIME-UNIT':
    case 'INGESTION-TIME': {
      const { partitionInterval: interval, partitionIntervalUnit: unit } = keys;
      if (typeof interval !== 'number' || typeof unit !== 'string')
        throw fault('has no partitionInterval and partitionIntervalUnit');
      const time = before(now, interval, unit);
      return { where: { op: 'compare', column, is: '>=', value: { time } }, movesWithTime: true };
    }
    default:
      throw fault(
        `has the partitionIntervalType ${String(keys.partitionIntervalType)}, which is not one of TIME-UNIT, INTEGER-RANGE, INGESTION-TIME, COLUMN-VALUE`
      );
  }
}

/** The time this many units before, in UTC; months and years by the calendar, the last day of a shorter month. */
export function before(now: number, interval: number, unit: string): number {
  const time = new Date(now);
  if (unit === 'HOUR') return now - interval * 3_600_000;
  if (unit === 'DAY') return now - interval * 86_400_000;
  const months = unit === 'YEAR' ? 12 * interval : interval;
  const day = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() - months);
  const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate();
  time.setUTCDate(Math.min(day, last));
  return time.getTime();
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
