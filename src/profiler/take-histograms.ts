import type { Ask } from '../measures/index.js';
import type { ColumnProfile } from '../openmetadata/index.js';
import type { Condition, MeasuredColumn, MeasureValue } from '../sources/index.js';
import { differenceKey, type CloseColumn } from './close-together.js';
import { histogramBounds, toHistogram } from './histogram.js';
import { countOf, keyOf, numberOf } from './profile-asks.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;
type Take = (asks: readonly Ask[]) => Promise<Values>;

interface Bins {
  readonly column: ColumnPlan;
  /** Lower bounds; of differences to `least` where that is there. */
  readonly lower: readonly number[];
  readonly least?: number;
  /** The column may hold infinities. */
  readonly isOpen: boolean;
}

/** One statement for all bins, and one for those of columns whose values lie close together. */
export async function takeHistograms(
  plan: TablePlan,
  values: Values,
  close: readonly CloseColumn[],
  take: { readonly ofValues: Take; readonly ofDifferences: Take }
): Promise<Map<ColumnPlan, Pick<ColumnProfile, 'histogram'>>> {
  const all = plan.columns
    .filter(({ metrics }) => metrics.includes('histogram'))
    .map((column) =>
      binsOf(
        column,
        values,
        close.find((each) => each.plan === column)
      )
    );
  const counts = new Map([
    ...(await take.ofValues(asksOf(all.filter(({ least }) => least === undefined)))),
    ...(await take.ofDifferences(asksOf(all.filter(({ least }) => least !== undefined)))),
  ]);
  const histograms = new Map<ColumnPlan, Pick<ColumnProfile, 'histogram'>>();
  for (const { column, lower, least } of all) {
    const counted = lower.slice(1).map((_, at) => numberOf(counts.get(below(column, at))));
    if (lower.length === 0 || counted.some(Number.isNaN)) continue;
    const total = countOf(column, values);
    histograms.set(column, { histogram: toHistogram(lower, counted, total, least) });
  }
  return histograms;
}

function binsOf(column: ColumnPlan, values: Values, close: CloseColumn | undefined): Bins {
  const read = (ingredient: 'min' | 'max' | 'q1' | 'q3', exact = close !== undefined): number =>
    numberOf(values.get(exact ? differenceKey(column, ingredient) : keyOf(column, ingredient)));
  const isNear = close?.by === 'least';
  const range = read('q3') - read('q1');
  const lower = histogramBounds({
    count: countOf(column, values),
    min: isNear ? 0 : read('min', false),
    max: read('max', isNear),
    ...(Number.isNaN(range) ? {} : { interQuartileRange: range }),
  });
  return {
    column,
    lower,
    isOpen: values.has(keyOf(column, 'finite')),
    ...(isNear ? { least: read('min', false) } : {}),
  };
}

function asksOf(bins: readonly Bins[]): Ask[] {
  return bins.flatMap(({ column, lower, least, isOpen }) => {
    const measured = least === undefined ? column.column : { name: column.column.name, dataType: 'DECIMAL' as const };
    return lower.slice(1).map((value, at): Ask => ({
      key: below(column, at),
      measure: {
        of: 'countWhere',
        condition: isOpen ? finiteBelow(measured, value) : { op: 'compare', column: measured, is: '<', value },
      },
    }));
  });
}

function finiteBelow(column: MeasuredColumn, value: number): Condition {
  const bounds = [
    { op: 'compare', column, is: '<', value },
    { op: 'compare', column, is: '>=', value: -Number.MAX_VALUE },
  ] as const;
  return { op: 'and', of: bounds };
}

function below(column: ColumnPlan, at: number): string {
  return `below ${at} ${column.column.name}`;
}
