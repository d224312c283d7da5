import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createClient, readTemporalSettings, RunNotFoundError, type IngestionClient } from '../../src/client/index.js';
import type { RunReport } from '../../src/index.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { makeService } from '../services/make-service.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';
import { startCli, type CliProcess } from '../services/cli.js';

const DAYS = [1, 2, 3, 4, 5, 6, 7];

describe('A backfill of seven days', function () {
  this.timeout(240_000);
  let mariadb: TestMariadb;
  let ingestion: Ingestion;
  let worker: CliProcess;
  let client: IngestionClient;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    [mariadb, ingestion] = await Promise.all([startMariadb(), startIngestion()]);
    await mariadb.run(`CREATE SCHEMA shop; CREATE TABLE shop.history AS SELECT * FROM mysql.general_log WHERE 1 = 0;
      SET time_zone = '+00:00'; ${DAYS.map(textsOf).join(' ')}`);
    const recipe = readFileSync('recipes/mysql/lineage.yaml', 'utf8')
      .replace('queryLogDuration: 1', 'queryLogDuration: 0\n      processViewLineage: false')
      .replace('      type: Mysql\n', '      type: Mysql\n      queryHistoryTable: shop.history\n');
    writeFileSync(join(ingestion.recipesDir, 'log.yaml'), recipe);
    await makeService(ingestion.catalog, 'mysql', 'Mysql');
    const env = {
      ...ingestion.env,
      ...mariadbEnvironment(mariadb),
    };
    worker = startCli(['worker'], { env, cwd: ingestion.folder });
    await worker.until('worker is ready');
    client = await createClient({
      settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }),
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
    });
  });
  after(async () => {
    await client?.close();
    worker?.child.kill('SIGTERM');
    await worker?.ended;
    await ingestion?.stop();
    await mariadb?.stop();
  });

  /** The report of a run that the schedule is about to start. */
  const reportOf = async (workflowId: string): Promise<RunReport> => {
    for (let look = 0; ; look += 1) {
      try {
        return await client.attach(workflowId).wait();
      } catch (error) {
        if (!(error instanceof RunNotFoundError) || look > 300) throw error;
        await sleep(100);
      }
    }
  };

  it('reads seven different days of the query log', async () => {
    const recipe = { recipePath: 'log.yaml', kind: 'lineage' } as const;
    await client.schedules.apply(recipe, { cron: '0 3 * * *', scheduleId: 'seven', paused: true });
    await client.schedules.backfill('seven', { from: '2026-11-01', to: '2026-11-07' });
    const reports = await Promise.all(DAYS.map((day) => reportOf(`seven-2026-11-0${day}T03:00:00Z`)));
    expect(reports.map(({ steps }) => steps[0]?.records)).to.deep.equal(DAYS);
    await client.schedules.delete('seven');
  });
});

/** As many texts of one day as its number, from its first moment to its last. */
function textsOf(day: number): string {
  const rows = Array.from({ length: day }, (_, n) => {
    const time = n === 0 ? '00:00:00.000000' : `23:59:5${n}.999999`;
    const text = `INSERT INTO daily_${day} SELECT id, ${n} FROM orders`;
    return `('2026-11-0${day} ${time}', 'etl[etl] @ localhost []', 7, 1, 'Query', '${text}')`;
  });
  return `INSERT INTO shop.history VALUES ${rows.join(', ')};`;
}
