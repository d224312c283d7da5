import type { Ask } from '../measures/index.js';
import type { Measure, MeasureDialect, MeasuredColumn, MeasureValue } from '../sources/index.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

/** What a metric is computed from. */
const INGREDIENTS: Readonly<Record<string, readonly Ingredient[]>> = {
  valuesCount: ['values'],
  nullCount: ['values'],
  nullProportion: ['values'],
  distinctCount: ['distinct'],
  distinctProportion: ['distinct', 'values'],
  uniqueCount: ['unique'],
  uniqueProportion: ['unique', 'values'],
  duplicateCount: ['values', 'distinct'],
  min: ['min'],
  max: ['max'],
  minLength: ['minLength'],
  maxLength: ['maxLength'],
  mean: ['mean'],
  sum: ['sum'],
  // the smallest and the largest value show whether doubles are fine enough (close-together.ts)
  stddev: ['stddev', 'min', 'max'],
  firstQuartile: ['q1'],
  median: ['median'],
  thirdQuartile: ['q3'],
  interQuartileRange: ['q1', 'q3', 'min', 'max'],
  nonParametricSkew: ['mean', 'median', 'stddev', 'min', 'max'],
  histogram: ['values', 'min', 'max', 'q1', 'q3'],
  cardinalityDistribution: ['values', 'distinct'],
};

export type Ingredient =
  | 'values'
  | 'distinct'
  | 'unique'
  | 'min'
  | 'max'
  | 'minLength'
  | 'maxLength'
  | 'mean'
  | 'sum'
  | 'stddev'
  | 'q1'
  | 'median'
  | 'q3';

/** The key of the table's own COUNT(*), over the same rows as everything else. */
export const ROWS_KEY = 'rows';

export function keyOf(column: ColumnPlan, ingredient: Ingredient): string {
  return `${ingredient} ${column.column.name}`;
}

/** Everything needed to compute the plan's metrics, each once. */
export function profileAsks(plan: TablePlan): Ask[] {
  const asks: Ask[] = [{ key: ROWS_KEY, measure: { of: 'rows' } }];
  for (const column of plan.columns) {
    const wanted = new Set(column.metrics.flatMap((metric) => INGREDIENTS[metric] ?? []));
    for (const ingredient of wanted)
      asks.push({ key: keyOf(column, ingredient), measure: measureOf(ingredient, column, plan) });
  }
  return asks;
}

/** Those that the engine answers from its metadata. */
export function freeAsks(plan: TablePlan, dialect: MeasureDialect): Ask[] {
  return profileAsks(plan).filter(({ measure }) => dialect.placement(measure, plan.rows) === 'free');
}

export function measureOf(ingredient: Ingredient, { column, kind }: ColumnPlan, plan: TablePlan): Measure {
  const on = kind === 'text' ? 'length' : 'value';
  switch (ingredient) {
    case 'values':
    case 'unique':
      return { of: ingredient, column };
    case 'distinct':
      return { of: 'distinct', column, approximate: plan.approximateDistinct };
    case 'minLength':
      return { of: 'min', column, on: 'length' };
    case 'maxLength':
      return { of: 'max', column, on: 'length' };
    case 'q1':
      return percentile(column, on, 0.25, plan);
    case 'median':
      return percentile(column, on, 0.5, plan);
    case 'q3':
      return percentile(column, on, 0.75, plan);
    default:
      return { of: ingredient, column, on };
  }
}

function percentile(
  column: MeasuredColumn,
  on: 'length' | 'value',
  fraction: number,
  { approximatePercentiles }: TablePlan
): Measure {
  return { of: 'percentile', column, on, fraction, approximate: approximatePercentiles };
}

/** NaN for what is no number. */
export function numberOf(value: MeasureValue | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}
