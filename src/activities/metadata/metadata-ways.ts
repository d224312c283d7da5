import { makeSelection } from '../../metadata/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import { selectionWays, type FilterWay } from '../run/filter-way.js';

/** Which filters of a metadata recipe apply to an entity. @param names below the service, as the source has them */
export function metadataWays({ source }: MetadataRecipe, names: readonly string[]): Promise<FilterWay[]> {
  const selection = makeSelection(source.serviceName, source.sourceConfig.config);
  return selectionWays(selection, names, async (database, schema, name) => [
    { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
    { as: 'as procedure', reason: await selection.procedure(database, schema, name) },
  ]);
}
