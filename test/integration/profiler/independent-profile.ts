/** A column's profile by plain arithmetic over its values, to hold that of an engine against. */
import { expect } from 'chai';
import { PROFILE_METRICS } from '../../../src/recipe/index.js';
import { compensatedSum, percentile } from '../measures/independent.js';

export interface IndependentColumn {
  readonly kind: 'number' | 'text' | 'time' | 'counts';
  /** By which two values count as the same; NULLs among them. */
  readonly identities: readonly (string | null)[];
  /** The numbers, or the lengths of texts, of the values that are not NULL; of times their ISO texts. */
  readonly amounts: readonly (number | string)[];
}

type Profile = Readonly<Record<string, unknown>>;

/** Relative; what is not named is exact. */
const TOLERANCES: Readonly<Record<string, number>> = {
  ...{ sum: 1e-9, mean: 1e-9, nullProportion: 1e-12, distinctProportion: 1e-12, uniqueProportion: 1e-12 },
  ...{ stddev: 1e-6, firstQuartile: 1e-6, median: 1e-6, thirdQuartile: 1e-6, interQuartileRange: 1e-6 },
  nonParametricSkew: 1e-5,
};

/** @param found as it is published; every metric there is must be in it with the right value, or be rightly missing */
export function expectProfile(found: Profile, column: IndependentColumn, what: string): void {
  const expected = profileOf(column);
  for (const metric of PROFILE_METRICS) {
    const [value, due] = [found[metric], expected[metric]];
    const tolerance = TOLERANCES[metric];
    if (typeof due === 'number' && tolerance !== undefined) {
      expect(value, `${what}: ${metric}`).to.be.a('number');
      expect(value, `${what}: ${metric}`).to.be.closeTo(due, Math.abs(due) * tolerance + 1e-12);
    } else if (metric === 'histogram') {
      const { boundaries, frequencies } = (value ?? {}) as { boundaries?: string[]; frequencies?: number[] };
      expect(frequencies, `${what}: histogram`).to.deep.equal(due);
      expect(boundaries?.length, `${what}: one label a bin`).to.equal(frequencies?.length);
    } else expect(value, `${what}: ${metric}`).to.deep.equal(due);
  }
}

function profileOf({ kind, identities, amounts }: IndependentColumn): Profile {
  const present = identities.filter((each) => each !== null);
  const counts = new Map<string, number>();
  for (const each of present) counts.set(each, (counts.get(each) ?? 0) + 1);
  const [rows, values, distinct] = [identities.length, present.length, counts.size];
  const unique = [...counts.values()].filter((count) => count === 1).length;
  const tally = {
    ...{ valuesCount: values, nullCount: rows - values, distinctCount: distinct, uniqueCount: unique },
    duplicateCount: values - distinct,
    ...(rows === 0 ? {} : { nullProportion: (rows - values) / rows }),
    ...(values === 0 ? {} : { distinctProportion: distinct / values, uniqueProportion: unique / values }),
  };
  if (kind === 'counts') return tally;
  if (kind === 'time') {
    const sorted = [...amounts].map(String).sort();
    return { ...tally, ...(values === 0 ? {} : { min: sorted[0], max: sorted.at(-1) }) };
  }
  const numbers = amounts.map(Number);
  const measured = values === 0 ? {} : amountsOf(numbers);
  if (kind === 'number') return { ...tally, ...measured, ...histogramOf(numbers) };
  const lengths = values === 0 ? {} : { minLength: Math.min(...numbers), maxLength: Math.max(...numbers) };
  return { ...tally, ...measured, ...lengths, ...categoriesOf(counts, values) };
}

function amountsOf(numbers: readonly number[]): Profile {
  const sorted = [...numbers].sort((left, right) => left - right);
  const sum = compensatedSum(numbers);
  const mean = sum / numbers.length;
  const stddev = Math.sqrt(compensatedSum(numbers.map((each) => (each - mean) ** 2)) / numbers.length);
  const [first = NaN, median = NaN, third = NaN] = [0.25, 0.5, 0.75].map((part) => percentile(sorted, part));
  return {
    ...{ min: sorted[0], max: sorted.at(-1), sum, mean, stddev },
    ...{ firstQuartile: first, median, thirdQuartile: third, interQuartileRange: third - first },
    ...(stddev === 0 ? {} : { nonParametricSkew: (mean - median) / stddev }),
  };
}

/** Frequencies only: the labels have a test of their own. Freedman and Diaconis, else Sturges. */
function histogramOf(numbers: readonly number[]): { histogram?: readonly number[] } {
  const sorted = [...numbers].sort((left, right) => left - right);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  if (sorted.length === 0 || least === most) return {};
  const range = percentile(sorted, 0.75) - percentile(sorted, 0.25);
  let width = range === 0 ? 1 : (2 * range) / Math.cbrt(sorted.length);
  let bins = Math.ceil((most - least) / width);
  if (bins > 100) {
    bins = Math.min(100, Math.ceil(Math.log2(sorted.length) + 1));
    width = (most - least) / bins;
  }
  const lower = Array.from({ length: bins }, (_, at) => least + at * width);
  return {
    histogram: lower.map(
      (bound, at) => sorted.filter((each) => each >= bound && each < (lower[at + 1] ?? Infinity)).length
    ),
  };
}

/** Values with 2 % at least or among the first five, the rest in one. */
function categoriesOf(counts: ReadonlyMap<string, number>, total: number): Profile {
  if (total === 0) return {};
  if (counts.size === total) return { cardinalityDistribution: { allValuesUnique: true } };
  const sorted = [...counts].sort(
    ([left, most], [right, more]) => more - most || Buffer.compare(Buffer.from(left), Buffer.from(right))
  );
  const kept = sorted.filter(([, count], at) => at < 5 || count / total >= 0.02);
  const rest = total - kept.reduce((sum, [, count]) => sum + count, 0);
  const all: (readonly [string, number])[] = rest === 0 ? kept : [...kept, ['Others (2)', rest]];
  return {
    cardinalityDistribution: {
      categories: all.map(([value]) => value),
      counts: all.map(([, count]) => count),
      percentages: all.map(([, count]) => Math.round((1e4 * count) / total) / 100),
    },
  };
}
