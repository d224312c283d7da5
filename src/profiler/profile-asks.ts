import type { Ask } from '../measures/index.js';
import { comparedAs, type Measure, type MeasureDialect, type MeasureValue } from '../sources/index.js';
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
  | 'finite'
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
export function profileAsks(plan: TablePlan, dialect: FiniteDialect = {}): Ask[] {
  const asks: Ask[] = [{ key: ROWS_KEY, measure: { of: 'rows' } }];
  for (const column of plan.columns) {
    const wanted = new Set(column.metrics.flatMap((metric) => INGREDIENTS[metric] ?? []));
    if (hasNonFinite(column, dialect) && [...wanted].some((each) => !COUNTS.has(each)))
      wanted.add('values').add('finite');
    for (const ingredient of wanted)
      asks.push({ key: keyOf(column, ingredient), measure: measureOf(ingredient, column, plan, dialect) });
  }
  return asks;
}

const COUNTS: ReadonlySet<Ingredient> = new Set(['values', 'finite', 'distinct', 'unique']);

/** Whether a column may hold values that only count: NaN, infinities, texts among numbers. */
function hasNonFinite({ column, kind }: ColumnPlan, dialect: FiniteDialect): boolean {
  return (kind === 'number' || kind === 'time') && dialect.hasNonFinite?.(column) === true;
}

type FiniteDialect = Pick<MeasureDialect, 'hasNonFinite'>;

/** Those that the engine answers from its metadata. */
export function freeAsks(plan: TablePlan, dialect: MeasureDialect): Ask[] {
  return profileAsks(plan, dialect).filter(({ measure }) => dialect.placement(measure, plan.rows) === 'free');
}

/** Whether any metric of a column is made of what costs nothing. */
export function hasFreeMetric(plan: TablePlan, dialect: MeasureDialect): boolean {
  const free = new Set(freeAsks(plan, dialect).map(({ key }) => key));
  return plan.columns.some((column) =>
    column.metrics.some((metric) => {
      const of = INGREDIENTS[metric] ?? [];
      return of.length > 0 && of.every((each) => free.has(keyOf(column, each)));
    })
  );
}

/** @param dialect what it can't hold needs not be left out */
export function measureOf(
  ingredient: Ingredient,
  planned: ColumnPlan,
  plan: TablePlan,
  dialect: FiniteDialect
): Measure {
  const { column, kind } = planned;
  const finite = hasNonFinite(planned, dialect) ? ({ finite: true } as const) : {};
  const amounts = { on: kind === 'text' ? ('length' as const) : ('value' as const), ...finite };
  const exact = isExact(planned) ? ({ exact: true } as const) : {};
  const percentile = (fraction: number): Measure => {
    const { approximatePercentiles: approximate } = plan;
    return { of: 'percentile', column, fraction, approximate, ...amounts, ...exact };
  };
  switch (ingredient) {
    case 'values':
    case 'unique':
      return { of: ingredient, column };
    case 'finite':
      return { of: 'values', column, ...finite };
    case 'distinct':
      return { of: 'distinct', column, approximate: plan.approximateDistinct };
    case 'minLength':
      return { of: 'min', column, on: 'length' };
    case 'maxLength':
      return { of: 'max', column, on: 'length' };
    case 'q1':
      return percentile(0.25);
    case 'median':
      return percentile(0.5);
    case 'q3':
      return percentile(0.75);
    case 'min':
    case 'max':
      return { of: ingredient, column, ...amounts, ...exact };
    default:
      return { of: ingredient, column, ...amounts };
  }
}

/** Its histogram's bounds are decimals, as its values are. */
export function isExact({ column, kind, metrics }: ColumnPlan): boolean {
  return kind === 'number' && comparedAs(column) !== 'float' && metrics.includes('histogram');
}

/** Of the values that aren't only counted. */
export function countOf(column: ColumnPlan, values: ReadonlyMap<string, MeasureValue>): number {
  return numberOf(values.get(keyOf(column, 'finite')) ?? values.get(keyOf(column, 'values')));
}

/** NaN for what is no number. */
export function numberOf(value: MeasureValue | undefined): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN;
}
