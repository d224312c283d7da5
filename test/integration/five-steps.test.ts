import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import {
  createClient,
  LineageWorkflow,
  MetadataWorkflow,
  readTemporalSettings,
  RecipeError,
  RunFailedError,
  RunStoppedError,
  type TemporalSettings,
} from '../../src/index.js';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const SENTINEL = 'c2VudGluZWw.sentinel-token-58120.c2ln';

describe('The five steps', () => {
  let ingestion: Ingestion;
  let temporal: TemporalSettings;
  let yaml: string;
  const variables: Record<string, string | undefined> = {};

  before(async () => {
    ingestion = await startIngestion();
    temporal = readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address });
    yaml = readFileSync('recipes/quickstart/metadata.yaml', 'utf8');
    for (const [name, value] of Object.entries(ingestion.env)) {
      if (name.startsWith('TEMPORAL_')) continue;
      variables[name] = process.env[name];
      process.env[name] = value;
    }
  });
  after(async () => {
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await ingestion.stop();
  });

  const made: MetadataWorkflow[] = [];
  const create: typeof MetadataWorkflow.create = async (config, options) => {
    const workflow = await MetadataWorkflow.create(config, options);
    made.push(workflow);
    return workflow;
  };
  // a worker in this process that outlives its test would keep mocha from ending
  afterEach(async () => {
    for (const workflow of made.splice(0)) await workflow.stop();
  });

  const literal = (token: string): string => yaml.replace(/jwtToken: .*/, `jwtToken: ${token}`);

  it('run YAML text on a worker elsewhere', async () => {
    await ingestion.startWorker();
    const workflow = await create(yaml, {
      temporal,
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
    });
    const report = await workflow.execute();
    expect(() => workflow.raiseFromStatus()).not.to.throw();
    await workflow.stop();
    expect(report).to.include({ service: 'quickstart_shop', state: 'success' });
  });

  it('raise for warnings where that is asked for', async () => {
    const workflow = await create(yaml.replace('loggerLevel: INFO', 'loggerLevel: WARNING'), {
      temporal,
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: 'warned',
      say: () => undefined,
    });
    const report = await workflow.execute();
    expect(report.state).to.equal('success');
    expect(() => workflow.raiseFromStatus()).not.to.throw();
    expect(() => workflow.raiseFromStatus({ raiseWarnings: true })).to.throw(RunFailedError, /there are warnings/);
  });

  it('run an object with secrets in plain text inside this process, and say so', async () => {
    const said: string[] = [];
    const config: unknown = parse(literal(ingestion.catalog.token));
    const workflow = await create(config, {
      temporal,
      workflowId: 'in-process',
      say: (line) => said.push(line),
    });
    await workflow.execute();
    await workflow.stop();
    expect(workflow.report?.state).to.equal('success');
    expect(said.join('\n')).to.contain('does not survive');
  });

  it('keep such a secret out of the history, also when it fails', async () => {
    const workflow = await create(literal(SENTINEL), {
      temporal,
      workflowId: 'sentinel',
      say: () => undefined,
    });
    await workflow.execute();
    expect(() => workflow.raiseFromStatus()).to.throw(RunFailedError, /token/);
    await workflow.stop();
    const client = await createClient({ settings: temporal });
    const history = await client.temporal.workflow.getHandle('sentinel').fetchHistory();
    await client.close();
    const text = JSON.stringify(history, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
    );
    expect(text).to.contain('RunFailed').and.not.to.contain(SENTINEL);
  });

  it('refuse a recipe of another kind and name the right class', async () => {
    const error = await LineageWorkflow.create(yaml, { temporal }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RecipeError);
    expect((error as Error).message).to.contain('Use MetadataWorkflow');
  });

  it('take a lineage recipe by MetadataWorkflow too, as the Python framework does', async () => {
    const lineage = yaml
      .replace('type: sqlite', 'type: sqlite-lineage')
      .replace(/type: DatabaseMetadata[^]*?(?=sink)/, 'type: DatabaseLineage\n');
    const workflow = await MetadataWorkflow.create(lineage, { temporal, workflowId: 'lineage-by-metadata' });
    await workflow.stop();
    expect(workflow.workflowId).to.equal('lineage-by-metadata');
  });

  it('may be stopped in the middle: a run inside this process is cancelled', async () => {
    const [closed] = await freePorts(1);
    const nobody = literal(ingestion.catalog.token).replace(/hostPort: .*/, `hostPort: http://127.0.0.1:${closed}/api`);
    const workflow = await create(nobody, { temporal, workflowId: 'stopped', inProcess: true, say: () => undefined });
    const end = workflow.execute().catch((error: unknown) => error);
    const client = await createClient({ settings: temporal });
    const run = client.attach('stopped');
    while ((await run.describe().catch(() => undefined))?.status !== 'RUNNING') await sleep(50);
    await workflow.stop();
    expect(await end).to.be.instanceOf(RunStoppedError);
    expect((await run.describe()).status).to.equal('CANCELLED');
    await client.close();
  });

  it('may be stopped without having been executed', async () => {
    const workflow = await create(literal(ingestion.catalog.token), {
      temporal,
      say: () => undefined,
    });
    workflow.raiseFromStatus();
    await workflow.stop();
    await workflow.stop();
    expect(workflow.report).to.equal(undefined);
  });
});
