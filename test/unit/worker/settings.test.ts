import path from 'node:path';
import { expect } from 'chai';
import { DEFAULT_TASK_QUEUE } from '../../../src/contract/task-queues.js';
import { readWorkerSettings } from '../../../src/worker/index.js';

describe('Worker settings', () => {
  it('have defaults for everything but the metrics address', () => {
    const settings = readWorkerSettings({});
    expect(settings).to.include({ taskQueue: DEFAULT_TASK_QUEUE, concurrency: 8, heartbeatMs: 30_000, tuner: 'fixed' });
    expect(settings).not.to.have.property('metricsAddress');
  });

  it('come from the environment, an empty variable being as good as none', () => {
    const settings = readWorkerSettings({ OM_INGEST_CONCURRENCY: '3', OM_INGEST_TASK_QUEUE: '' });
    expect(settings).to.include({ concurrency: 3, taskQueue: DEFAULT_TASK_QUEUE });
  });

  it('let a flag win over the environment', () => {
    expect(readWorkerSettings({ OM_INGEST_CONCURRENCY: '3' }, { concurrency: 5 }).concurrency).to.equal(5);
    expect(readWorkerSettings({ OM_INGEST_CONCURRENCY: '3' }, { concurrency: undefined }).concurrency).to.equal(3);
  });

  it('want name and version of a deployment together', () => {
    expect(() => readWorkerSettings({ TEMPORAL_WORKER_BUILD_ID: '1.2.0' })).to.throw('TEMPORAL_DEPLOYMENT_NAME');
  });

  it('make folders absolute', () => {
    expect(readWorkerSettings({ OM_INGEST_RECIPES: 'mine' }).recipesDir).to.equal(path.resolve('mine'));
  });

  it('leave a bucket as it is named, and a folder becomes absolute', () => {
    const s3 = { OM_INGEST_STAGING: 's3://bucket/prefix', OM_INGEST_S3_FORCE_PATH_STYLE: 'true' };
    expect(readWorkerSettings(s3)).to.include({ staging: 's3://bucket/prefix', s3ForcePathStyle: true });
    expect(readWorkerSettings({ OM_INGEST_STAGING: 'mine' }).staging).to.equal(path.resolve('mine'));
  });

  for (const [variable, value] of [
    ['OM_INGEST_S3_ENDPOINT', 'minio:9000'],
    ['OM_INGEST_S3_FORCE_PATH_STYLE', 'yes'],
    ['OM_INGEST_CONCURRENCY', '0'],
    ['OM_INGEST_CONCURRENCY', 'many'],
    ['OM_INGEST_METRICS', '9464'],
    ['OM_INGEST_TUNER', 'fast'],
    ['OM_INGEST_HEARTBEAT_MS', '-1'],
  ] as const) {
    it(`name ${variable} when it is ${JSON.stringify(value)}`, () => {
      expect(() => readWorkerSettings({ [variable]: value })).to.throw(variable);
      expect(() => readWorkerSettings({ [variable]: value })).to.throw(JSON.stringify(value));
    });
  }
});
