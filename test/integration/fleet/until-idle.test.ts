import { expect } from 'chai';
import { startCli, runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

describe('om-ingest worker --until-idle', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion?.stop());

  it('does what waits, and leaves with exit code 0 when nothing is open any more', async () => {
    const { env, folder: cwd } = ingestion;
    const run = startCli(['run', 'shop.yaml'], { env, cwd });
    const worker = startCli(['worker', '--until-idle', '3000'], { env, cwd });
    expect((await run.ended).code).to.equal(0);
    const { code, stderr } = await worker.ended;
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include('no run is open: the worker leaves');
  });

  it('leaves as well when there was nothing to do', async () => {
    const { env, folder: cwd } = ingestion;
    const { code } = await runCli(['worker', '--until-idle', '500'], { env, cwd });
    expect(code).to.equal(0);
  });
});
