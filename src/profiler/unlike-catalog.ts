import type { MeasureValue } from '../sources/index.js';
import { METRICS_OF_KIND } from './column-kind.js';
import { named } from './named.js';
import { keyOf } from './profile-asks.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

const VALUES = ['min', 'max', 'q1', 'median', 'q3'] as const;

/**
 * Columns that OpenMetadata has as numbers and that hold texts or times by now, as their type was changed behind the
 * metadata run: what an engine makes of those as numbers is no metric of theirs, so they are only counted.
 * @param values as they were measured
 */
export function onlyCounted(
  plan: TablePlan,
  values: ReadonlyMap<string, MeasureValue>
): { readonly plan: TablePlan; readonly remark?: string } {
  const isUnlike = (column: ColumnPlan): boolean =>
    column.kind === 'number' && VALUES.some((each) => isNoNumber(values.get(keyOf(column, each))));
  const unlike = plan.columns.filter(isUnlike);
  if (unlike.length === 0) return { plan };
  const counted = (column: ColumnPlan): ColumnPlan => ({
    ...column,
    kind: 'counts',
    metrics: column.metrics.filter((metric) => METRICS_OF_KIND.counts.has(metric)),
  });
  const names = named(unlike.map(({ catalogName }) => catalogName));
  return {
    plan: { ...plan, columns: plan.columns.map((column) => (isUnlike(column) ? counted(column) : column)) },
    remark: `columns that hold no numbers in the source although OpenMetadata says so are only counted: ${names}. Run the metadata workflow, which brings their new type`,
  };
}

/** Decimals with all their digits, NaN and infinities come as texts too. */
export function isNoNumber(value: MeasureValue | undefined): boolean {
  return typeof value === 'string' && Number.isNaN(Number(value)) && !/^[-+]?(nan|inf)/i.test(value);
}
