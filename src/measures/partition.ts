import { beginning, RecordError } from '../errors/index.js';
import type { Condition, MeasuredColumn, Scalar } from '../sources/index.js';
import { restoreName } from '../openmetadata/index.js';
import { momentBefore } from './moment-before.js';
import { mayHaveNumbers, mayHaveTimes, valuesOf, type FiniteDialect } from './partition-values.js';

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
 * @param dialect whose numeric columns may hold what is no number, if it says so
 * @param columns by the names that the source has; the partition may have OpenMetadata's
 * @throws RecordError for one that is incomplete, or names a column or values that the table can't have
 */
export function partitionOf(
  keys: PartitionKeys | undefined,
  columns: readonly MeasuredColumn[],
  now: number,
  fqn: string,
  dialect: FiniteDialect = {}
): Partition | undefined {
  if (keys === undefined || keys.enablePartitioning === false) return undefined;
  const fault = (what: string): RecordError =>
    new RecordError(`The partition of ${fqn} ${what}.`, fqn, {
      remedy:
        'Mend partitionConfig of the table in the recipe, or its partition in its profiler settings in OpenMetadata.',
    });
  const name = keys.partitionColumnName;
  if (typeof name !== 'string') {
    if (keys.partitionIntervalType === undefined) return undefined;
    throw fault('has no partitionColumnName');
  }
  const own = restoreName(name);
  const column =
    columns.find((each) => each.name === own) ?? columns.find((each) => each.name.toLowerCase() === own.toLowerCase());
  if (column === undefined) throw fault(`is by ${name}, a column that the table has not`);
  switch (keys.partitionIntervalType) {
    case 'COLUMN-VALUE': {
      const given = Array.isArray(keys.partitionValues) ? keys.partitionValues.filter(isScalar) : [];
      if (given.length === 0) throw fault('has no partitionValues');
      const values = given.map((value) => {
        const found = valuesOf(column, value, dialect);
        if (Array.isArray(found)) return found;
        throw fault(
          `has ${JSON.stringify(typeof value === 'string' ? beginning(value, 60) : value)} among its partitionValues, which ${column.name} (${column.dataType}) can't have; it may have ${found.allowed}`
        );
      });
      const odd = given.find((_, at) => values[at]?.length === 0);
      if (odd !== undefined)
        throw fault(
          `has ${JSON.stringify(beginning(String(odd), 60))} among its partitionValues, which is no number, as ${column.name} has (${column.dataType})`
        );
      return { where: { op: 'in', column, values: values.flat() }, movesWithTime: false };
    }
    case 'INTEGER-RANGE': {
      const [start, end] = [keys.partitionIntegerRangeStart, keys.partitionIntegerRangeEnd].map(wholeNumber);
      if (start === undefined || end === undefined)
        throw fault('has no partitionIntegerRangeStart and partitionIntegerRangeEnd');
      if (!mayHaveNumbers(column, dialect))
        throw fault(
          `is by a range of numbers of ${column.name} (${column.dataType}), which has none; name a column of numbers, or give its values (COLUMN-VALUE)`
        );
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
      if (!mayHaveTimes(column, dialect))
        throw fault(
          `is by the times of ${column.name} (${column.dataType}), which has none; name a column of dates or timestamps, or write the window as a profileQuery`
        );
      const value = momentBefore(now, interval, unit);
      return { where: { op: 'compare', column, is: '>=', value }, movesWithTime: true };
    }
    default:
      throw fault(
        `has the partitionIntervalType ${String(keys.partitionIntervalType)}, which is not one of TIME-UNIT, INTEGER-RANGE, INGESTION-TIME, COLUMN-VALUE`
      );
  }
}

/** As OpenMetadata has it; of more digits than a double holds they are a text. */
function wholeNumber(value: unknown): Scalar | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? { decimal: value } : undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
