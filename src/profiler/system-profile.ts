import type { CreateTableProfileRequest } from '../openmetadata/index.js';
import type { MeasureSource, RowChange } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

/**
 * Which statements changed the table's rows in a window that ends with the run; nothing if the recipe doesn't ask for
 * it, or the source keeps no history.
 */
export async function systemProfile(
  plan: TablePlan,
  source: Pick<MeasureSource, 'changes'>,
  window: { readonly from: number; readonly to: number }
): Promise<Pick<CreateTableProfileRequest, 'systemProfile'>> {
  if (!plan.tableMetrics.includes('system') || source.changes === undefined) return {};
  const changes = await source.changes(window);
  const profiles = asSystemProfile(changes(plan.rows.table));
  return profiles.length === 0 ? {} : { systemProfile: profiles };
}

export function asSystemProfile(
  changes: readonly RowChange[]
): NonNullable<CreateTableProfileRequest['systemProfile']> {
  return changes.map(({ at, operation, rows }) => ({ timestamp: at, operation, rowsAffected: rows }));
}
