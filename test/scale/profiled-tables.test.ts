import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { profilerReport, type ProfilerReport } from '../integration/profiler/profiler-report.js';
import { runCli } from '../services/cli.js';
import { startFakesnow } from '../services/fakesnow.js';
import { fakesnowEnvironment } from '../services/fakesnow/environment.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb } from '../services/mariadb.js';
import { makeSmallTables } from '../services/small-tables.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';

const TABLES = 2_000;

/** A server with the tables, and what commands and workers need to reach it. */
interface Warehouse {
  readonly env: Readonly<Record<string, string>>;
  /** Changes rows of three tables; one of them keeps its number of rows. */
  change(): Promise<void>;
  stop(): Promise<void>;
}

async function mariadb(): Promise<Warehouse> {
  const server = await startMariadb({
    arguments: [
      ...['--table-definition-cache=4000', '--table-open-cache=4000', '--innodb-file-per-table=0'],
      ...['--debug-no-sync', '--sync-frm=0'],
    ],
  });
  await makeSmallTables(server, TABLES);
  await sleep(1_100);
  return {
    env: mariadbEnvironment(server),
    change: async () => {
      await server.query('INSERT INTO shop.t7 VALUES (3)');
      await server.query('UPDATE shop.t70 SET a = 9 WHERE a = 1');
      await server.query('DELETE FROM shop.t700 WHERE a = 2');
      await sleep(1_100);
    },
    stop: () => server.stop(),
  };
}

async function snowflake(): Promise<Warehouse> {
  const server = await startFakesnow();
  try {
    await server.seed();
    await server.execute('CREATE SCHEMA ANALYTICS.MANY');
    const as = 'select range + 1 as "A" from range(2)';
    await server.createTables({ database: 'ANALYTICS', schema: 'MANY', prefix: 'T', count: TABLES, as });
  } catch (error) {
    server.kill();
    throw error;
  }
  return {
    env: fakesnowEnvironment(server),
    change: async () => {
      await server.execute('INSERT INTO ANALYTICS.MANY.T7 VALUES (3)');
      await server.execute('UPDATE ANALYTICS.MANY.T70 SET A = 9 WHERE A = 1');
      await server.execute('DELETE FROM ANALYTICS.MANY.T700 WHERE A = 1');
    },
    stop: () => server.stop(),
  };
}

for (const [name, schema, open, available, metrics] of [
  ['mysql', 'shop', mariadb, hasMariadb, ''],
  // One statement a table: the emulator takes a tenth of a second for each.
  ['snowflake', 'many', snowflake, () => true, 'metrics: [rowCount, valuesCount, min, max]\n      '],
] as const)
  describe(`${TABLES} tables of ${name}, profiled twice`, function () {
    this.timeout(1_800_000);
    let warehouse: Warehouse;
    let ingestion: Ingestion;

    before(async function () {
      if (!available()) return this.skip();
      warehouse = await open();
      ingestion = await startIngestion({ env: { ...warehouse.env } });
      copyFileSync(`recipes/${name}/metadata.yaml`, join(ingestion.recipesDir, 'metadata.yaml'));
      const pattern = `${metrics}schemaFilterPattern:\n        includes:\n          - ^${schema}$`;
      const recipe = readFileSync(`recipes/${name}/profiler.yaml`, 'utf8');
      writeFileSync(
        join(ingestion.recipesDir, 'profiler.yaml'),
        recipe.replace(/schemaFilterPattern:\n( {8}.*\n)*/, `${pattern}\n`)
      );
      await ingestion.startWorker();
      const { code, stdout, stderr } = await runCli(['run', 'metadata.yaml'], place());
      expect(code, stdout + stderr).to.equal(0);
    });
    after(async () => {
      await ingestion?.stop();
      await warehouse?.stop();
    });

    const place = (): { env: Readonly<Record<string, string>>; cwd: string } => ({
      env: ingestion.env,
      cwd: ingestion.folder,
    });

    async function run(): Promise<ProfilerReport> {
      const { code, stdout, stderr } = await runCli(['run', 'profiler.yaml', '--json'], place());
      expect(code, stdout + stderr).to.equal(0);
      return profilerReport.parse(JSON.parse(stdout));
    }

    it('are all profiled once, and then exactly the three whose rows changed', async () => {
      expect((await run()).steps[1]).to.include({ records: TABLES, unchanged: 0, errors: 0 });
      await warehouse.change();
      expect((await run()).steps[1]).to.include({ records: 3, unchanged: TABLES - 3, errors: 0 });
      expect((await run()).steps[1]).to.include({ records: 0, unchanged: TABLES, errors: 0 });
    });
  });
