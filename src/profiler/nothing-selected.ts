import type { ProfiledTableRecord } from '../openmetadata/index.js';
import { named, NAMED } from './named.js';
import { profilerFilters } from './profiler-filters.js';
import type { SelectionInput } from './select-tables.js';

/**
 * What the catalog has where the patterns select no table: its schemas, or the tables of those that are selected.
 *
 * @param views that the patterns select, and includeViews leaves out
 */
export async function nothingSelected(
  { client, recipe, signal }: Pick<SelectionInput, 'client' | 'recipe' | 'signal'>,
  views: readonly string[] = []
): Promise<string> {
  if (views.length > 0) {
    const [kind, they] = views.length === 1 ? ['a view', 'it is'] : ['views', 'they are'];
    return `The filter patterns select no table, only ${kind}, and views are left out (includeViews: false): ${named(views)}. With includeViews: true ${they} profiled.`;
  }
  const filters = profilerFilters(recipe);
  const schemas: string[] = [];
  let more = 0;
  const selected: string[] = [];
  for await (const databases of client.profiles.databases(recipe.source.serviceName, { signal }))
    for (const database of databases) {
      const isIn = (await filters.database(database)) === undefined;
      for await (const page of client.profiles.schemas(database.fullyQualifiedName, { signal }))
        for (const schema of page) {
          if (isIn) schemas.push(schema.fullyQualifiedName);
          else more += 1;
          if (isIn && (await filters.schema(schema)) === undefined) selected.push(schema.fullyQualifiedName);
        }
    }
  if (selected.length === 0) {
    const elsewhere = more === 0 ? '' : ` Those that databaseFilterPattern leaves out have ${more}.`;
    const found = schemas.length === 0 ? 'none: run the metadata recipe first' : named(schemas);
    return `The filter patterns select no schema. The databases that are selected have the schemas ${found}.${elsewhere}`;
  }
  const tables: ProfiledTableRecord[] = [];
  for (const schema of selected) {
    // one more than are shown
    if (tables.length > NAMED) break;
    for await (const page of client.profiles.tables(schema, undefined, { signal })) {
      tables.push(...page);
      if (tables.length > NAMED) break;
    }
  }
  if (tables.length === 0)
    return `The catalog has no table in the schemas that are selected: ${named(selected)}. Run the metadata recipe first.`;
  const shown: string[] = [];
  for (const table of tables.slice(0, NAMED))
    shown.push(`${table.fullyQualifiedName} (${(await filters.table(table)) ?? 'selected'})`);
  const others = tables.length > NAMED ? ' and more' : '';
  return `The filter patterns select no table. The schemas that are selected have ${shown.join(', ')}${others}.`;
}
