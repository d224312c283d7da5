import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Client,
  Connection,
  WorkflowFailedError,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { expect } from 'chai';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../services/otlp-receiver.js';
import { formsOf } from '../services/secret-search.js';
import { startWorkerProcess, type WorkerProcess } from '../services/worker-process.js';

/** A token that no server takes; what the catalog says about it must not end up in a trace. */
const WRONG_TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"sentinel-token","isBot":true}').toString('base64url')}.c2VudGluZWw`;
const ERROR = 2;

describe('The traces of runs', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let receiver: OtlpReceiver;
  let client: Client;
  let done: WorkflowHandleWithFirstExecutionRunId;
  let refused: WorkflowHandleWithFirstExecutionRunId;
  let misspelt: WorkflowHandleWithFirstExecutionRunId;
  let log: string;

  before(async () => {
    [ingestion, receiver] = await Promise.all([startIngestion(), startOtlpReceiver()]);
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    const shop = readFileSync(join(ingestion.recipesDir, 'shop.yaml'), 'utf8');
    writeFileSync(join(ingestion.recipesDir, 'refused.yaml'), shop.replace(/\$\{OM_JWT_TOKEN[^}]*\}/, WRONG_TOKEN));
    writeFileSync(join(ingestion.recipesDir, 'misspelt.yaml'), shop.replace('sourceConfig', 'sourceKonfig'));
    const env = { ...ingestion.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_RESOURCE_ATTRIBUTES: 'team=data' };
    // two, so that stages of one run are told by different processes
    const workers: WorkerProcess[] = await Promise.all([startWorkerProcess(env), startWorkerProcess(env)]);
    done = await start('done', 'shop.yaml');
    await done.result();
    refused = await start('refused', 'refused.yaml');
    misspelt = await start('misspelt', 'misspelt.yaml');
    for (const run of [refused, misspelt])
      expect(await run.result().catch((error: unknown) => error)).to.be.instanceOf(WorkflowFailedError);
    for (const worker of workers) expect(await worker.terminate()).to.equal(0);
    log = (await Promise.all(workers.map((worker) => worker.log))).join('');
  });
  after(async () => {
    await client?.connection.close();
    await receiver?.stop();
    await ingestion?.stop();
  });

  const start = (name: string, recipePath: string): Promise<WorkflowHandleWithFirstExecutionRunId> =>
    client.workflow.start('metadataWorkflow', {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `traced-${name}-${process.pid}`,
      args: [{ recipePath }],
    });
  const traceOf = ({ firstExecutionRunId }: WorkflowHandleWithFirstExecutionRunId): ReceivedSpan[] =>
    receiver.spans.filter(({ traceId }) => traceId === firstExecutionRunId.replaceAll('-', ''));
  const rootsOf = (spans: readonly ReceivedSpan[]): ReceivedSpan[] =>
    spans.filter(({ name }) => name.startsWith('RunWorkflow:'));

  it('have one span a run, whose trace id is the run id, with how it ended', () => {
    const [root, ...others] = rootsOf(traceOf(done));
    expect(others).to.deep.equal([]);
    expect(root?.name).to.equal('RunWorkflow:metadataWorkflow');
    expect(root?.parentSpanId ?? '').to.equal('');
    expect(root?.attributes).to.include({
      temporalWorkflowId: done.workflowId,
      'om_ingest.kind': 'metadata',
      'om_ingest.service': 'quickstart_shop',
      'om_ingest.state': 'success',
    });
    expect(root?.resource).to.include({ 'service.name': 'om-ingest', team: 'data' });
  });

  it('have a span a stage below it, and below that one for each call to OpenMetadata', () => {
    const spans = traceOf(done);
    const [root] = rootsOf(spans);
    const stages = spans.filter(({ name }) => name.startsWith('RunActivity:'));
    const expected = ['prepareRun', 'listScopes', 'publishScopes', 'extractUnit', 'publishUnit', 'finishRun'];
    expect(stages.map(({ name }) => name)).to.include.members(expected.map((name) => `RunActivity:${name}`));
    for (const stage of stages) expect(stage.parentSpanId, stage.name).to.equal(root?.spanId);
    const calls = spans.filter(({ name }) => name.includes(' /v1/'));
    expect(calls.map(({ name }) => name)).to.include.members(['GET /v1/system/version', 'PUT /v1/tables/bulk']);
    const stageIds = new Set(stages.map(({ spanId }) => spanId));
    for (const call of calls) {
      expect(stageIds.has(call.parentSpanId ?? ''), `${call.name} below a stage`).to.equal(true);
      expect(call.attributes).to.have.property('http.response.status_code');
    }
    expect(spans.length, 'nothing else').to.equal(1 + stages.length + calls.length);
    for (const span of spans) {
      expect(span.startTimeUnixNano, span.name).to.be.at.most(span.endTimeUnixNano);
      expect(span.endTimeUnixNano, `${span.name} within the run`).to.be.at.most((root?.endTimeUnixNano ?? 0) + 2e9);
    }
  });

  it('say of a run that failed why, also of one whose recipe is no recipe', () => {
    for (const [run, reason] of [
      [refused, /token/],
      [misspelt, /sourceKonfig/],
    ] as const) {
      const [root] = rootsOf(traceOf(run));
      expect(root?.status.code, run.workflowId).to.equal(ERROR);
      expect(root?.status.message).to.match(reason);
    }
  });

  it('hold no secret, no recipe and no name of what is ingested', () => {
    expect(receiver.text.length).to.be.above(1_000);
    for (const secret of [ingestion.catalog.token, WRONG_TOKEN])
      for (const form of formsOf(secret)) expect(receiver.text).to.not.include(form);
    for (const word of ['type: DatabaseMetadata', 'databaseMode', 'includeDDL', 'customers', 'orders'])
      expect(receiver.text).to.not.include(word);
  });

  it('are named in the lines that their stages log', () => {
    const ofRun = log
      .split('\n')
      .filter((line) => line.includes(refused.firstExecutionRunId) && line.includes('"activityId"'));
    expect(ofRun.length).to.be.at.least(1);
    const traceId = refused.firstExecutionRunId.replaceAll('-', '');
    expect(ofRun.some((line) => line.includes(`"trace_id":"${traceId}"`))).to.equal(true);
  });

  it('are sent by nobody who was not told where to, and a receiver that is away costs a run nothing', async () => {
    const [port = ''] = receiver.url.split(':').slice(-1);
    await receiver.stop();
    const before = receiver.spans.length;
    for (const [name, env] of [
      ['untold', {}],
      ['away', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }],
    ] as const) {
      const worker = await startWorkerProcess({ ...ingestion.env, ...env });
      expect(await (await start(name, 'shop.yaml')).result()).to.include({ state: 'success' });
      expect(await worker.terminate(), name).to.equal(0);
      expect((await worker.log).includes('traces'), `${name} says so`).to.equal(name === 'away');
    }
    expect(receiver.spans.length).to.equal(before);
  });
});
