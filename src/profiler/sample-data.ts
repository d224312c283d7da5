import { listRowsSql, shownCell, unsampled, type Measuring, type ShownCell } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import type { TablePlan } from './table-plan.js';

export interface SampleData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ShownCell[])[];
}

/** The statement that reads some rows of the table; undefined if none are wanted. */
export function sampleDataSql({ sampleData, rows }: TablePlan, dialect: MeasureDialect): string | undefined {
  if (sampleData === undefined) return undefined;
  const columns = sampleData.columns.map(({ column }) => column);
  return listRowsSql(dialect, unsampled(rows), { columns, limit: sampleData.rows });
}

/**
 * Some rows of the table; no columns and no rows where none may be shown any more, which replaces what OpenMetadata
 * has. Undefined if none are wanted.
 */
export async function readSampleData(
  plan: TablePlan,
  dialect: MeasureDialect,
  measuring: Measuring
): Promise<SampleData | undefined> {
  const sql = sampleDataSql(plan, dialect);
  if (sql === undefined) return plan.emptiesSample === true ? { columns: [], rows: [] } : undefined;
  const { columns = [] } = plan.sampleData ?? {};
  const rows = await measuring.rows(sql);
  return {
    columns: columns.map(({ catalogName }) => catalogName),
    rows: rows.map((row) => row.map((cell, index) => shownCell(cell, columns[index]?.column, dialect))),
  };
}
