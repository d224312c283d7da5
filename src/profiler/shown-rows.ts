import { isRefusal, PermanentError, StatementTimeout } from '../errors/index.js';
import { probeSql, readColumns, unsampled, type Measuring } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { describeFailure } from './describe-failure.js';
import { INGREDIENTS } from './describe-problems.js';
import { named } from './named.js';
import { keyOf } from './profile-asks.js';
import type { ProfiledTable } from './profile-table.js';
import { readSampleData, type SampleData } from './sample-data.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

export interface ShownRows {
  readonly sampleData?: SampleData;
  /** Why there are none. */
  readonly failure?: string;
  /** What else the report says. */
  readonly remarks: readonly string[];
  /** Keys of columns that the source refuses, for the next run: the one to be tried first comes first. */
  readonly suspects: readonly string[];
}

/**
 * Rows to show of a table that is measured, without columns that the source refuses: neither these nor the rows cost
 * it its profile. Columns that earlier runs were refused are left out while the first of them is refused. None is asked
 * for of a table that was counted and has no row.
 * @param suspects keys of what was refused before
 * @throws what the source says, of a table of which the rows are all that is wanted
 */
export async function shownRows(
  plan: TablePlan,
  profile: Pick<ProfiledTable, 'request' | 'missing' | 'isNothing' | 'rows'>,
  { dialect, measuring, suspects = new Set() }: ReadingRows
): Promise<ShownRows> {
  const measured = new Set(profile.request.columnProfile?.map(({ name }) => name));
  const isRead = (column: ColumnPlan): boolean =>
    measured.has(column.catalogName) || !INGREDIENTS.some((each) => profile.missing.has(keyOf(column, each)));
  const { sampleData: wanted } = plan;
  const columns = wanted?.columns.filter(isRead) ?? [];
  const nothing = { remarks: [], suspects: [] };
  if (wanted !== undefined && columns.length > 0 && plan.rows.sample === undefined && profile.rows === 0)
    return {
      ...{ sampleData: { columns: columns.map(({ catalogName }) => catalogName), rows: [] }, remarks: [] },
      suspects: [...suspects].filter((key) => columns.some((column) => shownKey(column) === key)),
    };
  if (wanted !== undefined && columns.length === 0) return { sampleData: { columns: [], rows: [] }, ...nothing };
  const read = (some: readonly ColumnPlan[]): Promise<SampleData | undefined> =>
    readSampleData(
      wanted === undefined ? plan : { ...plan, sampleData: { ...wanted, columns: some } },
      dialect,
      measuring
    );
  const probe = (): Promise<unknown> => measuring.rows(probeSql(dialect, unsampled(plan.rows)));
  try {
    const before = await refusedStill(columns, suspects, read);
    const asked = columns.filter((column) => !before.includes(column));
    const { answer, refused } = await readColumns(asked, read, {
      isRefusal,
      probe,
      nameOf: ({ column }) => column.name,
    });
    const lacking = [...before, ...refused.keys()];
    const [reason] = refused.values();
    const why = reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`;
    return {
      ...(answer === undefined ? {} : { sampleData: answer }),
      remarks:
        lacking.length === 0
          ? []
          : [
              `its rows are shown without ${named(lacking.map(({ catalogName }) => catalogName))}, as the source refuses that${why}`,
            ],
      suspects: lacking.map(shownKey),
    };
  } catch (error) {
    const isOfRows = error instanceof PermanentError || error instanceof StatementTimeout;
    if (!isOfRows || profile.isNothing === true) throw error;
    return { failure: `Its rows can't be shown: ${describeFailure(error, 'mend what the table reads')}`, ...nothing };
  }
}

/** What rows are read with. */
export interface ReadingRows {
  readonly dialect: MeasureDialect;
  readonly measuring: Measuring;
  readonly suspects?: ReadonlySet<string>;
}

/** Columns that were refused before, as long as the first of them is; the one tried now comes last. */
async function refusedStill(
  columns: readonly ColumnPlan[],
  suspects: ReadonlySet<string>,
  read: (some: readonly ColumnPlan[]) => Promise<unknown>
): Promise<readonly ColumnPlan[]> {
  const [turn, ...others] = [...suspects].flatMap((key) => columns.find((column) => shownKey(column) === key) ?? []);
  if (turn === undefined || others.length + 1 === columns.length) return [];
  try {
    await read([turn]);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [...others, turn];
  }
}

function shownKey({ column }: ColumnPlan): string {
  return `shown ${column.name}`;
}
