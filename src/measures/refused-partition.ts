import { NoSuchColumn, PermanentError } from '../errors/index.js';
import type { Condition } from '../sources/index.js';
import { conditionColumns } from './measure-statement.js';

/**
 * A source's refusal of rows of a partition, with what to look at: it may be about a value that only the source can
 * read. One that says itself what to do stays.
 */
export function refusedPartition(error: Error, fqn: string, where: Condition): Error {
  if (!(error instanceof PermanentError) || error instanceof NoSuchColumn || error.remedy !== undefined) return error;
  const columns = conditionColumns(where);
  const by = columns === 'all' ? '' : ` by ${[...new Set(columns.map(({ name }) => name))].join(', ')}`;
  return new PermanentError(`The rows of the partition of ${fqn}${by} can't be read: ${error.message}`, {
    remedy:
      'If that is about its column or its values, mend partitionConfig of the table in the recipe, or its partition in its profiler settings in OpenMetadata.',
  });
}
