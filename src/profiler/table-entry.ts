import { splitFqn } from '../openmetadata/index.js';
import type { ContainerEntry, ProfilerRecipe, TableEntry } from '../recipe/index.js';

/** What the recipe says of a table: its own entry, else that of its schema, else that of its database. */
export function entryFor({ processor }: ProfilerRecipe, fqn: string): TableEntry | ContainerEntry | undefined {
  const config = processor?.config;
  const [service = '', database = '', schema = ''] = splitFqn(fqn);
  const named = <T extends { readonly fullyQualifiedName: string }>(
    entries: readonly T[] | undefined,
    parts: readonly string[]
  ): T | undefined => entries?.find((each) => splitFqn(each.fullyQualifiedName).join('\0') === parts.join('\0'));
  return (
    named(config?.tableConfig, splitFqn(fqn)) ??
    named(config?.schemaConfig, [service, database, schema]) ??
    named(config?.databaseConfig, [service, database])
  );
}
