import { AuthenticationError, PermanentError, StatementTimeout } from '../errors/index.js';
import type { Measuring } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { INGREDIENTS } from './describe-problems.js';
import { keyOf } from './profile-asks.js';
import type { ProfiledTable } from './profile-table.js';
import { readSampleData, type SampleData } from './sample-data.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

export interface ShownRows {
  readonly sampleData?: SampleData;
  /** Why there are none. */
  readonly failure?: string;
}

/**
 * Rows to show of a table that is measured, without columns that the source refuses: neither these nor the rows cost
 * it its profile.
 * @throws what the source says, of a table of which the rows are all that is wanted
 */
export async function shownRows(
  plan: TablePlan,
  profile: Pick<ProfiledTable, 'request' | 'missing' | 'isNothing'>,
  dialect: MeasureDialect,
  measuring: Measuring
): Promise<ShownRows> {
  const measured = new Set(profile.request.columnProfile?.map(({ name }) => name));
  const isRead = (column: ColumnPlan): boolean =>
    measured.has(column.catalogName) || !INGREDIENTS.some((each) => profile.missing.has(keyOf(column, each)));
  const { sampleData: wanted } = plan;
  const columns = wanted?.columns.filter(isRead) ?? [];
  if (wanted !== undefined && columns.length === 0) return { sampleData: { columns: [], rows: [] } };
  const readable = wanted === undefined ? plan : { ...plan, sampleData: { ...wanted, columns } };
  try {
    const sampleData = await readSampleData(readable, dialect, measuring);
    return sampleData === undefined ? {} : { sampleData };
  } catch (error) {
    const isOfRows = error instanceof PermanentError || error instanceof StatementTimeout;
    if (!isOfRows || error instanceof AuthenticationError || profile.isNothing === true) throw error;
    return { failure: `Its rows can't be shown: ${error.describe()}` };
  }
}
