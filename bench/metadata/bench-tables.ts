import type { TestMariadb } from '../../test/services/mariadb.js';

/** Tables of a schema; larger counts are spread over several, as warehouses are. */
const PER_SCHEMA = 1_000;
/** CREATE statements sent at once. */
const BATCH = 250;
const COLUMNS = [
  'id BIGINT NOT NULL PRIMARY KEY',
  'customer_id BIGINT NOT NULL',
  "name VARCHAR(120) NOT NULL COMMENT 'as it is printed on documents'",
  'description TEXT',
  'amount DECIMAL(12,2) NOT NULL DEFAULT 0',
  "currency CHAR(3) COMMENT 'ISO 4217'",
  'quantity INT UNSIGNED',
  'is_active TINYINT(1) NOT NULL DEFAULT 1',
  "state ENUM('new','open','done')",
  'valid_from DATE',
  'created_at TIMESTAMP NULL',
  'updated_at DATETIME(6)',
].join(', ');

/**
 * Drops the schemas `<prefix>_<n>` and makes this many tables of 12 columns in new ones.
 * @param perSchema tables of a schema; default 1,000
 */
export async function fillTables(
  mariadb: TestMariadb,
  prefix: string,
  tables: number,
  perSchema = PER_SCHEMA
): Promise<void> {
  const old = await mariadb.query(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '${prefix}\\_%'`
  );
  for (const { name } of old) await mariadb.run(`DROP DATABASE ${String(name)}`);
  for (let start = 0; start < tables; start += perSchema) {
    const schema = `${prefix}_${start / perSchema}`;
    await mariadb.run(`CREATE DATABASE ${schema}`);
    const end = Math.min(perSchema, tables - start);
    for (let from = 0; from < end; from += BATCH) {
      const names = Array.from(
        { length: Math.min(BATCH, end - from) },
        (_, n) => `t_${String(from + n).padStart(5, '0')}`
      );
      const statements = names.map(
        (name) => `CREATE TABLE ${schema}.${name} (${COLUMNS}) COMMENT 'made for the bench'`
      );
      await mariadb.run(statements.join(';\n'));
    }
  }
}
