import type { Dialect } from './dialect.js';
import type { LineageOptions } from './query-lineage.js';

/** Where a session's own tables are in schemas, with what their CREATE says of them. */
const IN_SCHEMAS: Readonly<Partial<Record<Dialect, RegExp>>> = {
  mysql: /\btemporary\b/i,
  mariadb: /\btemporary\b/i,
  hive: /\btemporary\b/i,
  snowflake: /\b(?:temporary|temp|volatile)\b/i,
};

/**
 * For texts that may drop a session's own table by its name with a schema, as MySQL's `DROP TABLE s.t` in a session of
 * s does: they are read with that schema in front of their names. Nothing for all others.
 */
export function temporaryPlace(
  sql: string,
  dialect: Dialect,
  { database, schema }: { readonly database?: string | undefined; readonly schema?: string | undefined }
): Pick<LineageOptions, 'defaultSchema' | 'defaultDatabase'> {
  if (schema === undefined || schema === '' || IN_SCHEMAS[dialect]?.test(sql) !== true || !/\bdrop\b/i.test(sql))
    return {};
  if (dialect !== 'snowflake') return { defaultSchema: schema };
  // names in front of others are taken as unquoted
  const isFolded = (name: string): boolean => name === name.toUpperCase();
  if (database === undefined || !isFolded(schema) || !isFolded(database)) return {};
  return { defaultSchema: schema, defaultDatabase: database };
}
