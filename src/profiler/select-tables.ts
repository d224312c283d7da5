import { PermanentError } from '../errors/index.js';
import {
  restoreName,
  type OpenMetadataClient,
  type ProfiledTableRecord,
  type ProfilerContainerRecord,
} from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import { profilerFilters } from './profiler-filters.js';

export interface SelectionInput {
  readonly client: Pick<OpenMetadataClient, 'profiles'>;
  readonly recipe: ProfilerRecipe;
  readonly signal: AbortSignal;
  /** Called for each database, schema or table that is left out. @param reason which part of the recipe */
  readonly onFiltered: (fqn: string, reason: string) => void | Promise<void>;
}

/** Tables of one schema that the recipe selects. */
export interface SelectedSchema {
  readonly database: ProfilerContainerRecord;
  readonly schema: ProfilerContainerRecord;
  /** Names in the source. */
  readonly names: { readonly database: string; readonly schema: string };
  readonly tables: AsyncIterable<ProfiledTableRecord>;
}

/**
 * The service's tables in the catalog that the recipe selects, schema by schema.
 * @throws PermanentError when no database is selected: it says which there are
 */
export async function* selectSchemas(input: SelectionInput): AsyncGenerator<SelectedSchema> {
  const { client, recipe, signal, onFiltered } = input;
  const filters = profilerFilters(recipe);
  const seen: string[] = [];
  let selected = 0;
  for await (const page of client.profiles.databases(recipe.source.serviceName, { signal })) {
    for (const database of page) {
      seen.push(database.name);
      const leftOut = await filters.database(database);
      if (leftOut !== undefined) {
        await onFiltered(database.fullyQualifiedName, leftOut);
        continue;
      }
      selected += 1;
      for await (const schemaPage of client.profiles.schemas(database.fullyQualifiedName, { signal })) {
        for (const schema of schemaPage) {
          const reason = await filters.schema(schema);
          if (reason === undefined) yield selectedSchema(input, database, schema);
          else await onFiltered(schema.fullyQualifiedName, reason);
        }
      }
    }
  }
  if (selected === 0) throw noDatabase(recipe.source.serviceName, seen);
}

function selectedSchema(
  input: SelectionInput,
  database: ProfilerContainerRecord,
  schema: ProfilerContainerRecord
): SelectedSchema {
  return {
    database,
    schema,
    names: { database: restoreName(database.name), schema: restoreName(schema.name) },
    tables: selectTables(input, schema.fullyQualifiedName),
  };
}

async function* selectTables(
  { client, recipe, signal, onFiltered }: SelectionInput,
  schema: string
): AsyncGenerator<ProfiledTableRecord> {
  const { tableFilterPattern, useFqnForFiltering } = recipe.source.sourceConfig.config;
  const filters = profilerFilters(recipe);
  const pattern = serverPattern(tableFilterPattern, useFqnForFiltering);
  for await (const page of client.profiles.tables(schema, pattern, { signal })) {
    for (const table of page) {
      const reason = await filters.table(table);
      if (reason === undefined) yield table;
      else await onFiltered(table.fullyQualifiedName, reason);
    }
  }
}

/** For the server, which then sends no others; several patterns become one. */
function serverPattern(
  pattern: { readonly includes?: readonly string[]; readonly excludes?: readonly string[] } | undefined,
  byFqn: boolean
): { regex: string; mode: 'include' | 'exclude'; byFqn: boolean } | undefined {
  const mode = (pattern?.includes ?? []).length > 0 ? 'include' : 'exclude';
  const patterns = mode === 'include' ? pattern?.includes : pattern?.excludes;
  if (patterns === undefined || patterns.length === 0) return undefined;
  return { regex: patterns.map((each) => `(${each})`).join('|'), mode, byFqn };
}

function noDatabase(service: string, seen: readonly string[]): PermanentError {
  const names = seen.slice(0, 10).join(', ');
  const found =
    seen.length === 0
      ? `OpenMetadata has no database of the service ${service}`
      : `databaseFilterPattern leaves out ${seen.length === 1 ? 'the only database' : `all ${seen.length} databases`} of ${service}: ${names}`;
  return new PermanentError(`${found}.`, {
    where: 'source.sourceConfig.config.databaseFilterPattern',
    remedy: seen.length === 0 ? 'Run the metadata recipe of this service first.' : 'Mend the pattern.',
  });
}
