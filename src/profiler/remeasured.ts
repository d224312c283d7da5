import type { Ask } from '../measures/index.js';
import type { MeasureDialect, MeasureValue, RowSet } from '../sources/index.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

/** A column that is measured once more with something else in its place: differences, or multiples of its numbers. */
export interface Remeasured {
  readonly plan: ColumnPlan;
  /** What stands in its place. */
  readonly sql: string;
  /** Its name, as the column's own is that of its differences. */
  readonly as?: string;
  /** What differences are multiplied by: their squares would leave doubles. Values read are divided by it. */
  readonly factor?: number;
  readonly asks: readonly Ask[];
}

/** The table's rows with that in the columns' places: differences and multiples take one statement together. */
export function remeasuredRows(plan: TablePlan, columns: readonly Remeasured[], dialect: MeasureDialect): RowSet {
  const list = columns.map(({ plan: { column }, sql, as, factor }) => {
    return `${factor === undefined ? sql : `(${sql}) * ${factor}`} AS ${dialect.quote(as ?? column.name)}`;
  });
  const from = dialect.from(plan.rows, [...new Set(columns.map(({ plan: { column } }) => column))]);
  return { table: plan.rows.table, isView: plan.rows.isView, query: `SELECT ${list.join(', ')} ${from}` };
}

/** What was read, under its keys. */
export function dividedValues(
  columns: readonly Remeasured[],
  values: ReadonlyMap<string, MeasureValue>
): Map<string, MeasureValue> {
  const divided = new Map(values);
  for (const { factor, asks } of columns) {
    if (factor === undefined) continue;
    for (const { key } of asks) {
      const value = divided.get(key);
      if (typeof value === 'number') divided.set(key, value / factor);
    }
  }
  return divided;
}

const AGAIN: ReadonlySet<string> = new Set(['mean', 'stddev', 'interQuartileRange', 'nonParametricSkew', 'histogram']);

/** Whether values could be such that columns are measured once more: a plan can't know. */
export function mayBeRemeasured({ columns, tooLarge }: TablePlan): boolean {
  return (
    tooLarge === undefined &&
    columns.some(({ kind, metrics }) => kind === 'number' && metrics.some((metric) => AGAIN.has(metric)))
  );
}
