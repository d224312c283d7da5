import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import { readDriverArguments } from '../../../../src/sources/mysql/driver-arguments.js';

describe('connectionOptions and connectionArguments of MySQL', () => {
  it('are read by their names in PyMySQL, arguments before options', () => {
    const options = { charset: 'latin1', connect_timeout: '7' };
    const given = {
      charset: 'utf8mb4',
      read_timeout: 2.5,
      unix_socket: '/run/db.sock',
      compress: true,
      autocommit: true,
    };
    expect(readDriverArguments(options, given)).to.deep.equal({
      charset: 'utf8mb4',
      connectTimeoutMs: 7000,
      statementTimeoutMs: 2500,
      socketPath: '/run/db.sock',
      compress: true,
    });
  });

  it('drop empty values', () => {
    expect(readDriverArguments({ charset: '' }, { ssl_ca: null })).to.deep.equal({});
  });

  it('gather all about TLS, flat or in a map', () => {
    expect(readDriverArguments({}, { ssl_ca: 'ca.pem', ssl_verify_identity: 'false' })).to.deep.equal({
      tls: { ca: 'ca.pem', verifyIdentity: false },
    });
    expect(readDriverArguments({}, { ssl: { ca: 'ca.pem', check_hostname: false } })).to.deep.equal({
      tls: { enabled: true, ca: 'ca.pem', verifyIdentity: false },
    });
    expect(readDriverArguments({}, { ssl: true })).to.deep.equal({ tls: { enabled: true } });
    expect(readDriverArguments({}, { ssl_disabled: true })).to.deep.equal({ tls: { enabled: false } });
  });

  const refused: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ conect_timeout: 3 }, 'Did you mean `connect_timeout`?'],
    [{ local_infile: true }, 'allowed are'],
    [{ constructor: 1 }, 'allowed are'],
    [{ ssl: { capath: '/certs' } }, 'connectionArguments.ssl.capath'],
    [{ connect_timeout: 'soon' }, 'a number of seconds above 0'],
    [{ connect_timeout: -1 }, 'a number of seconds above 0'],
    [{ ssl_verify_cert: 'maybe' }, 'true or false'],
    [{ charset: 5 }, 'a string'],
    [{ ssl: 'yes please' }, '{ca: /path/ca.pem}'],
  ];
  for (const [given, says] of refused) {
    it(`refuse ${JSON.stringify(given)}, saying "${says}"`, () => {
      let error: unknown;
      try {
        readDriverArguments({}, given);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(PermanentError);
      expect(error instanceof PermanentError ? error.describe() : '').to.include(says);
    });
  }
});
