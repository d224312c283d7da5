/** A column's profile by plain arithmetic over its values, to hold that of an engine against. */
import { expect } from 'chai';
import { PROFILE_METRICS } from '../../../src/recipe/index.js';
import { compensatedSum } from '../measures/independent.js';

export interface IndependentColumn {
  readonly kind: 'number' | 'text' | 'time' | 'counts';
  /** By which two values count as the same; NULLs among them. */
  readonly identities: readonly (string | null)[];
  /**
   * The numbers as decimal texts, or the lengths of texts, of the values that are not NULL; of times their ISO texts.
   */
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
  const exact = amounts.map(scaled);
  const measured = values === 0 ? {} : amountsOf(exact);
  if (kind === 'number') return { ...tally, ...measured, ...boundsOf(exact), ...histogramOf(exact) };
  const lengths = values === 0 ? {} : { minLength: Math.min(...numbers), maxLength: Math.max(...numbers) };
  return { ...tally, ...measured, ...lengths, ...categoriesOf(counts, values) };
}

/** Decimals that are exact, as whole numbers. */
const SCALE = 30;

function scaled(amount: number | string): bigint {
  const [mantissa = '', power = '0'] = String(amount).toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(`${whole}${fraction}${'0'.repeat(SCALE + Number(power) - fraction.length)}`);
}

/** A number, exact if it is whole. */
function unscaled(amount: bigint): number | bigint {
  const whole = amount / 10n ** BigInt(SCALE);
  const number = Number(`${amount}e-${SCALE}`);
  return whole * 10n ** BigInt(SCALE) !== amount || Number.isSafeInteger(number) ? number : whole;
}

/** Less the smallest one: what is left is exact enough as doubles. */
function differences(exact: readonly bigint[]): { amounts: number[]; least: bigint } {
  const least = exact.reduce((left, right) => (right < left ? right : left), exact[0] ?? 0n);
  return { amounts: exact.map((each) => Number(`${each - least}e-${SCALE}`)), least };
}

function boundsOf(exact: readonly bigint[]): Profile {
  const sorted = [...exact].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const [least, most] = [sorted[0], sorted.at(-1)];
  return least === undefined || most === undefined ? {} : { min: unscaled(least), max: unscaled(most) };
}

function amountsOf(exact: readonly bigint[]): Profile & { readonly interQuartileRange: number } {
  const { amounts: numbers, least } = differences(exact);

  const mean = compensatedSum(numbers) / numbers.length;
  const stddev = Math.sqrt(compensatedSum(numbers.map((each) => (each - mean) ** 2)) / numbers.length);
  const sorted = [...exact].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const [first = 0n, median = 0n, third = 0n] = [1, 2, 3].map((quarter) => quarterOf(sorted, quarter));
  const sum = exact.reduce((left, right) => left + right, 0n);
  const exactMean = sum / BigInt(exact.length);
  return {
    ...{ min: number(least), max: number(sorted.at(-1) ?? 0n), sum: number(sum) },
    ...{ mean: number(exactMean), stddev, interQuartileRange: number(third - first) },
    ...{ firstQuartile: number(first), median: number(median), thirdQuartile: number(third) },
    ...(stddev === 0 ? {} : { nonParametricSkew: number(exactMean - median) / stddev }),
  };
}

/** percentile_cont, exact. */
function quarterOf(sorted: readonly bigint[], quarter: number): bigint {
  const position = quarter * (sorted.length - 1);
  const [low = 0n, high = low] = sorted.slice(Math.floor(position / 4), Math.floor(position / 4) + 2);
  return low + ((high - low) * BigInt(position % 4)) / 4n;
}

function number(amount: bigint): number {
  return Number(`${amount}e-${SCALE}`);
}

/** Frequencies only: the labels have a test of their own. Freedman and Diaconis, else Sturges. */
function histogramOf(exact: readonly bigint[]): { histogram?: readonly number[] } {
  const sorted = differences(exact).amounts.sort((left, right) => left - right);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  if (sorted.length === 0 || least === most) return {};
  const { interQuartileRange: range } = exact.length === 0 ? { interQuartileRange: 0 } : amountsOf(exact);
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
