import { Fraction, type Ask } from '../measures/index.js';
import type { ColumnProfile } from '../openmetadata/index.js';
import { comparedAs, type MeasureDialect, type MeasureValue, type Scalar } from '../sources/index.js';
import { differenceKey, type CloseColumn } from './close-together.js';
import { exactBounds, histogramBounds, toHistogram } from './histogram.js';
import { countOf, isExact, keyOf, measureOf, numberOf, type Ingredient } from './profile-asks.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;
type Take = (asks: readonly Ask[]) => Promise<Values>;

/** What is known of the table's columns before their values are counted. */
interface Measured {
  readonly plan: TablePlan;
  readonly dialect: MeasureDialect;
  readonly values: Values;
  /** What doubles don't hold of these. */
  readonly exact: ReadonlyMap<string, string>;
}

interface PlannedBins {
  readonly column: ColumnPlan;
  /** Lower bounds; of differences to `least` where that is there. */
  readonly lower: readonly (number | Fraction)[];
  /** The same as they are compared. */
  readonly compared: readonly Scalar[];
  readonly least?: number | Fraction;
  /** The column may hold infinities. */
  readonly isOpen: boolean;
}

/**
 * One statement for all bins, and one for those of columns whose values lie close together. A column's bins are of one
 * statement, as another one may see other rows.
 * @param most asks that a statement holds
 */
export async function takeHistograms(
  measured: Measured,
  close: readonly CloseColumn[],
  take: { readonly ofValues: Take; readonly ofDifferences: Take; readonly most: number }
): Promise<Map<ColumnPlan, Pick<ColumnProfile, 'histogram'>>> {
  const all = measured.plan.columns
    .filter(({ metrics }) => metrics.includes('histogram'))
    .map((column) =>
      binsOf(
        column,
        measured,
        close.find((each) => each.plan === column)
      )
    );
  const counts = new Map<string, MeasureValue>();
  const ofShares = async (some: readonly PlannedBins[], takeSome: Take): Promise<void> => {
    for (const share of sharesOf(some.map(asksOf), take.most))
      for (const [key, value] of await takeSome(share)) counts.set(key, value);
  };
  await ofShares(
    all.filter(({ least }) => least === undefined),
    take.ofValues
  );
  await ofShares(
    all.filter(({ least }) => least !== undefined),
    take.ofDifferences
  );
  const histograms = new Map<ColumnPlan, Pick<ColumnProfile, 'histogram'>>();
  for (const { column, lower, least } of all) {
    const counted = lower.map((_, at) => numberOf(counts.get(binKey(column, at))));
    if (counted.length === 0 || counted.some(Number.isNaN)) continue;
    histograms.set(column, { histogram: toHistogram(lower, counted, least) });
  }
  return histograms;
}

function binsOf(
  column: ColumnPlan,
  { values, exact, dialect, plan }: Measured,
  close: CloseColumn | undefined
): PlannedBins {
  const isNear = close?.by === 'least';
  const isOpen = values.has(keyOf(column, 'finite'));
  const keyFor = (ingredient: Ingredient, ofDifference: boolean): string =>
    ofDifference ? differenceKey(column, ingredient) : keyOf(column, ingredient);
  const read = (ingredient: Ingredient, ofDifference: boolean): number =>
    numberOf(values.get(keyFor(ingredient, ofDifference)));
  const count = countOf(column, values);
  const own = { column, isOpen, ...(isNear ? { least: read('min', false) } : {}) };
  if (isExact(column)) {
    const whole = (ingredient: Ingredient, ofDifference: boolean): Fraction | undefined => {
      const key = keyFor(ingredient, ofDifference);
      return Fraction.of(exact.get(key) ?? values.get(key));
    };
    const quartile = (ingredient: 'q1' | 'q3'): Fraction | undefined => {
      const measure = measureOf(ingredient, column, plan, dialect);
      // what the engine computes as a double has some digits that are not those of the values
      return dialect.placement(measure, plan.rows) === 'grouped'
        ? whole(ingredient, close !== undefined)
        : Fraction.of(read(ingredient, close !== undefined).toPrecision(15));
    };
    const least = whole('min', false);
    const [min, max] = [isNear ? Fraction.of(0) : least, whole('max', isNear)];
    const [first, third] = [quartile('q1'), quartile('q3')];
    if (min === undefined || max === undefined || least === undefined) return { ...own, lower: [], compared: [] };
    const range = first === undefined || third === undefined ? {} : { interQuartileRange: third.minus(first) };
    const bounds = exactBounds({ count, min, max, ...range });
    // labels are of doubles, or of what is less than these
    if (![least, ...bounds].every(({ double }) => Number.isFinite(double))) return { ...own, lower: [], compared: [] };
    const digits = fractionDigits(column, [min, max, first, third], isOpen, dialect);
    return {
      ...own,
      ...(isNear ? { least } : {}),
      lower: bounds,
      compared: bounds.map((bound) => ({ decimal: bound.ceiling(digits) })),
    };
  }
  const quartiles = [read('q1', close !== undefined), read('q3', close !== undefined)] as const;
  const lower = histogramBounds({
    count,
    min: isNear ? 0 : read('min', false),
    max: read('max', isNear),
    quartiles,
  });
  return { ...own, lower, compared: lower };
}

/**
 * Digits behind the point of what a column's values are compared with: so many that no value lies between a bound and
 * the next number of so many digits.
 * @param holdsFractions its type, even if that is one of whole numbers
 */
function fractionDigits(
  { column }: ColumnPlan,
  [min, max, ...quartiles]: readonly [min: Fraction, max: Fraction, ...quartiles: (Fraction | undefined)[]],
  holdsFractions: boolean,
  { mostDigits: { all, fraction = Infinity, own = 0 } = { all: 38, fraction: 37 } }: MeasureDialect
): number {
  if (!holdsFractions && comparedAs(column) === 'whole') return 0;
  // 0 has no size, whatever lies beside it
  const ends = [min, max].filter((end) => end.compare(ZERO) !== 0);
  if (ends.length === 0) return 0;
  const digits = Math.min(fraction, all - Math.max(...ends.map(({ wholeDigits }) => wholeDigits)));
  // bounds that no value lies on have as many digits as tell them apart
  const apart = fraction - max.minus(min).wholeDigits;
  const ofValues = [min, max, ...quartiles].map((each) => each?.fractionDigits ?? 0);
  return Math.max(0, digits, Math.min(own, Math.max(apart, ...ofValues)));
}

const ZERO = Fraction.of(0) as Fraction;

/** Those of several columns, as many as a statement holds. */
function sharesOf(asks: readonly (readonly Ask[])[], most: number): Ask[][] {
  const shares: Ask[][] = [];
  for (const own of asks) {
    const last = shares.at(-1);
    if (last === undefined || last.length + own.length > most) shares.push([...own]);
    else last.push(...own);
  }
  return shares;
}

function asksOf({ column: planned, compared, least, isOpen }: PlannedBins): Ask[] {
  const { name } = planned.column;
  const column = least === undefined ? planned.column : { name, dataType: 'DECIMAL' as const };
  const bounds = compared.slice(1);
  return compared.map((_, at) => ({
    key: binKey(planned, at),
    measure: { of: 'bin', at, column, bounds, ...(isOpen ? { finite: true } : {}) },
  }));
}

function binKey(column: ColumnPlan, at: number): string {
  return `bin ${at} ${column.column.name}`;
}
