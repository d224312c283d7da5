import { expect } from 'chai';
import { OpenMetadataClient, type PipelineStatus } from '../../../src/openmetadata/index.js';
import { RecordedTransport, type Responder } from './recorded-transport.js';

const pipeline = { id: '1', name: 'p', fullyQualifiedName: 'shop.p', pipelineType: 'metadata', airflowConfig: {} };
const BASE = '/services/ingestionPipelines';
const status: PipelineStatus = {
  runId: 'run-1',
  pipelineState: 'partialSuccess',
  startDate: 1,
  timestamp: 1,
  endDate: 2,
  status: [
    {
      name: 'Mysql',
      records: 3,
      updated_records: 0,
      failures: [{ name: 's.d.c.t', error: 'no', stackTrace: '' }],
      operationMetrics: { source: { read: { table: { count: 1 } } } },
    },
  ],
  config: {},
  metadata: { worker: 'w' },
};

const open = (respond: Responder): readonly [OpenMetadataClient, RecordedTransport] => {
  const transport = new RecordedTransport(respond);
  return [new OpenMetadataClient({ transport }), transport];
};

describe('an ingestion pipeline', () => {
  it('is found by FQN or absent, and created for a service', async () => {
    const [{ pipelines }, { calls }] = open((_, turn) => (turn === 1 ? { status: 404 } : { body: pipeline }));
    expect(await pipelines.find('shop.p')).to.have.property('fullyQualifiedName', 'shop.p');
    expect(await pipelines.find('shop.q')).to.equal(undefined);
    const created = await pipelines.create({
      name: 'p',
      pipelineType: 'metadata',
      service: { id: '4f7c1d8e-55a1-4d4a-9b0a-0e1f6d3c2b1a', type: 'databaseService' },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: {},
    });
    expect(created.id).to.equal('1');
    expect(calls.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      `GET ${BASE}/name/shop.p`,
      `GET ${BASE}/name/shop.q`,
      `PUT ${BASE}`,
    ]);
  });

  it('has a status per run, none for an unknown run or pipeline', async () => {
    const [{ pipelines }, { calls }] = open(
      (_, turn) => [{ body: status }, { status: 204 }, { status: 404 }][turn] ?? {}
    );
    expect(await pipelines.getStatus('shop."p/1"', 'run-1')).to.include({
      pipelineState: 'partialSuccess',
      endDate: 2,
    });
    expect(await pipelines.getStatus('shop.p', 'run-2')).to.equal(undefined);
    expect(await pipelines.getStatus('shop.q', 'run-1')).to.equal(undefined);
    expect(calls[0]?.path).to.equal(`${BASE}/shop.%22p%2F1%22/pipelineStatus/run-1`);
  });

  it('takes a status, or is told to be unknown', async () => {
    const [{ pipelines }, { calls }] = open((_, turn) => ({ status: turn === 0 ? 201 : 404 }));
    expect([await pipelines.putStatus('shop.p', status), await pipelines.putStatus('shop.q', status)]).to.deep.equal([
      true,
      false,
    ]);
    expect(calls[0]).to.deep.include({ method: 'PUT', path: `${BASE}/shop.p/pipelineStatus` });
    expect(calls[0]?.options.body).to.equal(status);
  });

  it('lists its statuses of a time window', async () => {
    const [{ pipelines }, { calls }] = open((_, turn) =>
      turn === 0 ? { body: { data: [status], paging: { total: 1 } } } : { status: 404 }
    );
    expect((await pipelines.listStatuses('shop.p', { startTs: 1, endTs: 9 })).map(({ runId }) => runId)).to.deep.equal([
      'run-1',
    ]);
    expect(await pipelines.listStatuses('shop.q', { startTs: 1, endTs: 9 })).to.deep.equal([]);
    expect(calls[0]?.options.query).to.deep.equal({ startTs: 1, endTs: 9 });
  });

  it('takes progress where the server has it', async () => {
    const [{ progress }, { calls }] = open((_, turn) => ({ status: turn === 0 ? 200 : 405 }));
    const update = {
      runId: 'run-1',
      timestamp: 5,
      updateType: 'PROCESSING',
      progress: { label: 'shop', children: [{ label: 'db', processed: 1, expected: 2 }] },
      globalCounters: [{ entityType: 'table', done: 1, total: 2 }],
    } as const;
    expect([await progress.put('shop.p', update), await progress.put('shop.p', update)]).to.deep.equal([true, false]);
    expect(calls[0]).to.deep.include({ method: 'PUT', path: `${BASE}/progress/shop.p/run-1` });
  });
});
