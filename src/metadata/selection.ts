import { entityFqn } from '../openmetadata/index.js';
import { compilePattern, type FilterPattern } from '../filters/index.js';
import type { DatabaseMetadataConfig } from '../recipe/index.js';
import type { Selection } from '../sources/index.js';

/** Answers why a name is left out, or undefined when it is in. */
type Filter = (name: string) => string | undefined;

/**
 * What a recipe selects: its four filter patterns and include* flags. Regexes match at the start of the name, ignoring case; excludes win;
 * with includes, a name that none of them matches is out. With useFqnForFiltering they are matched against the FQN.
 */
export function makeSelection(service: string, config: DatabaseMetadataConfig): Selection {
  const databases = makeFilter('databaseFilterPattern', config.databaseFilterPattern);
  const schemas = makeFilter('schemaFilterPattern', config.schemaFilterPattern);
  const tables = makeFilter('tableFilterPattern', config.tableFilterPattern);
  const procedures = makeFilter('storedProcedureFilterPattern', config.storedProcedureFilterPattern);
  const subject = (...names: readonly [string, ...string[]]): string =>
    config.useFqnForFiltering ? entityFqn(service, ...names) : (names.at(-1) ?? '');

  return {
    database: (name) => databases(subject(name)),
    schema: (database, name) => schemas(subject(database, name)),
    table: (database, schema, name, kind) => {
      if (kind === 'view' && !config.includeViews) return 'views are left out (includeViews: false)';
      if (kind === 'table' && !config.includeTables) return 'tables are left out (includeTables: false)';
      return tables(subject(database, schema, name));
    },
    procedure: (database, schema, name) => procedures(subject(database, schema, name)),
  };
}

function makeFilter(key: string, pattern: FilterPattern | undefined): Filter {
  const includes = (pattern?.includes ?? []).map(compilePattern);
  const excludes = (pattern?.excludes ?? []).map(compilePattern);
  return (name) => {
    if (excludes.some((regex) => regex.test(name))) return `filtered by ${key}.excludes`;
    if (includes.length > 0 && !includes.some((regex) => regex.test(name))) return `filtered by ${key}.includes`;
    return undefined;
  };
}
