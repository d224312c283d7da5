import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const run = promisify(execFile);

/** Installing 300 packages from the registry takes half a minute, more on a busy machine. */
const INSTALL_TIMEOUT_MS = 300_000;

const START = `
import { createClient } from 'openmetadata-temporal-ingestion';
const client = await createClient({ taskQueue: process.env.OM_INGEST_TASK_QUEUE });
const run = await client.start({ recipePath: 'shop.yaml' });
const report = await run.wait();
await client.close();
console.log(report.workflow, report.service, report.state);
`;

describe('The package, packed and installed in an empty project', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-packed-'));
  let ingestion: Ingestion;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    ingestion = await startIngestion();
    await ingestion.startWorker();
    // built already: building again would take the ground from under the other tests
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    await run('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder });
  });
  after(async () => {
    await ingestion?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the command om-ingest', async () => {
    const { stdout } = await run('npx', ['om-ingest', '--version'], { cwd: folder });
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it('starts a run from code and gets its report', async () => {
    writeFileSync(join(folder, 'start.js'), START);
    const env = { ...process.env, ...ingestion.env };
    const { stdout } = await run(process.execPath, ['start.js'], { cwd: folder, env });
    expect(stdout.trim()).to.equal('metadataWorkflow quickstart_shop success');
  });

  it('brings the workflow bundle and a server and worker of its own', async () => {
    expect(readdirSync(join(folder, 'node_modules/openmetadata-temporal-ingestion/dist/src'))).to.include(
      'workflow-bundle.js'
    );
    const recipe = join(ingestion.recipesDir, 'shop.yaml');
    const env = { ...process.env, ...ingestion.env };
    const { stdout } = await run('npx', ['om-ingest', 'run', recipe, '--local', '--quiet'], { cwd: folder, env });
    expect(stdout).to.contain('metadataWorkflow of quickstart_shop: success');
  });
});
