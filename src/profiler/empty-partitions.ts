import { named } from './named.js';

/** A line for the report about the tables of a run whose partition has no rows; undefined if there is none. */
export function emptyPartitions(tables: readonly string[]): string | undefined {
  if (tables.length === 0) return undefined;
  const [its, has] = tables.length === 1 ? ['partition', 'has'] : ['partitions', 'have'];
  return `The ${its} of ${named(tables)} ${has} no rows (partitionConfig).`;
}
