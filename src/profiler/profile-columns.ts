import type { Measuring, Ask } from '../measures/index.js';
import type { ColumnProfile } from '../openmetadata/index.js';
import type { MeasureDialect, MeasureValue, RowSet } from '../sources/index.js';
import { composeColumn } from './compose-column.js';
import type { RemeasuredValues } from './remeasure-values.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';
import { takeCategories } from './take-categories.js';
import { takeCustom, type CustomRemarks } from './take-custom.js';
import { takeHistograms } from './take-histograms.js';
import { isUnread, isWithoutValues } from './unread-column.js';

type Values = ReadonlyMap<string, MeasureValue>;

export interface MeasuredColumns {
  readonly plan: TablePlan;
  /** Of the plan's ingredients, as they were measured in the end. */
  readonly values: Values;
  /** What doubles don't hold of these. */
  readonly exact: ReadonlyMap<string, string>;
  readonly remeasured: Pick<RemeasuredValues, 'close' | 'differing'>;
}

export interface ColumnProfiling {
  readonly dialect: MeasureDialect;
  readonly measuring: Measuring;
  readonly timestamp: number;
  /** @param rows the table's if absent */
  readonly take: (asks: readonly Ask[], rows?: RowSet) => Promise<Values>;
  readonly suspects?: ReadonlySet<string> | undefined;
  /** Reasons of what was refused, by key; gets those of what is refused here. */
  readonly problems: Map<string, string>;
  /** Gets what is to be said of custom metrics. */
  readonly custom: CustomRemarks;
}

export interface ProfiledColumns {
  readonly columns: readonly ColumnProfile[];
  /** All that was asked of these was refused. */
  readonly unread: readonly ColumnPlan[];
}

/** Composes the columns' profiles; histograms, categories and custom metrics take statements of their own. */
export async function profileColumns(
  { plan, values, exact, remeasured }: MeasuredColumns,
  { dialect, measuring, timestamp, take, suspects, problems, custom }: ColumnProfiling
): Promise<ProfiledColumns> {
  const histograms = await takeHistograms({ plan, dialect, values, exact }, remeasured.close, {
    ofValues: (asks) => take(asks),
    ofDifferences: (asks) => take(asks, remeasured.differing),
    most: dialect.mostExpressions,
  });
  const known = suspects === undefined ? {} : { suspects };
  const categories = await takeCategories(plan, values, { dialect, measuring, ...known }, problems);
  const columns: ColumnProfile[] = [];
  const unread: ColumnPlan[] = [];
  for (const column of plan.columns) {
    if (column.metrics.length + column.customMetrics.length === 0) continue;
    const profile = {
      ...composeColumn(column, values, timestamp),
      ...histograms.get(column),
      ...categories.get(column),
      ...(await takeCustom(column.customMetrics, measuring, custom)),
    };
    if (isUnread(column, profile, problems)) unread.push(column);
    else columns.push(profile);
  }
  return { columns, unread };
}

/** Profiles of a table that is too large to be read: of what the engine's catalogue tells, at no cost. */
export function countedColumns(plan: TablePlan, values: Values, timestamp: number): ProfiledColumns {
  const columns = plan.columns
    .map((column) => composeColumn(column, values, timestamp))
    .filter((profile) => !isWithoutValues(profile));
  return { columns, unread: [] };
}
