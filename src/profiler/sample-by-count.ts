import { countRowsSql, settle, toSample, type Measuring } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

/** The statement that counts the rows on which a dynamic sample depends; undefined where the catalogue knows them. */
export function sampleCountSql(
  { byCount, rows, tooLarge }: TablePlan,
  dialect: Pick<MeasureDialect, 'from'>
): string | undefined {
  return byCount === undefined || tooLarge !== undefined ? undefined : countRowsSql(rows, dialect);
}

/** With the dynamic sample that fits the rows of its partition or query, as they are counted here. */
export async function sampledByCount(
  plan: TablePlan,
  dialect: Pick<MeasureDialect, 'from'>,
  measuring: Pick<Measuring, 'rows'>
): Promise<TablePlan> {
  const sql = sampleCountSql(plan, dialect);
  if (plan.byCount === undefined || sql === undefined) return plan;
  const [row] = await measuring.rows(sql);
  const counted = Number(row?.[0] ?? 0);
  const { setting, randomized, seed } = plan.byCount;
  const chosen = settle(setting, counted);
  const sample = toSample(chosen, randomized, seed);
  return {
    ...plan,
    counted,
    rows: { ...plan.rows, ...(sample === undefined ? {} : { sample }) },
    ...(chosen === undefined ? {} : { profileSample: chosen.profileSample, profileSampleType: chosen.type }),
  };
}
