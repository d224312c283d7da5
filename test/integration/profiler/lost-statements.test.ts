import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, startCli, type CliProcess } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { profilerReport } from './profiler-report.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { mariadbEnvironment } from '../../services/mariadb-environment.js';

/** A statement that takes ten minutes when nobody ends it. */
const ENDLESS = 'SELECT * FROM shop.slow WHERE SLEEP(1) = 0';

const TESTS = `source:
  type: TestSuite
  serviceName: mysql
  sourceConfig: {config: {type: TestSuite, entityFullyQualifiedName: mysql.default.shop.quick}}
processor:
  type: orm-test-runner
  config:
    testCases:
      - name: slow
        testDefinitionName: tableCustomSQLQuery
        parameterValues: [{name: sqlExpression, value: ${ENDLESS}}]
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: '\${OM_HOST_PORT}'
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
ingestionPipelineFQN: mysql.tests
`;

describe('Statements of a profiler run, and of tests, that nobody waits for any more', () => {
  let server: TestMariadb;
  let ingestion: Ingestion;
  let env: Record<string, string>;
  let worker: CliProcess;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    this.timeout(240_000);
    server = await startMariadb();
    await server.run(
      'CREATE DATABASE shop; USE shop; CREATE TABLE slow (id INT); INSERT INTO slow SELECT seq FROM seq_1_to_600; CREATE TABLE quick (id INT); INSERT INTO quick SELECT seq FROM seq_1_to_5000; ANALYZE TABLE slow, quick'
    );
    ingestion = await startIngestion();
    writeFileSync(join(ingestion.recipesDir, 'my-metadata.yaml'), readFileSync('recipes/mysql/metadata.yaml', 'utf8'));
    writeFileSync(join(ingestion.recipesDir, 'tests.yaml'), TESTS);
    const special = `processor:\n  type: orm-profiler\n  config:\n    tableConfig:\n      - fullyQualifiedName: mysql.default.shop.slow\n        profileQuery: ${ENDLESS}\n`;
    const recipe = readFileSync('recipes/mysql/profiler.yaml', 'utf8');
    writeFileSync(join(ingestion.recipesDir, 'profiler.yaml'), recipe);
    writeFileSync(
      join(ingestion.recipesDir, 'slow.yaml'),
      recipe.replace('processor:\n  type: orm-profiler\n', special)
    );
    env = {
      ...ingestion.env,
      ...mariadbEnvironment(server),
    };
    Object.assign(ingestion.env, env);
    worker = await ingestion.startWorker();
    await runCli(['run', 'my-metadata.yaml'], { env, cwd: ingestion.folder });
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  /** Connections that run the endless statement. */
  async function running(): Promise<number[]> {
    const rows = await server.query(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE INFO LIKE '%openmetadata-temporal-ingestion%SLEEP%' AND INFO NOT LIKE '%PROCESSLIST%'"
    );
    return rows.map(({ id }) => Number(id));
  }

  it('are ended when the run is cancelled', async () => {
    const run = startCli(['run', 'slow.yaml'], { env, cwd: ingestion.folder });
    await until('a statement runs', async () => (await running()).length > 0);
    await runCli(['cancel', 'om-mysql.profiler'], { env, cwd: ingestion.folder });
    await until('no statement runs', async () => (await running()).length === 0, 50);
    await run.ended;
  });

  it('cost the next run nothing of what the cancelled one had profiled', async () => {
    const { stdout } = await runCli(['run', 'profiler.yaml', '--json'], { env, cwd: ingestion.folder });
    expect(profilerReport.parse(JSON.parse(stdout)).steps[1]).to.include({ records: 1, unchanged: 1 });
  });

  /** Kills the worker while a statement of the run is under way. */
  const endsLost = async (recipe: string, id: string): Promise<void> => {
    const run = startCli(['run', recipe], { env, cwd: ingestion.folder });
    await until('a statement runs', async () => (await running()).length > 0);
    const [lost] = await running();
    worker.child.kill('SIGKILL');
    await worker.ended;
    await sleep(500);
    expect(await running(), 'the server goes on with it').to.include(lost);
    worker = await ingestion.startWorker();
    await until('the next attempt has begun, and the lost statement is gone', async () => {
      const now = await running();
      return now.length === 1 && !now.includes(lost ?? 0);
    });
    await runCli(['cancel', id], { env, cwd: ingestion.folder });
    await until('no statement runs', async () => (await running()).length === 0, 50);
    await run.ended;
  };

  it('are ended by the next attempt when the worker was killed', () => endsLost('slow.yaml', 'om-mysql.profiler'));

  it('of tests are ended by the next attempt, too', () => endsLost('tests.yaml', 'om-mysql.tests'));
});

