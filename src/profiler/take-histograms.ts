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

/**
 * One statement for all bins, and one for those of columns whose values lie close together. A column's bins are of one
 * statement, as another one may see other rows.
 * @param most asks that a statement holds
 */
export async function takeHistograms(
  plan: TablePlan,
  values: Values,
  close: readonly CloseColumn[],
  take: { readonly ofValues: Take; readonly ofDifferences: Take; readonly most: number }
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
  const counts = new Map<string, MeasureValue>();
  const ofShares = async (some: readonly Bins[], takeSome: Take): Promise<void> => {
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
    const counted = lower.map((_, at) => numberOf(counts.get(below(column, at))));
    const total = counted.pop();
    if (total === undefined || Number.isNaN(total) || counted.some(Number.isNaN)) continue;
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

/** What is below each bound but the first; the last ask is of all values. */
function asksOf({ column, lower, least, isOpen }: Bins): Ask[] {
  const measured = least === undefined ? column.column : { name: column.column.name, dataType: 'DECIMAL' as const };
  return lower.map((_, at): Ask => {
    const value = lower[at + 1];
    const condition = isOpen ? finiteBelow(measured, value) : someBelow(measured, value);
    return { key: below(column, at), measure: { of: 'countWhere', condition } };
  });
}

function someBelow(column: MeasuredColumn, value: number | undefined): Condition {
  return value === undefined ? { op: 'not', of: { op: 'isNull', column } } : { op: 'compare', column, is: '<', value };
}

function finiteBelow(column: MeasuredColumn, value: number | undefined): Condition {
  const upper: Condition =
    value === undefined
      ? { op: 'compare', column, is: '<=', value: Number.MAX_VALUE }
      : { op: 'compare', column, is: '<', value };
  return { op: 'and', of: [upper, { op: 'compare', column, is: '>=', value: -Number.MAX_VALUE }] };
}

function below(column: ColumnPlan, at: number): string {
  return `below ${at} ${column.column.name}`;
}
