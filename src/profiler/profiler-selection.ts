import { entityFqn } from '../openmetadata/index.js';
import type { ProfilerRecipe } from '../recipe/index.js';
import type { Selection } from '../sources/index.js';
import { serverFilter, type ServerFilter } from './table-filter.js';

/** What a profiler recipe's patterns select of a source, by the names alone: classifications are known to the catalog only. */
export function profilerSelection({ source }: Pick<ProfilerRecipe, 'source'>): Selection {
  const { serviceName, sourceConfig } = source;
  const config = sourceConfig.config;
  const reason = (filter: ServerFilter, ...names: readonly [string, ...string[]]): string | undefined => {
    const subject = config.useFqnForFiltering ? entityFqn(serviceName, ...names) : (names.at(-1) ?? '');
    return filter.isIn([subject]) ? undefined : `filtered by ${filter.key}`;
  };
  const databases = serverFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = serverFilter('schemaFilterPattern', config.schemaFilterPattern);
  const tables = serverFilter('tableFilterPattern', config.tableFilterPattern);
  return {
    database: (name) => reason(databases, name),
    schema: (database, name) => reason(schemas, database, name),
    table: (database, schema, name, kind) =>
      kind === 'view' && !config.includeViews ? 'includeViews: false' : reason(tables, database, schema, name),
    procedure: () => 'procedures are not profiled',
  };
}
