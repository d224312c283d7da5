import { entityFqn } from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import type { Selection } from '../sources/index.js';
import { profilerFilters } from './profiler-filters.js';

/** What a profiler recipe's patterns select in a source, by names alone: only the catalog knows classifications. */
export function profilerSelection(recipe: Pick<ProfilerRecipe, 'source'>): Selection {
  const filters = profilerFilters(recipe);
  const named = (...names: readonly [string, ...string[]]): { name: string; fullyQualifiedName: string } => ({
    name: names.at(-1) ?? '',
    fullyQualifiedName: entityFqn(recipe.source.serviceName, ...names),
  });
  return {
    database: (name) => filters.database(named(name)),
    schema: (database, name) => filters.schema(named(database, name)),
    table: (database, schema, name, kind) =>
      filters.table({ ...named(database, schema, name), tableType: kind === 'view' ? 'View' : undefined }),
    procedure: () => 'procedures are not profiled',
  };
}
