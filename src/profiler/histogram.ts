import { Fraction } from '../measures/index.js';
import type { Histogram } from '../openmetadata/index.js';

/** Most bins. */
const MOST_BINS = 100;

export interface HistogramFacts {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** Absent: Sturges's width is used. */
  readonly quartiles?: readonly [first: number, third: number];
}

/**
 * The lower bounds of a histogram's bins: `[bound, next bound)`, the last one open. The width is Freedman and
 * Diaconis's, 2·IQR·n^(−1/3) (1 when IQR is 0); if that makes more than 100 bins, or IQR isn't known, there are
 * Sturges's ceil(log2 n + 1), 100 at most.
 * @returns none when all values are equal, or the bounds aren't finite
 */
export function histogramBounds({ count, min, max, quartiles }: HistogramFacts): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max || count < 1) return [];
  const factor = factorOf(min, max);
  const least = min * factor;
  const span = max * factor - least;
  let width = quartiles === undefined ? undefined : widthOf(count, quartiles, factor);
  let bins = width === undefined ? Infinity : Math.ceil(span / width);
  if (width === undefined || bins > MOST_BINS) {
    bins = Math.min(MOST_BINS, Math.ceil(Math.log2(count) + 1));
    width = span / bins;
  }
  const bounds = [min];
  for (let bin = 1; bin < bins; bin += 1) {
    const bound = (least + bin * width) / factor;
    // bins that are narrower than a double can distinguish become one
    if (bound !== bounds.at(-1)) bounds.push(bound);
  }
  return bounds;
}

/**
 * What numbers are multiplied by while their bins are computed: a power of two, so that twice their distance is a
 * double, and parts of it are some.
 */
function factorOf(min: number, max: number): number {
  const span = max - min;
  if (span > 2 ** 1000) return 2 ** -8;
  return span < 2 ** -900 ? 2 ** 100 : 1;
}

/** @returns undefined where a quartile isn't known */
function widthOf(count: number, [first, third]: readonly [number, number], factor: number): number | undefined {
  const range = third * factor - first * factor;
  if (!Number.isFinite(range)) return undefined;
  return range === 0 ? factor : 2 * range * count ** (-1 / 3);
}

export interface ExactFacts {
  readonly count: number;
  readonly min: Fraction;
  readonly max: Fraction;
  readonly interQuartileRange?: Fraction;
}

/** The same of whole numbers and decimals, without loss: a value that lies on a bound is not below it. */
export function exactBounds({ count, min, max, interQuartileRange }: ExactFacts): Fraction[] {
  const span = max.minus(min);
  if (span.compare(ZERO) <= 0 || !(count >= 1)) return [];
  let width = interQuartileRange === undefined ? undefined : exactWidth(count, interQuartileRange);
  let bins = width === undefined ? Infinity : Number(span.over(width).ceiling(0));
  if (width === undefined || bins > MOST_BINS) {
    bins = Math.min(MOST_BINS, Math.ceil(Math.log2(count) + 1));
    width = span.over(whole(bins));
  }
  const bounds = [min];
  for (let bin = 1; bin < bins; bin += 1) bounds.push(min.plus(width.times(whole(bin))));
  return bounds;
}

function exactWidth(count: number, range: Fraction): Fraction {
  if (range.compare(ZERO) <= 0) return whole(1);
  const root = Math.round(Math.cbrt(count));
  const twice = range.times(whole(2));
  // any other root has digits without end, and no value lies on its bounds
  return twice.over(root ** 3 === count ? whole(root) : (Fraction.of(Math.cbrt(count)) ?? whole(root)));
}

function whole(number: number): Fraction {
  return Fraction.of(number) ?? ZERO;
}

const ZERO = Fraction.of(0) as Fraction;

/**
 * @param frequencies for each bound: how many values lie from it up to the next
 * @param least what the bounds are counted from, where they would all look alike without it
 */
export function toHistogram(
  bounds: readonly (number | Fraction)[],
  frequencies: readonly number[],
  least?: number | Fraction
): Histogram {
  const label = (bound: number | Fraction): string =>
    least === undefined ? shortNumber(bound) : `${shortNumber(least)} + ${shortNumber(bound)}`;
  return {
    boundaries: bounds.map((bound, at) => {
      const next = bounds[at + 1];
      return next === undefined ? `${label(bound)} and up` : `${label(bound)} to ${label(next)}`;
    }),
    frequencies,
  };
}

const UNITS = ['', 'K', 'M', 'B', 'T'];

/** Smaller ones lose digits as doubles, or are 0. */
const LEAST = 1e-300;

/**
 * `0`, `-5.000`, `0.500`, `1.235M`; above trillions `1.200e18`; three significant digits for what three decimals don't
 * show.
 */
export function shortNumber(given: number | Fraction): string {
  const value = typeof given === 'number' ? given : given.double;
  if (typeof given !== 'number' && given.compare(ZERO) !== 0 && Math.abs(value) < LEAST) return given.exponential;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.001) return value.toExponential(3);
  let power = Math.max(0, Math.floor(Math.log10(size) / 3));
  if (Number((size / 1000 ** power).toFixed(3)) >= 1000) power += 1;
  const scaled = (value / 1000 ** power).toFixed(3);
  const unit = UNITS[power];
  return unit === undefined ? `${scaled}e${3 * power}` : `${scaled}${unit}`;
}
