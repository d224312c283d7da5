import { workOf } from '../activities/index.js';
import type { ProfiledTableRecord } from '../openmetadata/index.js';
import type { Recipe } from '../recipe/index.js';

/**
 * What a recipe's filters say about an entity, in one sentence; undefined for recipes that filter no tables.
 * @param names below the service, as the source has them
 * @param table as the catalog has it; for profiler recipes
 */
export async function filterView(
  recipe: Recipe,
  service: string,
  names: readonly string[],
  table?: ProfiledTableRecord
): Promise<string | undefined> {
  const { commands } = workOf(recipe.kind);
  if (commands.ways === undefined) return undefined;
  const { serviceName } = recipe.source;
  if (serviceName !== service) return `it is of the service ${serviceName}, not ${service}`;
  if (names.length === 0) return 'lets the service in';
  const ways = await commands.ways(recipe, names, table);
  if (ways.every(({ reason }) => reason === undefined)) return 'lets it in';
  const byReason = new Map<string | undefined, string[]>();
  for (const { as, reason } of ways) byReason.set(reason, [...(byReason.get(reason) ?? []), as]);
  return [...byReason]
    .map(([reason, as]) => `${as.join(' or ')} ${reason === undefined ? 'let in' : `left out: ${reason}`}`)
    .join('; ');
}
