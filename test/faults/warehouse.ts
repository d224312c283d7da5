import type { TestMariadb } from '../services/mariadb.js';

/** Schemas; more than fit one unit of work, so that a run has two. */
const SCHEMAS = 54;
/** The two that are worth reading, one in each unit. */
export const BIG_SCHEMAS = ['w00', 'w52'] as const;
const TABLES = 130;
const COLUMNS = 60;

/** Makes a warehouse whose big schemas are staged in several chunks each. */
export async function fillWarehouse(mariadb: TestMariadb): Promise<void> {
  const columns = Array.from(
    { length: COLUMNS },
    (_, n) =>
      `c${n} VARCHAR(${n + 10}) COMMENT '${'what this column means to the business, at some length '.repeat(2)}${n}'`
  ).join(', ');
  const statements: string[] = [];
  for (let n = 0; n < SCHEMAS; n += 1) {
    const schema = `w${String(n).padStart(2, '0')}`;
    statements.push(`CREATE DATABASE ${schema}`, `CREATE TABLE ${schema}.small (id INT PRIMARY KEY)`);
  }
  for (const schema of BIG_SCHEMAS) {
    for (let n = 0; n < TABLES; n += 1) {
      // Every tenth points at the neighbour after it, and so waits for it; the first ones at the other schema, which
      // comes later.
      const target =
        n % 10 === 0 ? `${schema}.t${pad(n + 1)}` : schema === 'w00' && n < 5 ? `w52.t${pad(n)}` : undefined;
      const key = target === undefined ? '' : `, FOREIGN KEY (id) REFERENCES ${target} (id)`;
      statements.push(`CREATE TABLE ${schema}.t${pad(n)} (id INT PRIMARY KEY, ${columns}${key}) COMMENT 'table ${n}'`);
    }
    statements.push(`CREATE VIEW ${schema}.v AS SELECT id FROM ${schema}.t001`);
    statements.push(`CREATE PROCEDURE ${schema}.p() SELECT 1`);
  }
  await mariadb.run(`SET SESSION foreign_key_checks = 0; ${statements.join(';\n')}`);
}

/** Takes the warehouse to its second state: tables gone, changed and new. */
export async function changeWarehouse(mariadb: TestMariadb): Promise<void> {
  const statements: string[] = [];
  for (const schema of BIG_SCHEMAS) {
    for (const n of [12, 33, 74]) statements.push(`DROP TABLE ${schema}.t${pad(n)}`);
    for (let n = 40; n < 110; n += 1)
      if (n !== 74) statements.push(`ALTER TABLE ${schema}.t${pad(n)} COMMENT 'table ${n}, as it is now'`);
    // Two new ones that wait for each other.
    for (const [name, other] of [
      ['u000', 'u001'],
      ['u001', 'u000'],
    ] as const)
      statements.push(
        `CREATE TABLE ${schema}.${name} (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES ${schema}.${other} (id))`
      );
    statements.push(`DROP PROCEDURE ${schema}.p`);
  }
  await mariadb.run(`SET SESSION foreign_key_checks = 0; ${statements.join(';\n')}`);
}

function pad(n: number): string {
  return String(n).padStart(3, '0');
}
