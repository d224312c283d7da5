import { isRefusal, PermanentError } from '../errors/index.js';
import { columnsSql, conditionColumns, refusedPartition, type Measuring } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { named } from './named.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

export interface QueriedPlan {
  readonly plan: TablePlan;
  /** Which columns the query lacks; undefined when it has all that are wanted. */
  readonly lacking?: string;
}

/**
 * The plan with what its profileQuery has; one statement that reads no row, where there is a profileQuery. A column is
 * found by its name, in any case.
 * @throws PermanentError when the query can't be run, or lacks the column of the partition
 */
export async function queriedColumns(
  plan: TablePlan,
  dialect: MeasureDialect,
  measuring: Measuring
): Promise<QueriedPlan> {
  const { rows, fqn } = plan;
  if (rows.query === undefined) return { plan };
  const given = await measuring.columns(columnsSql(dialect, rows));
  const own = new Set(plan.columns.map(({ column }) => column.name));
  const find = (name: string): string | undefined =>
    given.find((each) => each === name) ??
    given.find((each) => each.toLowerCase() === name.toLowerCase() && !own.has(each));
  const cut = rows.where === undefined ? [] : conditionColumns(rows.where);
  for (const { name } of cut === 'all' ? [] : cut)
    if (find(name) === undefined)
      throw new PermanentError(`the partition of ${fqn} is by ${name}, and the query has ${named(given)}`);
  const shown = new Set(plan.sampleData?.columns.map(({ catalogName }) => catalogName));
  const lacking: string[] = [];
  const found = new Map<string, ColumnPlan>();
  const columns = plan.columns.map((column): ColumnPlan => {
    const name = find(column.column.name);
    if (name !== undefined) {
      const here = { ...column, column: { ...column.column, name } };
      found.set(column.catalogName, here);
      return here;
    }
    if (column.metrics.length > 0 || shown.has(column.catalogName)) lacking.push(column.catalogName);
    return { ...column, metrics: [] };
  });
  const { sampleData, ...rest } = plan;
  const rowsShown = sampleData?.columns.flatMap(({ catalogName }) => found.get(catalogName) ?? []) ?? [];
  return {
    plan: {
      ...rest,
      columns,
      ...(sampleData === undefined
        ? {}
        : rowsShown.length === 0
          ? { emptiesSample: true as const }
          : { sampleData: { ...sampleData, columns: rowsShown } }),
    },
    ...(lacking.length === 0
      ? {}
      : { lacking: `its profileQuery lacks ${named(lacking)}, not measured; it has ${named(given)}` }),
  };
}

/**
 * Says where a statement that fails comes from.
 * @throws what `work` throws; of a plan with a profileQuery, the source's refusals with its name, and of one with a
 * partition those that nobody else explains
 */
export async function namingQuery<T>({ rows, fqn }: TablePlan, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (rows.query !== undefined)
      throw new PermanentError(`The profileQuery of ${fqn} can't be used: ${error.message}`, {
        remedy: "Mend profileQuery, in the recipe's tableConfig or in the table's profiler settings in OpenMetadata.",
      });
    if (rows.where === undefined) throw error;
    throw refusedPartition(error, fqn, rows.where);
  }
}
