import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect } from 'chai';
import { RunWatch } from '../../../src/activities/run/run-watch.js';
import { reportEnd, reportRunning, type StatusReporter } from '../../../src/activities/run/run-status.js';
import { inStage, type StageContext } from '../../../src/activities/run/stage-context.js';
import { StageInterceptor } from '../../../src/activities/run/stage-interceptor.js';
import type { RunIdentity } from '../../../src/contract/run-plan.js';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { HttpTransport, OpenMetadataClient, type Transport } from '../../../src/openmetadata/index.js';
import { readRecipe } from '../../../src/recipe/index.js';
import { NO_PART, PartRecorder, makeReport, reportSteps } from '../../../src/report/index.js';
import { stageRecipe } from '../../../src/run-context/index.js';
import { FolderStore } from '../../../src/staging/index.js';

const RUN = '0f0e0d0c-0b0a-4908-8706-050403020100';
const identity: RunIdentity = { workflowId: 'w', pipelineRunId: RUN, startedAt: 1, anchor: 1, kind: 'metadata' };
const plan = { ingestionPipelineFQN: 'shop.nightly', streamLogs: true };

const text = `
source:
  type: mysql
  serviceName: shop
  serviceConnection: {config: {type: Mysql, username: u, authType: {password: "\${P}"}, hostPort: "h:1"}}
  sourceConfig: {config: {type: DatabaseMetadata}}
sink: {type: metadata-rest, config: {}}
ingestionPipelineFQN: shop.nightly
enableStreamableLogs: true
workflowConfig:
  openMetadataServerConfig: {hostPort: "http://h:1/api", authProvider: openmetadata, securityConfig: {jwtToken: "\${T}"}}
`;

describe('What OpenMetadata is told of a run while it runs', () => {
  let folder: string;
  let catalog: LocalCatalog;
  let client: OpenMetadataClient;
  let store: FolderStore;
  let reporter: StatusReporter;
  const bodies: { path: string; body: unknown }[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'om-run-watch-'));
    catalog = await startLocalCatalog({ file: ':memory:', port: 0, as: '2.0' });
    const { hostPort, token } = catalog;
    const http = new HttpTransport({ hostPort, token: () => Promise.resolve(token), userAgent: 'test' });
    bodies.length = 0;
    const transport: Transport = {
      request: (method, path, options) => {
        bodies.push({ path, body: options?.body });
        return http.request(method, path, options);
      },
      close: () => http.close(),
    };
    client = new OpenMetadataClient({ transport });
    const service = await client.services.create({ name: 'shop', serviceType: 'Mysql' });
    store = await FolderStore.open(folder);
    const { recipe } = readRecipe({ text, origin: 'test' });
    await stageRecipe(store, RUN, { recipe });
    reporter = { client, recipe, identity, recorder: new PartRecorder(), signal: new AbortController().signal };
    const owner = { id: service.id, type: 'databaseService' as const };
    await reportRunning(reporter, owner, { isRunning: async () => false, store });
  });
  afterEach(async () => {
    await client.close();
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const updates = (): unknown[] => bodies.filter(({ path }) => path.includes('/progress/')).map(({ body }) => body);
  const logOf = async (): Promise<unknown> => {
    const url = `${catalog.url}/api/v1/services/ingestionPipelines/logs/shop.nightly/${RUN}`;
    return (await fetch(url, { headers: { authorization: `Bearer ${catalog.token}` } })).json();
  };
  const stage = (watch: RunWatch, body: (context: StageContext) => Promise<void>): Promise<unknown> => {
    const input = { args: [{ identity, plan }], headers: {} };
    const environment = new MockActivityEnvironment(
      { activityType: 'extractUnit' },
      { logger: new DefaultLogger('ERROR', () => undefined) }
    );
    return environment.run(() => new StageInterceptor(undefined, watch).execute(input, () => inStage(body)));
  };
  const ended = (error?: string): Promise<void> =>
    reportEnd(
      reporter,
      makeReport({
        workflow: 'metadataWorkflow',
        service: 'shop',
        pipelineRunId: RUN,
        steps: reportSteps('metadata', 'Mysql'),
        startedAt: 1,
        finishedAt: 2,
        successThreshold: 90,
        raiseOnError: true,
        part: NO_PART,
        ...(error === undefined ? {} : { error }),
      })
    );

  it('is DISCOVERY at the start, PROCESSING from time to time, PIPELINE_COMPLETE at the end', async () => {
    const stages = [
      {
        name: 'read',
        state: 'running' as const,
        done: 1,
        total: 4,
        records: 7,
        failures: 0,
        startedAt: 1,
        changedAt: 2,
      },
    ];
    const progressOf = async () => ({
      state: 'running' as const,
      service: 'shop',
      pipelineRunId: RUN,
      startedAt: 1,
      stages,
      steps: {},
    });
    const watch = new RunWatch({ store, connections: { client: async () => client }, progressOf }, 10);
    await stage(watch, async () => {
      while (updates().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    });
    await ended();
    expect(updates()[0]).to.deep.include({ runId: RUN, updateType: 'DISCOVERY' });
    expect(updates()[1]).to.deep.include({
      updateType: 'PROCESSING',
      stepName: 'read',
      progress: {
        label: 'shop',
        active: true,
        children: [{ label: 'read', processed: 1, expected: 4, active: true }],
      },
    });
    expect(updates().at(-1)).to.deep.include({ updateType: 'PIPELINE_COMPLETE', timestamp: 2 });
  });

  it('is ERROR when the run failed, with what ended it', async () => {
    await ended('the source is gone');
    expect(updates().at(-1)).to.deep.include({ updateType: 'ERROR', message: 'the source is gone' });
  });

  it("is the run's own lines too when the recipe asks for them, closed with the report", async () => {
    const watch = new RunWatch({ store, connections: { client: async () => client } });
    await stage(watch, async ({ recorder }) => {
      recorder.failure('source', 'shop.default.a.t', 'no rights');
    });
    expect(await logOf()).to.have.property('closed', false);
    await ended();
    const log = await logOf();
    expect(log).to.have.property('closed', true);
    expect(log)
      .to.have.property('logs')
      .that.matches(/ERROR extractUnit: shop\.default\.a\.t: no rights\n/);
    expect(log)
      .to.have.property('logs')
      .that.matches(/INFO {2}extractUnit: done in [\d.]+ s\n[^]*metadataWorkflow of shop: success/);
  });

  it('fails nothing when it is refused or lost', async () => {
    const broken = new OpenMetadataClient({
      transport: { request: () => Promise.reject(new Error('the line is cut')) },
    });
    const watch = new RunWatch({ store, connections: { client: async () => broken } }, 5);
    await stage(watch, async ({ recorder }) => recorder.note('a fact'));
  });
});
