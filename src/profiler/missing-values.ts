import type { ColumnProfile } from '../openmetadata/index.js';
import type { MeasureValue } from '../sources/index.js';
import { differenceKey } from './close-together.js';
import { named } from './named.js';
import { countOf, keyOf, numberOf, type Ingredient } from './profile-asks.js';
import { multipleKey } from './scale-columns.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;

const AMOUNTS: readonly (readonly [metric: keyof ColumnProfile, ...of: Ingredient[]])[] = [
  ...([
    ['min', 'min'],
    ['max', 'max'],
    ['mean', 'mean'],
    ['sum', 'sum'],
    ['stddev', 'stddev'],
  ] as const),
  ...([
    ['firstQuartile', 'q1'],
    ['median', 'median'],
    ['thirdQuartile', 'q3'],
  ] as const),
  ...([
    ['interQuartileRange', 'q1', 'q3'],
    ['nonParametricSkew', 'mean', 'median', 'stddev'],
  ] as const),
];

const REASON = 'beyond what OpenMetadata holds, a double';
const TOO_LITTLE = 'its values lie closer together than a double tells';

/**
 * Metrics that are asked for and have no value although the column has values and the source refused nothing.
 * @param exact digits that doubles don't hold, by the same keys as `values`
 * @returns keys with reasons, as problems of what was asked
 */
export function missingValues(
  plan: TablePlan,
  values: Values,
  profiles: readonly ColumnProfile[],
  problems: ReadonlyMap<string, string>,
  exact: ReadonlyMap<string, string> = new Map()
): Map<string, string> {
  const missing = new Map<string, string>();
  // what costs something wasn't asked for, and the report says so
  if (plan.tooLarge !== undefined) return missing;
  for (const column of plan.columns) {
    const profile = profiles.find(({ name }) => name === column.catalogName);
    const least = values.get(keyOf(column, 'min'));
    const isEmpty = !(countOf(column, values) > 0) && (least === undefined || least === null);
    if (profile === undefined || isEmpty) continue;
    for (const [metric, ...of] of AMOUNTS) {
      if (!column.metrics.includes(metric) || profile[metric] !== undefined) continue;
      const isKnown = of.some((each) =>
        [keyOf, differenceKey, multipleKey].some((key) => problems.has(key(column, each)))
      );
      const [first] = of;
      // nothing lies on either side of the mean
      const hasNoWidth = metric === 'nonParametricSkew' && numberOf(values.get(keyOf(column, 'stddev'))) === 0;
      // but for the double that it is; of texts that differ, all may have one length, and NaN is a value of its own
      const isOfNumbers = column.kind === 'number' && countOf(column, values) === valuesOf(column, values);
      const differ =
        exact.get(keyOf(column, 'min')) !== exact.get(keyOf(column, 'max')) ||
        (isOfNumbers && numberOf(values.get(keyOf(column, 'distinct'))) > 1);
      if (!isKnown && (!hasNoWidth || differ))
        missing.set(
          of.length === 1 && first !== undefined ? keyOf(column, first) : `${metric} of ${column.catalogName}`,
          hasNoWidth ? TOO_LITTLE : REASON
        );
    }
    if (lacksHistogram(column, profile, values) && !hasProblem(column, problems))
      missing.set(`histogram of ${column.catalogName}`, REASON);
  }
  return missing;
}

function valuesOf(column: ColumnPlan, values: Values): number {
  return numberOf(values.get(keyOf(column, 'values')));
}

/** One of equal values is none: its ends are known, and the same. */
function lacksHistogram(column: ColumnPlan, profile: ColumnProfile, values: Values): boolean {
  if (!column.metrics.includes('histogram') || profile.histogram !== undefined || !(countOf(column, values) > 0))
    return false;
  const [least, most] = (['min', 'max'] as const).map((each) => numberOf(values.get(keyOf(column, each))));
  return least !== most || !Number.isFinite(least);
}

/** The report names already what a histogram needs, or its bins. */
function hasProblem({ column }: ColumnPlan, problems: ReadonlyMap<string, string>): boolean {
  return [...problems.keys()].some(
    (key) => key.endsWith(` ${column.name}`) && !/^(mean|sum|stddev|multiple) /.test(key)
  );
}

/** Which columns have values that only count; undefined when there are none. */
export function leftOutValues(plan: TablePlan, values: Values): string | undefined {
  const some = plan.columns.flatMap((column: ColumnPlan) => {
    const all = numberOf(values.get(keyOf(column, 'values')));
    const left = all - numberOf(values.get(keyOf(column, 'finite')));
    return left > 0 ? [`${column.catalogName} (${left} of ${all})`] : [];
  });
  if (some.length === 0) return undefined;
  return `values that are no finite numbers or times (NaN, infinity, a text among numbers) are in the counts alone: ${named(some)}`;
}
