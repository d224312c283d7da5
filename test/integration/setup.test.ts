import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';

describe('om-ingest setup', () => {
  let ingestion: Ingestion;
  let temporal: TestTemporal;
  let client: Client;

  before(async () => {
    // a server of its own: search attributes stay registered
    [temporal, ingestion] = await Promise.all([startTemporal(), startIngestion()]);
    client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  });
  after(async () => {
    await client.connection.close();
    await ingestion.stop();
    await temporal.stop();
  });

  const cli = (...args: string[]): Promise<CliOutcome> =>
    runCli(args, { env: { ...ingestion.env, TEMPORAL_ADDRESS: temporal.address }, cwd: ingestion.folder });

  it('registers the four search attributes, and may be repeated', async () => {
    expect(await cli('setup')).to.include({
      code: 0,
      stdout: 'registered: OmService, OmPipeline, OmWorkflow, OmState\n',
    });
    expect(await cli('setup')).to.include({
      code: 0,
      stdout: 'there already: OmService, OmPipeline, OmWorkflow, OmState\n',
    });
  });

  it('lets the client set them at the start, before any worker is there', async () => {
    const { code, stderr } = await cli('run', 'shop.yaml', '--detach', '--id', 'attributed');
    expect(code, stderr).to.equal(0);
    const { typedSearchAttributes } = await client.workflow.getHandle('attributed').describe();
    const values = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(values).to.include({ OmWorkflow: 'metadata', OmState: 'queued' });
    await client.workflow.getHandle('attributed').terminate();
  });

  it('says what to do about a name that is taken by another type', async () => {
    const { operatorService } = client.connection;
    await operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes: ['OmState'] });
    const TEXT = 1;
    await operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: { OmState: TEXT } });
    const { code, stderr } = await cli('setup');
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/OmState .* another type than Keyword/)
      .and.to.contain('search-attribute remove');
    // and runs do without them
    const started = await cli('run', 'shop.yaml', '--detach', '--id', 'plain');
    expect(started.code, started.stderr).to.equal(0);
    await client.workflow.getHandle('plain').terminate();
  });
});
