import { makeSelection } from '../../metadata/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import { leftOutAbove, type FilterWay } from '../run/filter-way.js';

/** By which filters of a metadata recipe an entity goes. @param names below the service, as the source has them */
export async function metadataWays({ source }: MetadataRecipe, names: readonly string[]): Promise<FilterWay[]> {
  const selection = makeSelection(source.serviceName, source.sourceConfig.config);
  const [database = '', schema, name] = names;
  const above =
    leftOutAbove('database', database, await selection.database(database)) ??
    (schema === undefined ? undefined : leftOutAbove('schema', schema, await selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  return [
    { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
    { as: 'as procedure', reason: await selection.procedure(database, schema, name) },
  ];
}
