import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

describe('om-ingest pause and resume', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const statusUntil = async (shows: RegExp): Promise<string> => {
    let stdout = '';
    for (let tries = 0; tries < 80 && !shows.test(stdout); tries += 1) {
      await sleep(250);
      ({ stdout } = await cli('status', 'held'));
    }
    return stdout;
  };

  it('hold a run up before its first stage, and let it go on to its end', async () => {
    await cli('run', 'shop.yaml', '--detach', '--id', 'held');
    const paused = await cli('pause', 'held');
    expect(paused.stdout).to.contain('held begins nothing more').and.to.contain('om-ingest resume held');
    await ingestion.startWorker();
    expect(await statusUntil(/paused/)).to.match(/paused/);
    await sleep(1_000);
    expect(await statusUntil(/paused/)).to.match(/paused/);
    const resumed = await cli('resume', 'held');
    expect([resumed.code, resumed.stdout]).to.deep.equal([0, 'held continues.\n']);
    expect(await statusUntil(/completed/)).to.match(/completed/);
  });

  it('say of a run that is over that it is', async () => {
    const { code, stderr } = await cli('pause', 'held');
    expect(stderr).to.contain('held is over already: completed.');
    expect(code).to.equal(2);
  });
});
