import type { MeasureDialect, MeasureValue } from '../sources/index.js';
import type { CloseColumn } from './close-together.js';
import { DOWN, LARGE, LITTLE, UP } from './double-ranges.js';
import { keyOf, measureOf, numberOf, type Ingredient } from './profile-asks.js';
import type { Asked } from './refused-before.js';
import type { Remeasured } from './remeasured.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;

/** Numbers so large or so small that their sums or squares leave doubles: mean and stddev are measured of multiples. */
export interface ScaledColumn {
  readonly plan: ColumnPlan;
  /** A power of two, so that no digit is lost. */
  readonly factor: number;
  readonly wanted: readonly (typeof MEASURED)[number][];
  /** Its name in the statement, where the column's own is that of its differences. */
  readonly as?: string;
}

/** Nothing but a double, in every engine: for sums that doubles hold and the column's own type does not. */
const SLIGHTLY = 2 ** -60;
/** The square of a number below may be 0 as a double, or have lost digits. */
const SMALL = 1e-140;
const MEASURED = ['mean', 'stddev', 'sum'] as const;
/** Any of these shows that a column has values. */
const SHOWING = ['finite', 'values', 'min'] as const;
const NONE: ReadonlySet<string> = new Set();

/**
 * @param close columns whose differences are measured
 * @param values as they were measured first
 * @param unasked keys that were not asked for of the values themselves
 */
export function scaledColumns(
  plan: TablePlan,
  values: Values,
  close: readonly CloseColumn[],
  unasked = NONE
): ScaledColumn[] {
  return plan.columns.flatMap((column, at): ScaledColumn[] => {
    if (column.kind !== 'number') return [];
    const difference = close.find((each) => each.plan === column);
    // the deviation is that of the differences
    const wanted = wantedOf(column, unasked).filter((each) => each !== 'stddev' || difference?.by !== 'least');
    const own = difference === undefined ? {} : { as: `om_multiple_${at}` };
    const [least, most] = [numberOf(values.get(keyOf(column, 'min'))), numberOf(values.get(keyOf(column, 'max')))];
    const size = Math.max(Math.abs(least), Math.abs(most));
    // a sum that left doubles on the way may be one all the same
    const isSumLost = column.metrics.includes('sum') && !wanted.includes('sum') && isEmpty(values, column, 'sum');
    const all = isSumLost ? ([...wanted, 'sum'] as const) : wanted;
    const made = (factor: number): ScaledColumn => ({ plan: column, factor, wanted: all, ...own });
    if (wanted.includes('stddev') && least !== most && size > 0 && size < SMALL) return [made(UP)];
    const isMissing = wanted.some((each) => isEmpty(values, column, each));
    const hasValues = SHOWING.some((each) => {
      const value = values.get(keyOf(column, each));
      return value !== undefined && value !== null && value !== 0;
    });
    return isMissing && hasValues && !isZero(values, column) ? [made(factorFor(size))] : [];
  });
}

/**
 * What is expected to be measured of multiples as it was refused before: not of a column all of which was refused,
 * which then shows no values.
 */
export function expectedMultiples(
  { columns }: TablePlan,
  { first, ofMultiples }: Asked,
  refused: ReadonlySet<string>
): string[] {
  const answered = new Set(first.flatMap(({ key }) => (refused.has(key) ? [] : [key])));
  return columns
    .filter((column) => SHOWING.some((each) => answered.has(keyOf(column, each))))
    .flatMap((column) => MEASURED.map((each) => keyOf(column, each)).filter((key) => ofMultiples.has(key)));
}

/** @param size of the largest; NaN when it isn't known */
function factorFor(size: number): number {
  if (size > 0 && size < LITTLE) return UP;
  return size < LARGE ? SLIGHTLY : DOWN;
}

/** Sums only where they were left out: a sum that is lost alone costs no statement. */
function wantedOf(column: ColumnPlan, unasked: ReadonlySet<string>): readonly (typeof MEASURED)[number][] {
  const has = (...names: readonly string[]): boolean => names.some((name) => column.metrics.includes(name));
  return [
    ...(has('mean', 'nonParametricSkew') ? (['mean'] as const) : []),
    ...(has('stddev', 'nonParametricSkew') ? (['stddev'] as const) : []),
    ...(unasked.has(keyOf(column, 'sum')) ? (['sum'] as const) : []),
  ];
}

function isEmpty(values: Values, column: ColumnPlan, ingredient: Ingredient): boolean {
  const value = values.get(keyOf(column, ingredient));
  return value === undefined || value === null;
}

/** No value is a finite number: then there is nothing to measure. */
function isZero(values: Values, column: ColumnPlan): boolean {
  return values.get(keyOf(column, 'finite')) === 0;
}

export function multiplesOf(plan: TablePlan, scaled: readonly ScaledColumn[], dialect: MeasureDialect): Remeasured[] {
  return scaled.map(({ plan: planned, factor, wanted, as }) => {
    const { column } = planned;
    const multiple: ColumnPlan = { ...planned, column: { name: as ?? column.name, dataType: 'DOUBLE' } };
    return {
      plan: planned,
      ...(as === undefined ? {} : { as }),
      sql: dialect.scaled(column, factor),
      asks: wanted.map((ingredient) => ({
        key: multipleKey(planned, ingredient),
        measure: measureOf(ingredient, multiple, plan, dialect),
      })),
    };
  });
}

export function multipleKey(column: ColumnPlan, ingredient: Ingredient): string {
  return `multiple ${keyOf(column, ingredient)}`;
}

/** Keys of what multiples tell, and no double holds. */
export function beyondDoubles(scaled: readonly ScaledColumn[], measured: Values): Set<string> {
  return new Set(
    scaled.flatMap(({ plan: column, factor, wanted }) =>
      wanted
        .filter((ingredient) => {
          const multiple = numberOf(measured.get(multipleKey(column, ingredient)));
          return Number.isFinite(multiple) && !Number.isFinite(multiple / factor);
        })
        .map((ingredient) => keyOf(column, ingredient))
    )
  );
}

/** What was measured of multiples, under the keys of the values themselves; only what a double holds. */
export function unscaled(scaled: readonly ScaledColumn[], measured: Values): Map<string, number> {
  return new Map(
    scaled.flatMap(({ plan: column, factor }) =>
      MEASURED.flatMap((ingredient): [string, number][] => {
        const value = numberOf(measured.get(multipleKey(column, ingredient))) / factor;
        return Number.isFinite(value) ? [[keyOf(column, ingredient), value]] : [];
      })
    )
  );
}
