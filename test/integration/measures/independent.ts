/** Measures of a column by plain arithmetic over its values, to hold those of an engine against. */
import { expect } from 'chai';
import type { MeasuredColumn, MeasureValue } from '../../../src/sources/index.js';
import type { Ask } from '../../../src/measures/index.js';

export const FRACTIONS = [0.25, 0.5, 0.75];

/** What is asked of every column here. */
export function asksOf(column: MeasuredColumn, on: 'value' | 'length' | 'nothing'): Ask[] {
  const key = (what: string): string => `${column.name} ${what}`;
  const counts: Ask[] = [
    { key: key('values'), measure: { of: 'values', column } },
    { key: key('distinct'), measure: { of: 'distinct', column } },
    { key: key('unique'), measure: { of: 'unique', column } },
  ];
  if (on === 'nothing') return counts;
  return [
    ...counts,
    ...(['min', 'max', 'sum', 'mean', 'stddev'] as const).map((of): Ask => ({
      key: key(of),
      measure: { of, column, on },
    })),
    ...FRACTIONS.map((fraction): Ask => ({
      key: key(`p${fraction}`),
      measure: { of: 'percentile', column, on, fraction },
    })),
  ];
}

/**
 * @param identity by what two values count as the same;
 * @param amounts the numbers (or lengths) of the non-NULL values
 */
export function expectMeasures(
  values: ReadonlyMap<string, MeasureValue>,
  column: string,
  { identities, amounts }: { identities: readonly string[]; amounts: readonly number[] | undefined }
): void {
  const of = (what: string): MeasureValue | undefined => values.get(`${column} ${what}`);
  const counts = new Map<string, number>();
  for (const identity of identities) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  expect(of('values'), `${column}: values`).to.equal(identities.length);
  expect(of('distinct'), `${column}: distinct`).to.equal(counts.size);
  expect(of('unique'), `${column}: unique`).to.equal([...counts.values()].filter((count) => count === 1).length);
  if (amounts === undefined) return;
  if (amounts.length === 0) {
    for (const what of ['min', 'max', 'sum', 'mean', 'stddev', 'p0.25', 'p0.5', 'p0.75'])
      expect(of(what), `${column}: ${what}`).to.equal(null);
    return;
  }
  const sorted = [...amounts].sort((left, right) => left - right);
  expect(Number(of('min')), `${column}: min`).to.equal(sorted[0]);
  expect(Number(of('max')), `${column}: max`).to.equal(sorted.at(-1));
  const sum = compensatedSum(amounts);
  const mean = sum / amounts.length;
  near(of('sum'), sum, 1e-9, `${column}: sum`);
  near(of('mean'), mean, 1e-9, `${column}: mean`);
  const deviation = Math.sqrt(compensatedSum(amounts.map((amount) => (amount - mean) ** 2)) / amounts.length);
  near(of('stddev'), deviation, 1e-6, `${column}: stddev`);
  for (const fraction of FRACTIONS)
    near(of(`p${fraction}`), percentile(sorted, fraction), 1e-6, `${column}: p${fraction}`);
}

function near(found: MeasureValue | undefined, expected: number, tolerance: number, what: string): void {
  expect(found, what).to.not.equal(null);
  expect(Number(found), what).to.be.closeTo(expected, Math.abs(expected) * tolerance + 1e-12);
}

export function percentile(sorted: readonly number[], fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(position)] ?? NaN;
  const high = sorted[Math.ceil(position)] ?? NaN;
  return low === high ? low : low * (1 - (position % 1)) + high * (position % 1);
}

/** Neumaier's. */
export function compensatedSum(numbers: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return sum + lost;
}
