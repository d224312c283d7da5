import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { StoreRefusal, openStore } from '../../../src/staging/index.js';
import { S3Objects } from '../../../src/staging/s3-objects.js';
import { S3Store } from '../../../src/staging/s3-store.js';
import { describeStagingStore } from '../../conformance/staging-store.js';
import { startFaultyS3, type FaultyS3 } from './faulty-s3.js';
import { startBucket, type Bucket } from './bucket.js';

describe('Staging on S3', function () {
  this.timeout(240_000);
  let bucket: Bucket;
  let made = 0;
  before(async () => {
    bucket = await startBucket();
  });
  after(() => bucket.stop());

  const newPlace = (): Bucket['place'] => ({ ...bucket.place, prefix: `team/store-${(made += 1)}` });

  describeStagingStore('on S3', async () => {
    const place = newPlace();
    return { objects: new S3Objects(place), open: () => S3Store.open(place), remove: async () => undefined };
  });

  it('sweeps by when a run was written to last', async () => {
    const store = await S3Store.open(newPlace());
    await store.putDocument('old', 'recipe', '');
    await sleep(2_100);
    const between = Date.now() - 1_000;
    await store.putDocument('new', 'recipe', '');
    expect(await store.sweep(Date.now() - between)).to.equal(1);
    expect(await store.getDocument('new', 'recipe')).to.equal('');
  });

  it('removes a run of more objects than one request may name', async () => {
    const objects = new S3Objects(newPlace(), 3);
    for (let n = 0; n < 8; n += 1) await objects.put(`runs/run-1/${n}`, Buffer.from(''));
    expect(await objects.names('runs/run-1')).to.have.length(8);
    await objects.removeAll('runs/run-1');
    expect(await objects.names('runs')).to.deep.equal([]);
  });

  describe('when the store does not do what it is asked', () => {
    let proxy: FaultyS3;
    beforeEach(async () => {
      proxy = await startFaultyS3(bucket.moto.url);
    });
    afterEach(() => proxy.stop());
    const through = (): Bucket['place'] => ({ ...newPlace(), endpoint: proxy.url });

    it('knows its own entry again when the answer to its commit got lost', async () => {
      const store = await S3Store.open(through());
      proxy.loseAnswer((method, path) => method === 'PUT' && path.endsWith('.entry'));
      const address = { run: 'run-1', stage: 'extract', slice: '0' };
      await store.commit(address, { n: 0, last: true });
      expect(proxy.lost).to.equal(1);
      expect(await store.manifest(address)).to.have.length(1);
    });

    it('is no staging store when it overwrites what is there', async () => {
      proxy.dropHeader('if-none-match');
      const error: unknown = await S3Store.open(through()).catch((each: unknown) => each);
      expect(error).to.be.instanceOf(PermanentError);
      expect(error).to.have.property('remedy').that.includes('If-None-Match');
    });

    for (const [code, status, kind, hint] of [
      ['SlowDown', 503, TransientError, 'overloaded or down'],
      ['AccessDenied', 403, StoreRefusal, 's3:PutObject'],
      ['Forbidden', 403, StoreRefusal, 's3:PutObject'],
      ['RequestTimeTooSkewed', 403, TransientError, undefined],
      ['InvalidAccessKeyId', 403, StoreRefusal, 'AWS_ACCESS_KEY_ID'],
      ['ExpiredToken', 400, TransientError, undefined],
      ['NotImplemented', 501, PermanentError, 'conditional writes'],
      ['PermanentRedirect', 301, PermanentError, 'OM_INGEST_S3_REGION'],
      ['AuthorizationHeaderMalformed', 400, PermanentError, 'OM_INGEST_S3_REGION'],
      ['InvalidRequest', 400, PermanentError, 'OM_INGEST_S3_*'],
    ] as const) {
      it(`says of ${code} what it means for the run`, async () => {
        const store = await S3Store.open(through());
        proxy.answer({ status, code });
        const error: unknown = await store.putDocument('run-1', 'recipe', '').catch((each: unknown) => each);
        expect(error).to.be.instanceOf(kind);
        expect(error).to.have.property('message').that.includes(code).and.includes('s3://om-staging/team/');
        if (hint !== undefined) expect(error).to.have.property('remedy').that.includes(hint);
      });
    }

    for (const [status, text] of [
      [200, '<html><body>under maintenance</body></html>'],
      [200, ''],
      [404, '<html><body>default backend - 404</body></html>'],
      [404, '404 page not found'],
      [404, ''],
      [400, 'Bad Request'],
    ] as const) {
      it(`believes nothing of what answers in its place: ${status} ${text}`, async () => {
        const place = through();
        const objects = new S3Objects(place);
        await objects.put('there', Buffer.from('x'));
        proxy.answerPage({ status, text });
        for (const call of [
          () => objects.get('there'),
          () => objects.open('there'),
          () => objects.put('new', Buffer.from('x')),
          () => objects.putStream('new', Readable.from([Buffer.from('x')])),
          () => objects.create('new', Buffer.from('x')),
          () => objects.names('runs'),
          () => objects.changes('runs'),
          () => objects.removeAll('runs'),
          () => S3Store.open(place),
        ]) {
          const error: unknown = await call().catch((each: unknown) => each);
          expect(error, call.toString()).to.be.instanceOf(StoreRefusal);
          expect(error).to.have.property('message').that.includes(`is no S3 store (HTTP ${status})`);
        }
        objects.close();
      });
    }

    it('is tried again when it can not be reached', async () => {
      const place = through();
      const store = await S3Store.open(place);
      await proxy.stop();
      const error: unknown = await store.putDocument('run-1', 'recipe', '').catch((each: unknown) => each);
      expect(error).to.be.instanceOf(TransientError);
    });
  });

  it('says what to do where there are no credentials, no region, or nothing listens', async () => {
    const place = { bucket: 'om', prefix: 'x', forcePathStyle: true, endpoint: 'http://127.0.0.1:1' };
    const failed = async (env: Record<string, string>): Promise<unknown> => {
      const before = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
      for (const [name] of before) delete process.env[name];
      Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', ...env });
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
      try {
        return await S3Store.open(place).catch((each: unknown) => each);
      } finally {
        for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
        Object.assign(process.env, Object.fromEntries(before));
      }
    };
    const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    const region = { AWS_REGION: 'eu-west-1' };
    expect(await failed(keys))
      .to.be.instanceOf(PermanentError)
      .and.have.property('remedy')
      .that.includes('AWS_REGION');
    expect(await failed(region))
      .to.have.property('remedy')
      .that.includes('AWS_ACCESS_KEY_ID');
    expect(await failed({ ...keys, ...region }))
      .to.be.instanceOf(TransientError)
      .and.have.property('remedy')
      .that.includes('OM_INGEST_S3_ENDPOINT');
  });

  it('says what to do where there is no such bucket, or no bucket is named', async () => {
    const access = { endpoint: bucket.moto.url, forcePathStyle: true };
    const missing: unknown = await openStore('s3://no-such-bucket', access).catch((each: unknown) => each);
    expect(missing).to.have.property('remedy').that.includes('OM_INGEST_STAGING');
    const nameless: unknown = await openStore('s3://', access).catch((each: unknown) => each);
    expect(nameless).to.have.property('remedy').that.includes('s3://bucket/prefix');
  });
});
