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
export function filterView(
  recipe: Recipe,
  service: string,
  names: readonly string[],
  table?: ProfiledTableRecord
): string | undefined {
  if (recipe.kind === 'usage' || recipe.kind === 'data-quality') return undefined;
  const { serviceName } = recipe.source;
  if (serviceName !== service) return `it is of the service ${serviceName}, not ${service}`;
  if (names.length === 0) return 'lets the service in';
  const ways = waysOf(recipe, service, names, table);
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

function waysOf(
  recipe: RecipeOf<'metadata' | 'lineage' | 'profiler'>,
  service: string,
  names: readonly string[],
  table: ProfiledTableRecord | undefined
): Way[] {
  switch (recipe.kind) {
    case 'metadata':
      return metadataWays(recipe, service, names);
    case 'lineage':
      return lineageWays(recipe, names);
    case 'profiler':
      return profilerWays(recipe, names, table);
  }
}

function metadataWays({ source }: RecipeOf<'metadata'>, service: string, names: readonly string[]): Way[] {
  const selection = makeSelection(service, source.sourceConfig.config);
  const [database = '', schema, name] = names;
  const above =
    container('database', database, selection.database(database)) ??
    (schema === undefined ? undefined : container('schema', schema, selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  return [
    { as: 'as table', reason: selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: selection.table(database, schema, name, 'view') },
    { as: 'as procedure', reason: selection.procedure(database, schema, name) },
  ];
}

/** Edges are let in by the table that they lead to; an excluded one is no source of them either. */
function lineageWays({ source }: RecipeOf<'lineage'>, names: readonly string[]): Way[] {
  const { databaseFilterPattern, schemaFilterPattern, tableFilterPattern } = source.sourceConfig.config;
  const filters = [
    nameFilter('databaseFilterPattern', databaseFilterPattern),
    nameFilter('schemaFilterPattern', schemaFilterPattern),
    nameFilter('tableFilterPattern', tableFilterPattern),
  ];
  const first = (reasons: readonly (string | undefined)[]): string | undefined => reasons.find((each) => each);
  return [
    { as: 'as the target of an edge', reason: first(names.map((name, part) => filters[part]?.reason(name))) },
    {
      as: 'as the source of an edge',
      reason: first(
        names.map((name, part) => (filters[part]?.excludes(name) === true ? filters[part].reason(name) : undefined))
      ),
    },
  ];
}

function profilerWays(
  recipe: RecipeOf<'profiler'>,
  names: readonly string[],
  table: ProfiledTableRecord | undefined
): Way[] {
  const selection = profilerSelection(recipe);
  const [database = '', schema, name] = names;
  const above =
    container('database', database, selection.database(database)) ??
    (schema === undefined ? undefined : container('schema', schema, selection.schema(database, schema)));
  if (above !== undefined) return [above];
  if (schema === undefined || name === undefined) return [];
  if (table !== undefined) return [{ as: 'it is', reason: profilerFilters(recipe).table(table) }];
  return [
    { as: 'as table', reason: selection.table(database, schema, name, 'table') },
    { as: 'as view', reason: selection.table(database, schema, name, 'view') },
  ];
}

function container(kind: string, name: string, reason: string | undefined): Way | undefined {
  return reason === undefined ? undefined : { as: `${kind} ${name} is`, reason };
}
