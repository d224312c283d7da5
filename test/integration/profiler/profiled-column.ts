import { Measuring } from '../../../src/measures/index.js';
import { profileTable, type ProfiledTable } from '../../../src/profiler/index.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import type { MeasuredColumn } from '../../../src/sources/index.js';
import type { Engine } from '../data-quality/engines.js';

/** The plan of a table of which some metrics of one column of numbers are asked for. */
export function planOfColumn(engine: Engine, table: string, column: MeasuredColumn, metrics: string[]): TablePlan {
  return {
    ...{ id: '1', fqn: `s.${table}`, tableMetrics: [], customMetrics: [] },
    rows: { table: engine.ref(table), isView: false },
    columns: [{ column, catalogName: column.name, kind: 'number', metrics, customMetrics: [] }],
    ...{ approximatePercentiles: false, approximateDistinct: false, movesWithTime: false },
  };
}

/** @param suspects what earlier runs were refused */
export async function profiledOn(
  { source, context }: Engine,
  plan: TablePlan,
  suspects: readonly string[] = []
): Promise<ProfiledTable> {
  const session = await source.session(context);
  try {
    return await profileTable(plan, {
      ...{ dialect: source.dialect, measuring: new Measuring(session, { signal: context.signal }) },
      ...{ facts: { table: plan.rows.table.table, isView: false }, timestamp: 1, suspects: new Set(suspects) },
    });
  } finally {
    await session.close();
  }
}
