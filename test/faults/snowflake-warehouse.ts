import type { Fakesnow } from '../services/fakesnow.js';

export const SNOWFLAKE_DATABASE = 'LAB';
const SCHEMAS = ['W00', 'W02'] as const;
const TABLES = 60;
const COLUMNS = 12;
/** Few columns with long comments: the emulator takes long for many. */
const MEANING = 'what this column means to the business, at some length '.repeat(45);

type Executor = Pick<Fakesnow, 'execute'>;

/** Makes a database that is staged in several chunks. */
export async function fillSnowflakeWarehouse(fakesnow: Executor): Promise<void> {
  const columns = Array.from({ length: COLUMNS }, (_, n) => `C${n} VARCHAR(${n + 10}) COMMENT '${MEANING}${n}'`).join(
    ', '
  );
  await fakesnow.execute(`CREATE DATABASE ${SNOWFLAKE_DATABASE}`);
  for (const schema of SCHEMAS) await fakesnow.execute(`CREATE SCHEMA ${place(schema)}`);
  for (const schema of SCHEMAS) {
    for (let n = 0; n < TABLES; n += 1) {
      // Every tenth points at the neighbour after it, and so waits for it; the first ones at the other schema, which
      // comes later.
      const target =
        n % 10 === 0
          ? `${place(schema)}.${table(n + 1)}`
          : schema === 'W00' && n < 5
            ? `${place('W02')}.${table(n)}`
            : undefined;
      const key = target === undefined ? '' : `, FOREIGN KEY (ID) REFERENCES ${target} (ID)`;
      await fakesnow.execute(
        `CREATE TABLE ${place(schema)}.${table(n)} (ID NUMBER(38,0) NOT NULL PRIMARY KEY, ${columns}${key}) COMMENT = 'table ${n}'`
      );
    }
    await fakesnow.execute(`CREATE VIEW ${place(schema)}.V AS SELECT ID FROM ${place(schema)}.${table(1)}`);
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.PROCEDURES
         (PROCEDURE_NAME, PROCEDURE_SCHEMA, PROCEDURE_CATALOG, PROCEDURE_OWNER, PROCEDURE_LANGUAGE, PROCEDURE_DEFINITION, ARGUMENT_SIGNATURE)
       VALUES ('P', '${schema}', '${SNOWFLAKE_DATABASE}', 'SYSADMIN', 'SQL', 'SELECT 1', '()')`
    );
  }
}

/** Takes it to its second state: tables and procedures gone, tables changed and new. */
export async function changeSnowflakeWarehouse(fakesnow: Executor): Promise<void> {
  for (const schema of SCHEMAS) {
    for (const n of [12, 33, 44]) {
      await fakesnow.execute(`DROP TABLE ${place(schema)}.${table(n)}`);
      // Account usage tells a drop from a lost right.
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.TABLES (TABLE_NAME, TABLE_SCHEMA, TABLE_CATALOG, DELETED)
         VALUES ('${table(n)}', '${schema}', '${SNOWFLAKE_DATABASE}', CURRENT_TIMESTAMP())`
      );
    }
    for (let n = 20; n < 50; n += 1)
      if (n !== 33 && n !== 44)
        await fakesnow.execute(`COMMENT ON TABLE ${place(schema)}.${table(n)} IS 'table ${n}, as it is now'`);
    // Two new ones that wait for each other.
    for (const [name, other] of [
      ['U000', 'U001'],
      ['U001', 'U000'],
    ] as const)
      await fakesnow.execute(
        `CREATE TABLE ${place(schema)}.${name} (ID NUMBER(38,0) NOT NULL PRIMARY KEY, FOREIGN KEY (ID) REFERENCES ${place(schema)}.${other} (ID))`
      );
    await fakesnow.execute(
      `DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.PROCEDURES WHERE PROCEDURE_CATALOG = '${SNOWFLAKE_DATABASE}' AND PROCEDURE_SCHEMA = '${schema}'`
    );
  }
}

function place(schema: string): string {
  return `${SNOWFLAKE_DATABASE}.${schema}`;
}

function table(n: number): string {
  return `T${String(n).padStart(3, '0')}`;
}
