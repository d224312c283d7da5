import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { runCli, startCli, type CliProcess } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';
import {
  catalogReader,
  profilerReport,
  type CatalogReader,
  type ProfilerReport,
} from '../integration/profiler/profiler-report.js';

const TABLES = 12;
/** Statements that read rows, of a table. */
const EACH = 2;
const LANES = 2;
const BUDGET = 10;

describe('A profiler run whose worker is killed', function () {
  this.timeout(180_000);
  let server: TestMariadb;
  let ingestion: Ingestion;
  let env: Record<string, string>;
  let catalog: CatalogReader;
  let worker: CliProcess;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    server = await startMariadb();
    await server.run('CREATE DATABASE shop');
    for (let table = 0; table < TABLES; table += 1)
      await server.run(
        `USE shop; CREATE TABLE t${table} (id INT, total DECIMAL(12,2), word VARCHAR(40), at DATETIME); INSERT INTO t${table} SELECT seq, seq / 4, CONCAT('w', seq MOD 5000), '2024-01-01' + INTERVAL seq MINUTE FROM seq_1_to_30000`
      );
    ingestion = await startIngestion();
    env = {
      ...ingestion.env,
      ...mariadbEnvironment(server),
    };
    Object.assign(ingestion.env, env);
    const recipe = readFileSync('recipes/mysql/profiler.yaml', 'utf8').replace(
      /threadCount: \d+/,
      `threadCount: ${LANES}`
    );
    writeFileSync(join(ingestion.recipesDir, 'my-metadata.yaml'), readFileSync('recipes/mysql/metadata.yaml', 'utf8'));
    writeFileSync(join(ingestion.recipesDir, 'profiler.yaml'), recipe);
    writeFileSync(
      join(ingestion.recipesDir, 'budget.yaml'),
      recipe
        .replace('skipUnchanged: true', `skipUnchanged: true\n      budget: {statements: ${BUDGET}}`)
        .replace(
          'type: Profiler\n',
          'type: Profiler\n      metrics: [valuesCount, nullCount, uniqueCount, mean, median]\n'
        )
    );
    catalog = catalogReader(ingestion.catalog);
    worker = await ingestion.startWorker();
    await runCli(['run', 'my-metadata.yaml'], { env, cwd: ingestion.folder });
    // A change in the second of a measuring would count as one.
    await sleep(1_100);
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  /** How many profiles each table has. */
  async function profiles(): Promise<number[]> {
    const names = Array.from({ length: TABLES }, (_, table) => `mysql.default.shop.t${table}`);
    const answers = await Promise.all(names.map((fqn) => catalog.get(`/tables/${fqn}/tableProfile?startTs=0`)));
    return answers.map(({ data }) => (data as unknown[]).length);
  }

  /** How often each table was read since the log was switched on. */
  async function scans(): Promise<number[]> {
    const log = (await server.generalLog()).map(({ text }) => /FROM `shop`\.`t(\d+)`/.exec(text)?.[1]);
    return Array.from({ length: TABLES }, (_, table) => log.filter((each) => each === String(table)).length);
  }

  /** Runs a recipe, kills the worker once so many more tables are profiled, and goes on with another. */
  async function runKilled(recipe: string, after: number): Promise<ProfilerReport> {
    const before = sum(await profiles());
    await server.logStatements(true);
    const run = startCli(['run', recipe, '--json'], { env, cwd: ingestion.folder });
    while (sum(await profiles()) < before + after) await sleep(20);
    worker.child.kill('SIGKILL');
    await worker.ended;
    worker = await ingestion.startWorker();
    const { stdout } = await run.ended;
    return profilerReport.parse(JSON.parse(stdout));
  }

  it('profiles no table twice, and measures none again but those in work', async () => {
    const report = await runKilled('profiler.yaml', 3);
    const read = await scans();
    await server.logStatements(false);
    expect(report).to.include({ state: 'success' });
    expect(await profiles()).to.deep.equal(Array<number>(TABLES).fill(1));
    expect(Math.min(...read)).to.be.at.least(EACH);
    expect(read.filter((count) => count > EACH).length, `statements a table: ${read.join(' ')}`).to.be.at.most(LANES);
    expect(Math.max(...read)).to.be.at.most(2 * EACH);
  });

  it('never exceeds its budget with that, and further runs complete the rest', async () => {
    const report = await runKilled('budget.yaml', 1);
    const spent = [sum(await scans())];
    await server.logStatements(false);
    expect(report.state).to.equal('partialSuccess');
    for (let state = report.state; state !== 'success';) {
      expect(spent.length, 'runs').to.be.below(TABLES);
      await server.logStatements(true);
      const { stdout } = await runCli(['run', 'budget.yaml', '--json'], { env, cwd: ingestion.folder });
      state = profilerReport.parse(JSON.parse(stdout)).state;
      spent.push(sum(await scans()));
      await server.logStatements(false);
    }
    expect(Math.max(...spent), `statements a run: ${spent.join(' ')}`).to.be.at.most(BUDGET);
    // One of the test before, one of these runs.
    expect(await profiles()).to.deep.equal(Array<number>(TABLES).fill(2));
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
