import type { CardinalityDistribution } from '../openmetadata/index.js';

/**
 * A value that isn't among the first ones (as many as this) is only a category if it has this share of all values, in
 * percent.
 */
const FIRST = 5;
const LEAST_PERCENT = 2;
/** At most this many values can have 2 %; the database isn't asked for more. */
export const MOST_CATEGORIES = 100 / LEAST_PERCENT;
/** Of a category's name: a value may have megabytes. */
export const MOST_CHARACTERS = 256;

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
  const counts = [...kept.map(([, count]) => count), ...(rest > 0 ? [rest] : [])];
  const names = new Set<string>();
  for (const [value] of kept) names.add(freeName(shortened(value), names));
  if (rest > 0) names.add(freeName('Others', names));
  return {
    categories: [...names],
    counts,
    percentages: counts.map((count) => Math.round((10_000 * count) / total) / 100),
  };
}

function shortened(value: string): string {
  if (value.length <= MOST_CHARACTERS) return value;
  const characters = [...value];
  return characters.length <= MOST_CHARACTERS ? value : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** With a number behind it if that is a category: of cut values, or of the rest where `Others` is a value. */
function freeName(wanted: string, names: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; names.has(name); number += 1) name = `${wanted} (${number})`;
  return name;
}
