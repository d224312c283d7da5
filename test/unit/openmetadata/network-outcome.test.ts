import { expect } from 'chai';
import { parseHostPort } from '../../../src/openmetadata/http/host-port.js';
import { networkOutcome } from '../../../src/openmetadata/http/network-outcome.js';

const failure = (code: string, syscall?: string): Error =>
  Object.assign(new Error(`${code} with a secret in it`), { code }, syscall === undefined ? {} : { syscall });
const outcome = (error: unknown): ReturnType<typeof networkOutcome> =>
  networkOutcome(error, { address: parseHostPort('http://om:8585/api/'), call: 'POST /v1/x' });

describe('a broken connection', () => {
  it('while connecting means that nothing was sent, so that any method may be repeated', () => {
    const refused = failure('ECONNREFUSED', 'connect');
    const perAddress = Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' });
    const wrapped = [refused, perAddress, failure('EAI_AGAIN', 'getaddrinfo'), failure('UND_ERR_CONNECT_TIMEOUT')];
    for (const error of wrapped) expect(outcome(error)).to.deep.include({ ok: false, repeat: 'unsent' });
  });

  it('later on means that the server may have acted', () => {
    for (const error of [
      failure('ETIMEDOUT', 'read'),
      failure('EHOSTUNREACH', 'read'),
      failure('ECONNRESET', 'read'),
      failure('UND_ERR_SOCKET'),
      new Error('x'),
      'x',
    ]) {
      expect(outcome(error)).to.include({ repeat: 'idempotent' });
    }
  });

  it('for good is not repeated and says what to mend', () => {
    const mends = {
      ENOTFOUND: 'Check the host',
      CERT_HAS_EXPIRED: 'verifySSL',
      EPROTO: 'scheme or port',
      HPE_INVALID_CONSTANT: 'scheme or port',
    };
    for (const [code, mend] of Object.entries(mends)) {
      const { error, repeat } = outcome(failure(code));
      expect(repeat).to.equal('never');
      expect(error.describe()).to.include('http://om:8585/api').and.to.include(mend);
    }
  });

  it("never brings the driver's own text into a message", () => {
    for (const code of [
      'ECONNRESET',
      'ENOTFOUND',
      'UND_ERR_INVALID_ARG',
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
      'WHATEVER',
    ]) {
      expect(outcome(failure(code)).error.describe()).to.not.include('secret');
    }
  });
});
