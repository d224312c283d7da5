import type { ProfiledTableRecord } from '../../openmetadata/index.js';
import { profilerFilters, profilerSelection } from '../../profiler/index.js';
import type { ProfilerRecipe } from '../../recipe/index.js';
import { selectionWays, type FilterWay } from '../run/filter-way.js';

/** Which filters of a profiler recipe apply to an entity. @param table as the catalog has it, if it does */
export function profilerWays(
  recipe: ProfilerRecipe,
  names: readonly string[],
  table?: ProfiledTableRecord
): Promise<FilterWay[]> {
  const selection = profilerSelection(recipe);
  return selectionWays(selection, names, async (database, schema, name) =>
    table === undefined
      ? [
          { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
          { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
        ]
      : [{ as: 'it is', reason: await profilerFilters(recipe).table(table) }]
  );
}
