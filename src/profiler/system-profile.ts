import type { CreateTableProfileRequest } from '../openmetadata/index.js';
import type { MeasureSource } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Which statements changed the table's rows in the day before the run; nothing if the recipe doesn't ask for it, or the
 * source keeps no history.
 */
export async function systemProfile(
  plan: TablePlan,
  source: Pick<MeasureSource, 'changes'>,
  now: number
): Promise<Pick<CreateTableProfileRequest, 'systemProfile'>> {
  if (!plan.tableMetrics.includes('system') || source.changes === undefined) return {};
  const changes = await source.changes({ from: now - DAY_MS, to: now });
  const profiles = changes(plan.rows.table).map(({ at, operation, rows }) => ({
    timestamp: at,
    operation,
    rowsAffected: rows,
  }));
  return profiles.length === 0 ? {} : { systemProfile: profiles };
}
