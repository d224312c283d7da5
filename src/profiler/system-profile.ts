import type { CreateTableProfileRequest } from '../openmetadata/index.js';
import type { MeasureSource, RowChange } from '../sources/index.js';
import type { UnitTable } from './plan-units.js';
import type { TablePlan } from './table-plan.js';

/** Of units that an earlier release staged. */
const DAY_MS = 24 * 3_600_000;

export interface TableChanges {
  readonly request: Pick<CreateTableProfileRequest, 'systemProfile'>;
  /** Until when all of them were read. */
  readonly until?: number;
}

/**
 * Which statements changed the table's rows in its window, which ends with the run; nothing if the recipe doesn't ask
 * for it, or the source keeps no history.
 */
export async function systemProfile(
  plan: TablePlan,
  source: Pick<MeasureSource, 'changes'>,
  { changesFrom, changesSince }: Pick<UnitTable, 'changesFrom' | 'changesSince'>,
  now: number
): Promise<TableChanges> {
  if (!plan.tableMetrics.includes('system') || source.changes === undefined) return { request: {} };
  const from = changesFrom ?? now - DAY_MS;
  const changes = await source.changes({ from, to: now });
  const systemProfile = asSystemProfile(changes(plan.rows.table), changesSince ?? from);
  return {
    request: systemProfile.length === 0 ? {} : { systemProfile },
    ...(changes.lacksSome === true ? {} : { until: now }),
  };
}

/** @param since what is earlier was put by an earlier run */
export function asSystemProfile(
  changes: readonly RowChange[],
  since: number
): NonNullable<CreateTableProfileRequest['systemProfile']> {
  return changes
    .filter(({ at }) => at >= since)
    .map(({ at, operation, rows }) => ({ timestamp: at, operation, rowsAffected: rows }));
}
