import { nameFilter } from '../filters/index.js';
import { splitFqn } from '../openmetadata/index.js';
import type { DatabaseLineageConfig } from '../recipe/index.js';

/** Whether an edge between these tables is wanted; one from a container has no upstream table. */
export type EdgeFilter = (fromFqn: string | undefined, toFqn: string) => boolean;

/**
 * Which edges a recipe's patterns let through: the downstream table must be selected, the upstream one must not be excluded (an include
 * names what lineage is wanted of, and what it is made from is part of that). No pattern is about an upstream container: it is undefined.
 */
export function edgeFilter(config: DatabaseLineageConfig): EdgeFilter {
  const filters = [
    nameFilter('databaseFilterPattern', config.databaseFilterPattern),
    nameFilter('schemaFilterPattern', config.schemaFilterPattern),
    nameFilter('tableFilterPattern', config.tableFilterPattern),
  ];
  return (fromFqn, toFqn) => {
    const [, ...from] = fromFqn === undefined ? [] : splitFqn(fromFqn);
    const [, ...to] = splitFqn(toFqn);
    return filters.every(
      (filter, part) =>
        (fromFqn === undefined || !filter.excludes(from[part] ?? '')) && filter.reason(to[part] ?? '') === undefined
    );
  };
}
