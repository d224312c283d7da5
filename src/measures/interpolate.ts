import { Fraction } from './fraction.js';
import type { Cell, MeasureValue } from '../sources/index.js';

/**
 * percentile_cont: linear interpolation at position `fraction × (total − 1)` (from 0) of the ascending values.
 * @param low the value at the whole position below, `high` the one above
 * @returns null when there are no values, or when they aren't finite numbers
 */
export function interpolate(fraction: number, total: number, low: Cell, high: Cell): number | null {
  const value = between(fraction, total, low, high);
  return value === null || !Number.isFinite(value) ? null : value;
}

function between(fraction: number, total: number, low: Cell, high: Cell): number | null {
  if (low === null || high === null) return null;
  const [from, to] = [Number(low), Number(high)];
  const position = fraction * (total - 1);
  const share = position - Math.floor(position);
  return from === to || share === 0 ? from : from * (1 - share) + to * share;
}

/** The same of decimals, as text with all digits; infinities and NaN as text, too. */
export function interpolateExactly(fraction: number, total: number, low: Cell, high: Cell): MeasureValue {
  const [from, to, part, steps] = [low, high, fraction, total - 1].map((each) => Fraction.of(each));
  if (from === undefined || to === undefined || part === undefined || steps === undefined) {
    const value = between(fraction, total, low, high);
    return value === null || Number.isFinite(value) ? value : String(value);
  }
  const position = part.times(steps);
  const whole = Fraction.of(Math.floor(Number(position.text)));
  return whole === undefined ? null : from.plus(to.minus(from).times(position.minus(whole))).text;
}
