import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

describe('om-ingest report', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
    expect((await cli('run', 'shop.yaml', '--quiet')).code).to.equal(0);
    const shop = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    shop.exec('CREATE TABLE "<b>odd</b>" (id INTEGER)');
    shop.close();
    expect((await cli('run', 'shop.yaml', '--quiet')).code).to.equal(0);
  });
  after(() => ingestion.stop());

  it('tells of stages and of what changed since the run before', async () => {
    const { code, stdout, stderr } = await cli('report', 'om-quickstart_shop.metadata');
    expect(code, stderr).to.equal(0);
    expect(stdout)
      .to.contain('metadataWorkflow of quickstart_shop: success')
      .and.to.match(/Stages:\n {2}prepareRun +\d+\.\d s\n {2}listScopes/)
      .and.to.match(/Since the run that ended \S+ \(success\):\n/)
      .and.to.match(/SQLite records: 15 → 16\n/)
      .and.to.match(/OpenMetadata unchanged: 0 → 15\n/);
  });

  it('writes one page that fetches nothing', async () => {
    const { code, stdout, stderr } = await cli('report', 'om-quickstart_shop.metadata', '--html', 'run.html');
    expect(code, stderr).to.equal(0);
    const file = join(ingestion.folder, 'run.html');
    expect(stdout.trim()).to.equal(file);
    const page = readFileSync(file, 'utf8');
    expect(page)
      .to.contain('<svg')
      .and.to.contain('extractUnit')
      .and.to.contain('Since the run before')
      .and.not.to.match(/<script|src=|href=|url\(|<b>odd/);
  });

  it('gives all of it as JSON', async () => {
    const { stdout } = await cli('report', 'om-quickstart_shop.metadata', '--json');
    const { report, before, stages } = JSON.parse(stdout) as {
      report: { state: string };
      before: { state: string };
      stages: { stage: string; spans: { attempts: number; outcome: string }[] }[];
    };
    expect([report.state, before.state]).to.deep.equal(['success', 'success']);
    expect(stages.find(({ stage }) => stage === 'publishUnit')?.spans[0]).to.include({
      attempts: 1,
      outcome: 'completed',
    });
  });

  it('says of which run nothing is known, and which file can not be written', async () => {
    const unknown = await cli('report', 'nobody');
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.contain('Temporal knows no run nobody');
    const nowhere = await cli('report', 'om-quickstart_shop.metadata', '--html', 'no/such/folder.html');
    expect(nowhere.code).to.equal(2);
    expect(nowhere.stderr).to.contain('no/such/folder.html');
  });
});
