import type { ProfiledTableRecord } from '../../openmetadata/index.js';
import { profilerFilters, profilerSelection } from '../../profiler/index.js';
import type { ProfilerRecipe } from '../../recipe/index.js';
import { leftOutAbove, type FilterWay } from '../run/filter-way.js';

/** By which filters of a profiler recipe an entity goes. @param table as the catalog has it, where it has */
export async function profilerWays(
  recipe: ProfilerRecipe,
  names: readonly string[],
  table?: ProfiledTableRecord
): Promise<FilterWay[]> {
  const selection = profilerSelection(recipe);
  const [database = '', schema, name] = names;
  const above =
    leftOutAbove('database', database, await selection.database(database)) ??
    (schema === undefined ? undefined : leftOutAbove('schema', schema, await selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  if (table !== undefined) return [{ as: 'it is', reason: await profilerFilters(recipe).table(table) }];
  return [
    { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
  ];
}
