import { nameFilter, type Awaitable } from '../filters/index.js';
import { splitFqn } from '../openmetadata/index.js';
import type { DatabaseLineageConfig } from '../recipe/index.js';

/** Whether an edge between these tables is wanted; one from a container has no upstream table. */
export type EdgeFilter = (fromFqn: string | undefined, toFqn: string) => Awaitable<boolean>;

/**
 * Which edges a recipe's patterns let through: the downstream table must be selected, the upstream one must not be
 * excluded (an include names the tables whose lineage is wanted, and what they are made from is part of that). An
 * upstream container is undefined: no pattern applies to it.
 */
export function edgeFilter(config: DatabaseLineageConfig): EdgeFilter {
  const filters = [
    nameFilter('databaseFilterPattern', config.databaseFilterPattern),
    nameFilter('schemaFilterPattern', config.schemaFilterPattern),
    nameFilter('tableFilterPattern', config.tableFilterPattern),
  ];
  return async (fromFqn, toFqn) => {
    const [, ...from] = fromFqn === undefined ? [] : splitFqn(fromFqn);
    const [, ...to] = splitFqn(toFqn);
    for (const [part, filter] of filters.entries()) {
      if (fromFqn !== undefined && (await filter.excludes(from[part] ?? ''))) return false;
      if ((await filter.reason(to[part] ?? '')) !== undefined) return false;
    }
    return true;
  };
}

/** Whether lineage of what a stored procedure ran is wanted, by its name. */
export type ProcedureFilter = (name: string) => Awaitable<boolean>;

/** Which procedures a recipe's storedProcedureFilterPattern lets through. */
export function procedureFilter(config: DatabaseLineageConfig): ProcedureFilter {
  const filter = nameFilter('storedProcedureFilterPattern', config.storedProcedureFilterPattern);
  return async (name) => (await filter.reason(name)) === undefined;
}
