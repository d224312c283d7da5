import type { Ask } from '../measures/index.js';
import type { MeasureDialect, RowSet } from '../sources/index.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

/** A column that is measured once more with something else in its place: differences, or multiples of its numbers. */
export interface Remeasured {
  readonly plan: ColumnPlan;
  /** What stands in its place. */
  readonly sql: string;
  readonly asks: readonly Ask[];
}

/** The table's rows with that in the columns' places: differences and multiples take one statement together. */
export function remeasuredRows(plan: TablePlan, columns: readonly Remeasured[], dialect: MeasureDialect): RowSet {
  const list = columns.map(({ plan: { column }, sql }) => `${sql} AS ${dialect.quote(column.name)}`);
  const from = dialect.from(
    plan.rows,
    columns.map(({ plan: { column } }) => column)
  );
  return { table: plan.rows.table, isView: plan.rows.isView, query: `SELECT ${list.join(', ')} ${from}` };
}

const AGAIN: ReadonlySet<string> = new Set(['mean', 'stddev', 'interQuartileRange', 'nonParametricSkew', 'histogram']);

/** Whether values could be such that columns are measured once more: a plan can't know. */
export function mayBeRemeasured({ columns, tooLarge }: TablePlan): boolean {
  return (
    tooLarge === undefined &&
    columns.some(({ kind, metrics }) => kind === 'number' && metrics.some((metric) => AGAIN.has(metric)))
  );
}
