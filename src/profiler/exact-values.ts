import type { Ask } from '../measures/index.js';
import type { MeasureValue } from '../sources/index.js';
import { isNoNumber } from './unlike-catalog.js';

/**
 * What was measured with all digits, as doubles: metrics are published as such.
 * @param exact gets the digits that a double doesn't hold, under the same keys
 */
export function asDoubles(
  asks: readonly Ask[],
  values: ReadonlyMap<string, MeasureValue>,
  exact: Map<string, string>
): Map<string, MeasureValue> {
  const doubles = new Map(values);
  for (const { key, measure } of asks) {
    const value = values.get(key);
    // a whole number of hundreds of digits is none, as a decimal is
    if (typeof value === 'bigint' && !Number.isFinite(Number(value))) doubles.set(key, null);
    if (typeof value !== 'string' || !('exact' in measure) || measure.exact !== true) continue;
    // of a column that is none of numbers any more
    if (isNoNumber(value)) continue;
    const number = Number(value);
    doubles.set(key, Number.isFinite(number) ? number : null);
    if (Number.isFinite(number)) exact.set(key, value);
  }
  return doubles;
}