/** Of SQLite: a statement that never ends. */
const ENDLESS_CTE = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS id FROM c WHERE x < 0';

describe('Processes that measure SQLite for a run', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let worker: CliProcess;

  before(async () => {
    ingestion = await startIngestion();
    worker = await startEndless(ingestion);
  });
  after(() => ingestion?.stop());

  it('end by themselves when its worker was killed, and when it is cancelled', async function () {
    if (!existsSync('/proc/self/cmdline')) return this.skip();
    const { env, folder } = ingestion;
    const run = startCli(['run', 'endless.yaml'], { env, cwd: folder });
    await until('a process measures', async () => measuring(ingestion).length > 0);
    const first = measuring(ingestion);
    worker.child.kill('SIGKILL');
    await worker.ended;
    await until('it ends with its worker', async () => !measuring(ingestion).some((pid) => first.includes(pid)), 50);
    worker = await ingestion.startWorker();
    await until('the next attempt measures', async () => measuring(ingestion).length > 0);
    await runCli(['cancel', 'om-quickstart_shop.profiler'], { env, cwd: folder });
    await until('no process measures', async () => measuring(ingestion).length === 0, 50);
    await run.ended;
  });
});

describe('A run whose activities may be silent for two minutes', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let run: CliProcess | undefined;

  before(async () => {
    ingestion = await startIngestion({ env: { OM_INGEST_HEARTBEAT_MS: '120000' } });
    await startEndless(ingestion);
  });
  after(async () => {
    run?.child.kill('SIGKILL');
    await ingestion?.stop();
  });

  it('hears of its cancellation long before', async function () {
    if (!existsSync('/proc/self/cmdline')) return this.skip();
    const { env, folder } = ingestion;
    run = startCli(['run', 'endless.yaml'], { env, cwd: folder });
    await until('a process measures', async () => measuring(ingestion).length > 0);
    // Behind the first heartbeat.
    await sleep(3_000);
    await runCli(['cancel', 'om-quickstart_shop.profiler'], { env, cwd: folder });
    await until('no process measures', async () => measuring(ingestion).length === 0, 100);
    await run.ended;
  });
});

/** A worker, and the recipe endless.yaml, which measures for ever. */
async function startEndless(ingestion: Ingestion): Promise<CliProcess> {
  const { env, folder, catalog } = ingestion;
  const worker = await ingestion.startWorker();
  await runCli(['run', 'shop.yaml'], { env, cwd: folder });
  const answer = await fetch(`${catalog.hostPort}/v1/tables?limit=1`, {
    headers: { authorization: `Bearer ${catalog.token}` },
  });
  const listed = z.object({ data: z.array(z.object({ fullyQualifiedName: z.string() })) }).parse(await answer.json());
  const fqn = listed.data[0]?.fullyQualifiedName ?? '';
  const special = `processor:\n  type: orm-profiler\n  config:\n    tableConfig:\n      - fullyQualifiedName: ${fqn}\n        profileQuery: ${ENDLESS_CTE}\nsink:`;
  writeFileSync(
    join(ingestion.recipesDir, 'endless.yaml'),
    readFileSync('recipes/quickstart/profiler.yaml', 'utf8').replace('sink:', special)
  );
  return worker;
}

/** Processes that have the shop's file in their arguments. */
function measuring({ env }: Ingestion): number[] {
  const database = env['QUICKSTART_DATABASE'] ?? 'none';
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = commandOf(pid);
      return command.includes('measure-process') && command.includes(database);
    })
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function until(what: string, holds: () => Promise<boolean>, tries = 300): Promise<void> {
  for (let at = 0; at < tries; at += 1) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error(`${what}: it did not come to that`);
}
