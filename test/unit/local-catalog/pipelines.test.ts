import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, CatalogUnderTest, valueAt } from './catalog-under-test.js';

const PATH = '/services/ingestionPipelines';
const STATUS = `${PATH}/shop.nightly/pipelineStatus`;

describe('local catalog: ingestion pipelines', () => {
  let server: CatalogUnderTest;
  let service: JsonObject;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    service = { id: await server.id('services/databaseServices', 'shop'), type: 'databaseService' };
    await server.ok('PUT', PATH, pipeline('nightly'));
  });
  afterEach(() => server.close());

  const pipeline = (name: string, more: JsonObject = {}): JsonObject => ({
    name,
    pipelineType: 'metadata',
    service,
    sourceConfig: { config: { type: 'DatabaseMetadata' } },
    airflowConfig: {},
    ...more,
  });
  const status = (runId: string, timestamp: number, more: JsonObject = {}): JsonObject => ({
    runId,
    pipelineState: 'running',
    startDate: timestamp,
    timestamp,
    ...more,
  });
  const runs = (answer: Answer): unknown => (answer.at('data') as JsonObject[]).map((each) => each['runId']);

  it('are named after their service', async () => {
    const found = await server.ok('GET', `${PATH}/name/shop.nightly`);
    expect(found.at('fullyQualifiedName')).to.equal('shop.nightly');
    expect(found.at('service', 'name')).to.equal('shop');
    expect((await server.call('PUT', PATH, pipeline('nightly'))).status).to.equal(200);
    expect((await server.entity('services/ingestionPipelines', 'shop.nightly')).at('version')).to.equal(0.1);
  });

  it('need a service that exists and known words', async () => {
    const lost = { id: '11111111-1111-4111-8111-111111111111', type: 'databaseService' };
    expect((await server.refused('PUT', PATH, pipeline('x', { service: lost })))[0]).to.equal(404);
    expect((await server.refused('PUT', PATH, pipeline('x', { pipelineType: 'Metadata' })))[0]).to.equal(400);
    expect((await server.refused('PUT', PATH, pipeline('x', { colour: 'red' })))[1]).to.include('"colour"');
  });

  it('keep one status a run, the last one put, and answer 201 with what changed', async () => {
    const first = await server.call('PUT', STATUS, status('r1', 1000));
    expect([first.status, first.at('eventType'), first.at('entityFullyQualifiedName')]).to.deep.equal([
      201,
      'entityUpdated',
      'shop.nightly',
    ]);
    const summary = { name: 'Mysql', records: 5, errors: 1, failures: [{ name: 't', error: 'e', stackTrace: 's' }] };
    const last = status('r1', 1000, {
      pipelineState: 'partialSuccess',
      endDate: 2000,
      status: [summary],
      metadata: { a: 1 },
    });
    await server.ok('PUT', STATUS, last);
    expect((await server.ok('GET', `${STATUS}/r1`)).body).to.deep.equal(last);
    expect((await server.ok('GET', STATUS)).at('paging', 'total')).to.equal(1);
  });

  it('answer 204 without a body for an unknown run, 404 for an unknown pipeline', async () => {
    const unknown = await server.call('GET', `${STATUS}/nope`);
    expect([unknown.status, unknown.text]).to.deep.equal([204, '']);
    expect((await server.refused('GET', `${PATH}/shop.nope/pipelineStatus/r1`))[0]).to.equal(404);
    expect((await server.refused('PUT', `${PATH}/shop.nope/pipelineStatus`, status('r', 1)))[0]).to.equal(404);
  });

  it('list statuses between two times, newest first', async () => {
    for (const [run, time] of [
      ['r1', 1000],
      ['r3', 3000],
      ['r2', 2000],
    ] as const) {
      await server.ok('PUT', STATUS, status(run, time));
    }
    expect(runs(await server.ok('GET', `${STATUS}?startTs=1000&endTs=3000`))).to.deep.equal(['r3', 'r2', 'r1']);
    expect(runs(await server.ok('GET', `${STATUS}?startTs=1001&endTs=2999`))).to.deep.equal(['r2']);
  });

  it('refuse statuses of a wrong shape', async () => {
    for (const more of [
      { pipelineState: 'done' },
      { colour: 'red' },
      { status: [{ records: 5 }] },
      { startDate: 'now' },
    ]) {
      expect((await server.refused('PUT', STATUS, status('r', 1, more)))[0], JSON.stringify(more)).to.equal(400);
    }
    expect((await server.refused('PUT', STATUS, { pipelineState: 'running' }))[1]).to.include('runId');
  });

  it('take progress of a run, whatever it counts', async () => {
    const progress = {
      runId: 'r1',
      timestamp: 1,
      updateType: 'PROCESSING',
      progress: { label: 'x', children: [{ processed: 3 }] },
      globalCounters: [{ entityType: 'table', done: 3 }],
      currentEntity: 'shop.main.sales.orders',
    };
    await server.ok('PUT', `${PATH}/progress/shop.nightly/r1`, progress);
    expect((await server.refused('PUT', `${PATH}/progress/shop.nope/r1`, progress))[0]).to.equal(404);
    expect((await server.refused('PUT', `${PATH}/progress/shop.nightly/r2`, progress))[0]).to.equal(400);
    expect(
      (await server.refused('PUT', `${PATH}/progress/shop.nightly/r1`, { ...progress, updateType: 'x' }))[0]
    ).to.equal(400);
  });

  it('keep the log of a run, compressed or not, in the order it came, until it is closed', async () => {
    const log = `${PATH}/logs/shop.nightly/r1`;
    const batch = (logs: string, compressed: boolean): object => ({
      logs,
      timestamp: 1,
      connectorId: 'c',
      compressed,
      lineCount: 1,
    });
    await server.ok('POST', log, batch('one\n', false));
    await server.ok('POST', log, batch(gzipSync('two\n').toString('base64'), true));
    expect((await server.ok('GET', log)).body).to.deep.equal({ logs: 'one\ntwo\n', closed: false });
    await server.ok('POST', `${log}/close`);
    expect((await server.ok('GET', log)).body).to.deep.equal({ logs: 'one\ntwo\n', closed: true });
    expect((await server.refused('POST', log, batch('not base64 of gzip', true)))[0]).to.equal(400);
    expect((await server.refused('POST', `${PATH}/logs/shop.nope/r1`, batch('one', false)))[0]).to.equal(404);
  });

  it('mask secrets of their source configuration for people', async () => {
    const sourceConfig = { config: { type: 'DBT', dbtConfigSource: { token: 'sentinel' } } };
    await server.ok('PUT', PATH, pipeline('dbt', { sourceConfig }));
    const path = ['sourceConfig', 'config', 'dbtConfigSource', 'token'];
    expect((await server.entity('services/ingestionPipelines', 'shop.dbt')).at(...path)).to.equal('sentinel');
    const token = server.catalog.issueToken({ subject: 'jane', bot: false });
    const seen = await server.ok('GET', `${PATH}?service=shop&fields=*`, undefined, { token });
    expect(valueAt(seen.at('data', 0), path)).to.equal('*********');
  });

  it('take their statuses along when they are removed for good', async () => {
    await server.ok('PUT', STATUS, status('r1', 1000));
    await server.ok('DELETE', `${PATH}/name/shop.nightly?hardDelete=true`);
    await server.ok('PUT', PATH, pipeline('nightly'));
    expect((await server.ok('GET', STATUS)).at('paging', 'total')).to.equal(0);
  });
});
