import type { Dialect } from './dialect.js';

/**
 * True for texts that may drop a session's own table by its name with a schema, as MySQL's `DROP TABLE s.t` in a
 * session of s does: they are read with that schema in front of their names.
 */
export function dropsTemporary(sql: string, dialect: Dialect): boolean {
  return (dialect === 'mysql' || dialect === 'mariadb') && /\btemporary\b/i.test(sql) && /\bdrop\b/i.test(sql);
}
