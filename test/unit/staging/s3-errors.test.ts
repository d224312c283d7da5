import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { StoreRefusal } from '../../../src/staging/index.js';
import { toS3Error } from '../../../src/staging/s3-errors.js';

describe('What S3 says', () => {
  const said = (name: string, httpStatusCode: number): Error =>
    toS3Error({ name, message: 'no', $metadata: { httpStatusCode } }, 'read recipe', 's3://om/x');

  it('is waited for where it refuses the worker, as rights may come back', () => {
    for (const [code, status, remedy] of [
      ['AccessDenied', 403, 's3:GetObject'],
      ['Unknown', 403, 's3:GetObject'],
      ['SignatureDoesNotMatch', 403, 'AWS_ACCESS_KEY_ID'],
      ['Unknown', 401, 'AWS_ACCESS_KEY_ID'],
      ['NoSuchBucket', 404, 'OM_INGEST_STAGING'],
      ['NotFound', 404, 'OM_INGEST_S3_ENDPOINT'],
      ['Unknown', 302, 'OM_INGEST_S3_ENDPOINT'],
      ['Error', 400, 'OM_INGEST_S3_ENDPOINT'],
    ] as const) {
      expect(said(code, status), code).to.be.instanceOf(StoreRefusal).and.have.property('remedy').that.includes(remedy);
    }
    expect(said('RequestTimeTooSkewed', 403)).to.be.instanceOf(TransientError).and.not.instanceOf(StoreRefusal);
  });

  it('ends the run where waiting changes nothing', () => {
    for (const [code, status] of [
      ['PermanentRedirect', 301],
      ['NotImplemented', 501],
      ['EntityTooLarge', 400],
    ] as const)
      expect(said(code, status), code).to.be.instanceOf(PermanentError);
  });
});
