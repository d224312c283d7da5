import mysql from 'mysql2/promise';
import { z } from 'zod';

const SYSTEM_SCHEMAS = "'information_schema', 'mysql', 'performance_schema', 'sys'";
/** More tables than this are dropped more slowly than a new server starts. */
const MANY_TABLES = 300;

/** What a test left open may lock a table for a day: the server is then thrown away. */
const TIMEOUT_MS = 20_000;

const countRow = z.tuple([z.object({ count: z.coerce.number() })]);
const schemaRow = z.object({ name: z.string() });
const accountRow = z.object({ user: z.string(), host: z.string(), role: z.enum(['Y', 'N']) });

/**
 * Drops all schemas, accounts but root's, and what the slow log says.
 * @returns false, and does nothing, when there is too much to drop
 */
export async function emptyMariadb(root: mysql.Connection): Promise<boolean> {
  const [counts] = await root.query(
    `SELECT COUNT(*) AS count FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN (${SYSTEM_SCHEMAS})`
  );
  if (countRow.parse(counts)[0].count > MANY_TABLES) return false;
  const [schemas] = await root.query(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN (${SYSTEM_SCHEMAS})`
  );
  const [accounts] = await root.query(
    "SELECT User AS user, Host AS host, is_role AS role FROM mysql.user WHERE User NOT IN ('root', 'mariadb.sys')"
  );
  const drops = [
    ...z
      .array(schemaRow)
      .parse(schemas)
      .map(({ name }) => `DROP DATABASE ${mysql.escapeId(name, true)}`),
    ...z
      .array(accountRow)
      .parse(accounts)
      .map(({ user, host, role }) =>
        role === 'Y' ? `DROP ROLE ${mysql.escape(user)}` : `DROP USER ${mysql.escape(user)}@${mysql.escape(host)}`
      ),
  ];
  await root.query({ sql: [...drops, 'TRUNCATE mysql.slow_log'].join('; '), timeout: TIMEOUT_MS });
  return true;
}
