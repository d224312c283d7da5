import { nameFilter } from '../filters/index.js';
import { entityFqn } from '../openmetadata/index.js';
import type { DatabaseMetadataConfig } from '../recipe/index.js';
import type { Selection } from '../sources/index.js';

/**
 * What a recipe selects: its four filter patterns and include* flags. Regexes match at the start of the name, ignoring
 * case; excludes win; with includes, a name that matches none of them is out. With useFqnForFiltering they are matched
 * against the FQN.
 */
export function makeSelection(service: string, config: DatabaseMetadataConfig): Selection {
  const databases = nameFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = nameFilter('schemaFilterPattern', config.schemaFilterPattern);
  const tables = nameFilter('tableFilterPattern', config.tableFilterPattern);
  const procedures = nameFilter('storedProcedureFilterPattern', config.storedProcedureFilterPattern);
  const subject = (...names: readonly [string, ...string[]]): string =>
    config.useFqnForFiltering ? entityFqn(service, ...names) : (names.at(-1) ?? '');

  return {
    database: (name) => databases.reason(subject(name)),
    schema: (database, name) => schemas.reason(subject(database, name)),
    table: (database, schema, name, kind) => {
      if (kind === 'view' && !config.includeViews) return 'views are left out (includeViews: false)';
      if (kind === 'table' && !config.includeTables) return 'tables are left out (includeTables: false)';
      return tables.reason(subject(database, schema, name));
    },
    procedure: (database, schema, name) => procedures.reason(subject(database, schema, name)),
  };
}
