import { nameFilter } from '../../filters/index.js';
import type { LineageRecipe } from '../../recipe/index.js';
import type { FilterWay } from '../run/filter-way.js';

/** An edge is let in by the table it leads to; an excluded table isn't a source of edges either. */
export async function lineageWays({ source }: LineageRecipe, names: readonly string[]): Promise<FilterWay[]> {
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
