import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { reportRunning } from '../../../src/activities/run/run-status.js';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { OpenMetadataClient, tokenProvider, type EntityReference } from '../../../src/openmetadata/index.js';
import { readRecipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { stageRecipe } from '../../../src/run-context/index.js';
import { FolderStore } from '../../../src/staging/index.js';

const PIPELINE = 'shop.nightly';
const NOW = 1_790_000_000_000;
/** On this host: one that is alive, and one that can't be. */
const ALIVE = `${hostname()}:${process.ppid}`;
const DEAD = `${hostname()}:${2 ** 30}`;

const text = `
source: {type: mysql, serviceName: shop, serviceConnection: {config: {type: Mysql, username: u, authType: {password: '\${P}'}, hostPort: 'h:1'}}, sourceConfig: {config: {type: DatabaseMetadata}}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig: {hostPort: 'http://localhost:8585/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}}
ingestionPipelineFQN: ${PIPELINE}
`;

describe('a run that another one finds `running` when it starts', () => {
  let folder: string;
  let catalog: LocalCatalog;
  let client: OpenMetadataClient;
  let store: FolderStore;
  let owner: EntityReference;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'om-run-status-'));
    catalog = await startLocalCatalog({ file: ':memory:', port: 0, as: '2.0' });
    const { hostPort, token } = catalog;
    client = new OpenMetadataClient({ hostPort, token: tokenProvider(token), userAgent: 'test', verifySSL: 'no-ssl' });
    const { id } = await client.services.create({ name: 'shop', serviceType: 'Mysql' });
    owner = { id, type: 'databaseService' };
    store = await FolderStore.open(folder);
  });
  afterEach(async () => {
    await client.close();
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (run: string, deps: { ownServer?: boolean; isRunning: boolean }): Promise<void> => {
    const { recipe } = readRecipe({ text, origin: 'test' });
    await stageRecipe(store, run, { recipe });
    const identity = { workflowId: run, pipelineRunId: run, startedAt: NOW, anchor: NOW, kind: 'metadata' as const };
    const recorder = new PartRecorder();
    const reporter = { client, recipe, identity, recorder, signal: new AbortController().signal };
    await reportRunning(reporter, owner, { ...deps, isRunning: async () => deps.isRunning, store });
  };
  const stateOf = async (run: string): Promise<string | undefined> => {
    const found = await client.pipelines.listStatuses(PIPELINE, { startTs: NOW - 1000, endTs: NOW + 1000 });
    return found.find(({ runId }) => runId === run)?.pipelineState;
  };
  const nameItsProcess = (run: string, process: string): Promise<unknown> =>
    client.pipelines.putStatus(PIPELINE, {
      ...{ runId: run, pipelineState: 'running', startDate: NOW, timestamp: NOW, config: {} },
      metadata: { workflowId: run, process },
    });

  it('is left alone when the process that brought its Temporal server is alive', async () => {
    await start('one', { isRunning: false, ownServer: true });
    await nameItsProcess('one', ALIVE);
    await start('two', { isRunning: false, ownServer: true });
    expect(await stateOf('one')).to.equal('running');
    await start('three', { isRunning: false });
    expect(await stateOf('one')).to.equal('running');
  });

  it('is left to its cluster by a run that brings a Temporal server of its own', async () => {
    await start('one', { isRunning: false });
    await start('two', { isRunning: false, ownServer: true });
    expect(await stateOf('one')).to.equal('running');
    await start('three', { isRunning: false });
    expect(await stateOf('one')).to.equal('failed');
  });

  it('is closed when its process is gone', async () => {
    await start('one', { isRunning: false, ownServer: true });
    await nameItsProcess('one', DEAD);
    await start('two', { isRunning: false, ownServer: true });
    expect(await stateOf('one')).to.equal('failed');
  });
});
