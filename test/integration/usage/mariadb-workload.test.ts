import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { mariadbEnvironment } from '../../services/mariadb-environment.js';
import { heldUsage, type HeldUsage } from './held-usage.js';

/** Of general-log-workload.sql, as its statements say: how often each table is named by one that runs. */
const WORKLOAD: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`o${n + 1}`, 1])),
  s: 19,
  s2: 4,
  '"We ird.t"': 1,
  MixedCase: 1,
};

/** With general-log-blocks.sql: what a block prepares counts with the block, what a function does when it is called. */
const WITH_BLOCKS: Readonly<Record<string, number>> = {
  ...WORKLOAD,
  ...{ s: 20, s2: 5, s3: 1, o1: 3, O1: 2, o3: 2, o4: 2, o5: 2, o6: 2, o7: 2, o8: 4, o18: 2 },
};

const JOINS = ['bug_lin.o12.id = bug_lin.s.id: 1', 'bug_lin.s.id = bug_lin.s2.id: 2'];

describe('usageWorkflow of a MariaDB with the client program’s statements', function () {
  this.timeout(180_000);
  let server: TestMariadb;
  let ingestion: Ingestion;
  let folder: string;
  let catalog: string;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    server = await startMariadb({ arguments: ['--general-log=1'] });
    folder = mkdtempSync(path.join(tmpdir(), 'om-workload-'));
    catalog = path.join(folder, 'catalog.db');
    ingestion = await startIngestion({
      catalogFile: catalog,
      env: mariadbEnvironment(server),
    });
    for (const kind of ['metadata', 'usage'])
      writeFileSync(
        path.join(ingestion.recipesDir, `${kind}.yaml`),
        readFileSync(`recipes/mysql/${kind}.yaml`, 'utf8')
      );
    await ingestion.startWorker();
    client('general-log-tables.sql');
    client('general-log-blocks.sql');
    await server.run('DROP PROCEDURE bug_lin.p; DROP FUNCTION bug_lin.f; DROP TRIGGER bug_lin.t');
    await run('metadata.yaml');
    await server.run('DROP TABLE bug_lin.O1; TRUNCATE bug_lin.o4; TRUNCATE bug_lin.o5');
    await server.logStatements(true);
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function client(file: string): void {
    const { error } = spawnSync('mariadb', ['--force', '-u', 'root', '-S', server.socketPath], {
      input: readFileSync(`test/data/cases/${file}`),
    });
    if (error !== undefined) throw error;
  }

  async function run(recipe: string): Promise<HeldUsage> {
    const { stdout, stderr } = await runCli(['run', recipe, '--json', '--quiet'], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    const report = JSON.parse(stdout) as RunReport;
    expect(report.state, stderr + stdout).to.not.equal('failed');
    return heldUsage(catalog);
  }

  /** Of all days: the statements may run about midnight. */
  const totals = ({ counts }: HeldUsage): Record<string, number> =>
    Object.fromEntries(
      Object.entries(counts).flatMap(([name, days]) =>
        name.startsWith('bug_lin.')
          ? [[name.slice('bug_lin.'.length), Object.values(days).reduce((sum, count) => sum + count, 0)]]
          : []
      )
    );
  const joins = (held: HeldUsage): string[] => held.joins.map((join) => join.slice('2026-11-27 '.length)).sort();

  it('counts each statement once for each table that it names', async () => {
    client('general-log-workload.sql');
    const held = await run('usage.yaml');
    expect(totals(held)).to.deep.equal(WORKLOAD);
    expect(joins(held)).to.deep.equal(JOINS);
  });

  it('counts blocks, what they prepare, functions, triggers and tables whose names differ by case', async () => {
    client('general-log-blocks.sql');
    const held = await run('usage.yaml');
    expect(totals(held)).to.deep.equal(WITH_BLOCKS);
    expect(joins(held)).to.deep.equal(['bug_lin.O1.id = bug_lin.o1.id: 1', ...JOINS].sort());
  });
});
