import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { runCli, startCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const RUN_ID = 'om-quickstart_shop.metadata';

describe('om-ingest run', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
  });
  after(() => ingestion.stop());

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });

  it("runs a recipe of the worker's folder and prints its report on stdout alone", async () => {
    const { code, stdout, stderr } = await cli('run', 'shop.yaml');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/metadataWorkflow of quickstart_shop: success/);
    expect(stderr)
      .to.contain(`run ${RUN_ID}`)
      .and.to.match(/extract +done +1\/1 +13 records/);
  });

  it('prints one line of JSON and nothing else by --json', async () => {
    const { code, stdout, stderr } = await cli('run', 'recipes/shop.yaml', '--json');
    expect(code, stderr).to.equal(0);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.include({
      workflow: 'metadataWorkflow',
      service: 'quickstart_shop',
      state: 'success',
    });
  });

  it('leaves at once by --detach, and status shows the report later', async () => {
    const started = await cli('run', 'shop.yaml', '--detach', '--id', 'detached');
    expect(started).to.include({ code: 0, stdout: 'run detached\nFollow it by `om-ingest status detached`.\n' });
    const joined = await cli('run', 'shop.yaml', '--id', 'detached', '--quiet');
    expect(joined.code).to.equal(0);
    const { code, stdout } = await cli('status', 'detached');
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^detached: metadataWorkflow completed/)
      .and.to.contain('success');
  });

  it('returns the result of a run that succeeded under the same --id instead of starting another', async () => {
    const first = await cli('run', 'shop.yaml', '--id', 'once', '--json');
    const second = await cli('run', 'shop.yaml', '--id', 'once', '--json');
    expect(second.code).to.equal(0);
    expect(second.stdout).to.equal(first.stdout);
  });

  it('says what a link to the start form needs, and starts nothing, by --ui', async () => {
    const { code, stdout } = await cli('run', 'shop.yaml', '--ui', 'http://ui.example:8080/');
    expect(code).to.equal(0);
    const [link, input] = stdout.trim().split('\n');
    const query = `workflowId=${RUN_ID}&taskQueue=${ingestion.env['OM_INGEST_TASK_QUEUE']}&workflowType=metadataWorkflow`;
    expect(link).to.equal(`http://ui.example:8080/namespaces/default/workflows/start-workflow?${query}`);
    expect(input).to.equal('{"recipePath":"shop.yaml"}');
  });

  it('knows no run under an id that was never used', async () => {
    for (const command of ['status', 'cancel']) {
      const { code, stdout, stderr } = await cli(command, 'never-used');
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.match(/^error: Temporal knows no run never-used in the namespace default\./);
    }
  });

  it('says that a run is over already when asked to cancel it', async () => {
    await cli('run', 'shop.yaml', '--id', 'over', '--quiet');
    expect(await cli('cancel', 'over')).to.include({ code: 2, stderr: 'over is over already: completed.\n' });
  });

  it('exits with 0 after a run that failed by its records alone when the recipe says raiseOnError: false, else with 2', async () => {
    const shop = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    shop.exec('CREATE VIEW broken AS SELECT id FROM nowhere');
    shop.close();
    const yaml = readFileSync(join(ingestion.recipesDir, 'shop.yaml'), 'utf8');
    for (const raiseOnError of [true, false]) {
      const settings = `workflowConfig:\n  successThreshold: 100\n  raiseOnError: ${raiseOnError}`;
      writeFileSync(join(ingestion.recipesDir, 'broken.yaml'), yaml.replace('workflowConfig:', settings));
      const { code, stdout } = await cli('run', 'broken.yaml', '--json');
      expect(JSON.parse(stdout)).to.include({ state: 'failed' });
      expect(code, `raiseOnError: ${raiseOnError}`).to.equal(raiseOnError ? 2 : 0);
    }
  });
});

describe('om-ingest run without a worker', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });

  it('says that nobody polls the queue, leaves the run to itself on SIGTERM, and a later worker ends it', async () => {
    const waiting = startCli(['run', 'shop.yaml'], { env: ingestion.env, cwd: ingestion.folder });
    await waiting.until('no worker polls');
    waiting.child.kill('SIGTERM');
    const left = await waiting.ended;
    expect(left.code).to.equal(143);
    expect(left.stderr).to.contain(`${RUN_ID} continues without this command.`);

    const second = await cli('run', 'shop.yaml');
    expect(second.code).to.equal(2);
    expect(second.stderr).to.equal(
      `error: ${RUN_ID} is already running. Wait for it, attach to it by its id, or cancel it first.\n`
    );

    const status = await cli('status', RUN_ID);
    expect(status.code).to.equal(0);
    expect(status.stdout)
      .to.match(/metadataWorkflow running/)
      .and.to.contain('no worker');

    await ingestion.startWorker();
    const joined = await cli('run', 'shop.yaml', '--id', RUN_ID, '--quiet');
    expect(joined.code, joined.stderr).to.equal(0);
    expect(joined.stdout).to.contain('success');
  });

  it('cancels the run on SIGTERM by --cancel-on-exit', async () => {
    const env = { ...ingestion.env, OM_INGEST_TASK_QUEUE: `${ingestion.env['OM_INGEST_TASK_QUEUE']}-empty` };
    const waiting = startCli(['run', 'shop.yaml', '--id', 'unwanted', '--cancel-on-exit'], {
      env,
      cwd: ingestion.folder,
    });
    await waiting.until('run unwanted');
    const following = startCli(['run', 'shop.yaml', '--id', 'unwanted', '--json'], { env, cwd: ingestion.folder });
    await following.until('no worker');
    waiting.child.kill('SIGTERM');
    await waiting.until('SIGTERM: cancelling unwanted');
    // a workflow without a worker can't end by itself; a worker of that queue lets it
    const worker = startCli(['worker'], { env, cwd: ingestion.folder });
    const { code, stderr } = await waiting.ended;
    const followed = await following.ended;
    expect(followed.code).to.equal(2);
    expect(JSON.parse(followed.stdout), 'what it did until then').to.include({ state: 'stopped' });
    worker.child.kill('SIGTERM');
    await worker.ended;
    expect(code).to.equal(2);
    expect(stderr).to.contain('error: unwanted was cancelled.');
    const status = await cli('status', 'unwanted');
    expect(status.code, status.stderr).to.equal(2);
    expect(status.stdout).to.contain('metadataWorkflow cancelled').and.to.contain('the run was cancelled');
    expect((await cli('report', 'unwanted')).stdout).to.contain('the run was cancelled');
  });
});

describe('om-ingest run --local', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  it('brings its own Temporal server and worker, and takes both away again', async () => {
    const env = { ...ingestion.env, TEMPORAL_ADDRESS: undefined, OM_INGEST_RECIPES: undefined };
    const { code, stdout, stderr } = await runCli(['run', 'recipes/shop.yaml', '--local'], {
      env,
      cwd: ingestion.folder,
    });
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain('metadataWorkflow of quickstart_shop: success');
    const ui = /http:\S+/.exec(stderr)?.[0] ?? '';
    expect(
      await fetch(ui).then(
        () => 'there',
        () => 'gone'
      )
    ).to.equal('gone');
  });

  it('excludes --detach', async () => {
    const { code, stderr } = await runCli(['run', 'recipes/shop.yaml', '--local', '--detach'], {
      cwd: ingestion.folder,
    });
    expect(code).to.equal(2);
    expect(stderr).to.contain('exclude each other');
  });
});
