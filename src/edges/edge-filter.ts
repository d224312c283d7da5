import { nameFilter } from '../filters/index.js';
import { splitFqn } from '../openmetadata/index.js';
import type { DatabaseLineageConfig } from '../recipe/index.js';

/**
 * Which edges a recipe's patterns let through: the downstream table must be selected, the upstream one must not be excluded (an include
 * names what lineage is wanted of, and what it is made from is part of that).
 */
export function edgeFilter(config: DatabaseLineageConfig): (fromFqn: string, toFqn: string) => boolean {
  const filters = [
    nameFilter('databaseFilterPattern', config.databaseFilterPattern),
    nameFilter('schemaFilterPattern', config.schemaFilterPattern),
    nameFilter('tableFilterPattern', config.tableFilterPattern),
  ];
  return (fromFqn, toFqn) => {
    const [, ...from] = splitFqn(fromFqn);
    const [, ...to] = splitFqn(toFqn);
    return filters.every(
      (filter, part) => !filter.excludes(from[part] ?? '') && filter.reason(to[part] ?? '') === undefined
    );
  };
}
