import type { CardinalityDistribution } from '../openmetadata/index.js';

/**
 * A value that isn't among the first ones (as many as this) is only a category if it has this share of all values, in
 * percent.
 */
const FIRST = 5;
const LEAST_PERCENT = 2;
/** At most this many values can have 2 %; the database isn't asked for more. */
export const MOST_CATEGORIES = 100 / LEAST_PERCENT;

/**
 * The most frequent values and one category for the rest.
 * @param top values by descending count; @param total values that are not NULL; @param distinct distinct ones among
 * them
 */
export function cardinalityDistribution(
  top: readonly (readonly [value: string, count: number])[],
  total: number,
  distinct: number
): CardinalityDistribution | undefined {
  // of a column that can't be read the number isn't known either
  if (!(total > 0)) return undefined;
  if (distinct === total) return { allValuesUnique: true };
  const kept = top.filter(([, count], at) => at < FIRST || (100 * count) / total >= LEAST_PERCENT);
  const rest = total - kept.reduce((sum, [, count]) => sum + count, 0);
  const all = rest > 0 ? [...kept, [restName(kept.map(([value]) => value)), rest] as const] : kept;
  return {
    categories: all.map(([value]) => value),
    counts: all.map(([, count]) => count),
    percentages: all.map(([, count]) => Math.round((10_000 * count) / total) / 100),
  };
}

/** `Others`, or another name if that is a value. */
function restName(values: readonly string[]): string {
  let name = 'Others';
  for (let number = 2; values.includes(name); number += 1) name = `Others (${number})`;
  return name;
}
