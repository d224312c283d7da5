import { createHash } from 'node:crypto';
import type { TablePlan } from './table-plan.js';

/**
 * Equal for two plans that measure the same for the same rows; leaves out what the run's own time decides, and
 * estimated rows.
 */
export function planHash(plan: TablePlan): string {
  const byCount = plan.byCount === undefined ? undefined : { ...plan.byCount, seed: 0 };
  const { rows, tooLarge, ...rest } = { ...plan, byCount, unsized: undefined };
  const sample = rows.sample === undefined ? undefined : { ...rows.sample, seed: 0 };
  return createHash('sha256')
    .update(
      JSON.stringify(
        { ...rest, tooLarge: tooLarge !== undefined, rows: { ...rows, sample } },
        (key, value: unknown) => {
          // of a window that moves with time
          if (plan.movesWithTime && (key === 'time' || key === 'from')) return 0;
          // of a partition, in whatever order
          return key === 'values' && Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value;
        }
      )
    )
    .digest('hex')
    .slice(0, 16);
}
