import { nameFilter } from '../filters/index.js';
import { makeSelection } from '../metadata/index.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import { profilerFilters, profilerSelection } from '../profiler/index.js';
import type { Recipe, RecipeOf } from '../recipe/index.js';

/**
 * What a recipe's filters say of an entity, in one sentence; undefined for recipes that filter no tables.
 * @param names below the service, as the source has them
 * @param table as the catalog has it; of profiler recipes
 */
export async function filterView(
  recipe: Recipe,
  service: string,
  names: readonly string[],
  table?: ProfiledTableRecord
): Promise<string | undefined> {
  if (recipe.kind === 'usage' || recipe.kind === 'data-quality') return undefined;
  const { serviceName } = recipe.source;
  if (serviceName !== service) return `it is of the service ${serviceName}, not ${service}`;
  if (names.length === 0) return 'lets the service in';
  const ways = await waysOf(recipe, service, names, table);
  if (ways.every(({ reason }) => reason === undefined)) return 'lets it in';
  const byReason = new Map<string | undefined, string[]>();
  for (const { as, reason } of ways) byReason.set(reason, [...(byReason.get(reason) ?? []), as]);
  return [...byReason]
    .map(([reason, as]) => `${as.join(' or ')} ${reason === undefined ? 'let in' : `left out: ${reason}`}`)
    .join('; ');
}

/** What the entity may be, and why it would be left out. */
interface Way {
  readonly as: string;
  readonly reason: string | undefined;
}

async function waysOf(
  recipe: RecipeOf<'metadata' | 'lineage' | 'profiler'>,
  service: string,
  names: readonly string[],
  table: ProfiledTableRecord | undefined
): Promise<Way[]> {
  switch (recipe.kind) {
    case 'metadata':
      return metadataWays(recipe, service, names);
    case 'lineage':
      return lineageWays(recipe, names);
    case 'profiler':
      return profilerWays(recipe, names, table);
  }
}

async function metadataWays(
  { source }: RecipeOf<'metadata'>,
  service: string,
  names: readonly string[]
): Promise<Way[]> {
  const selection = makeSelection(service, source.sourceConfig.config);
  const [database = '', schema, name] = names;
  const above =
    container('database', database, await selection.database(database)) ??
    (schema === undefined ? undefined : container('schema', schema, await selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  return [
    { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
    { as: 'as procedure', reason: await selection.procedure(database, schema, name) },
  ];
}

/** Edges are let in by the table that they lead to; an excluded one is no source of them either. */
async function lineageWays({ source }: RecipeOf<'lineage'>, names: readonly string[]): Promise<Way[]> {
  const { databaseFilterPattern, schemaFilterPattern, tableFilterPattern } = source.sourceConfig.config;
  const filters = [
    nameFilter('databaseFilterPattern', databaseFilterPattern),
    nameFilter('schemaFilterPattern', schemaFilterPattern),
    nameFilter('tableFilterPattern', tableFilterPattern),
  ];
  let target: string | undefined;
  let from: string | undefined;
  for (const [part, name] of names.entries()) {
    const reason = await filters[part]?.reason(name);
    target ??= reason;
    if ((await filters[part]?.excludes(name)) === true) from ??= reason;
  }
  return [
    { as: 'as the target of an edge', reason: target },
    { as: 'as the source of an edge', reason: from },
  ];
}

async function profilerWays(
  recipe: RecipeOf<'profiler'>,
  names: readonly string[],
  table: ProfiledTableRecord | undefined
): Promise<Way[]> {
  const selection = profilerSelection(recipe);
  const [database = '', schema, name] = names;
  const above =
    container('database', database, await selection.database(database)) ??
    (schema === undefined ? undefined : container('schema', schema, await selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  if (table !== undefined) return [{ as: 'it is', reason: await profilerFilters(recipe).table(table) }];
  return [
    { as: 'as table', reason: await selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: await selection.table(database, schema, name, 'view') },
  ];
}

function container(kind: string, name: string, reason: string | undefined): Way | undefined {
  return reason === undefined ? undefined : { as: `${kind} ${name} is`, reason };
}
