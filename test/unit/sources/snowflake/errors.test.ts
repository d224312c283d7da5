import { expect } from 'chai';
import { isRefusal } from '../../../../src/errors/index.js';
import { toIngestionError } from '../../../../src/sources/snowflake/errors.js';
import { driverError } from './fake-driver.js';

const CASES: readonly (readonly [what: string, error: Error, consequence: string, says: RegExp])[] = [
  [
    'a wrong password',
    driverError('390100', 'Incorrect username or password was specified.'),
    'authentication',
    /user name or the password/,
  ],
  [
    'a key pair that is not set on the user',
    driverError('390144', 'JWT token is invalid.'),
    'authentication',
    /RSA_PUBLIC_KEY/,
  ],
  ['an expired OAuth token', driverError('390318', 'OAuth access token expired.'), 'authentication', /fresh token/],
  [
    'an address outside the network policy',
    driverError('390422', 'IP 192.0.2.1 is not allowed'),
    'authentication',
    /network policy/,
  ],
  [
    'a role that is not granted',
    driverError('390189', 'Role X specified in the connect string'),
    'permanent',
    /GRANT ROLE/,
  ],
  ['another refusal of the login', driverError('390999', 'Something new.'), 'authentication', /Something new/],
  ['an expired session', driverError('390114', 'Authentication token has expired.'), 'transient', /expired/],
  [
    'no warehouse',
    driverError('000606', 'No active warehouse selected in the current session.'),
    'permanent',
    /GRANT USAGE ON WAREHOUSE/,
  ],
  [
    'a missing object',
    driverError('002003', "SQL compilation error:\nDatabase 'X' does not exist or not authorized."),
    'permanent',
    /Database 'X' does not exist/,
  ],
  [
    'an object that may not be used',
    driverError('002043', 'Object does not exist, or operation cannot be performed.'),
    'permanent',
    /may not use/,
  ],
  [
    'a statement over its time',
    driverError('000630', 'Statement reached its statement or warehouse timeout'),
    'transient',
    /STATEMENT_TIMEOUT/,
  ],
  [
    'an unknown host',
    driverError(401001, 'getaddrinfo', { cause: driverError('ENOTFOUND') }),
    'permanent',
    /organization-account/,
  ],
  [
    'a refused connection',
    driverError(401001, 'connect', { cause: driverError('ECONNREFUSED') }),
    'transient',
    /ECONNREFUSED/,
  ],
  [
    'a dropped connection',
    driverError(402001, 'socket hang up', { cause: driverError('ECONNRESET') }),
    'transient',
    /ECONNRESET/,
  ],
  [
    'a name server that is busy',
    driverError(401001, 'getaddrinfo', { cause: driverError('EAI_AGAIN') }),
    'transient',
    /EAI_AGAIN/,
  ],
  [
    'a host that is no account',
    driverError(401002, 'Request failed', { response: { statusCode: 404 } }),
    'permanent',
    /HTTP 404.*account/s,
  ],
  ['a proxy’s 403', driverError(401002, 'Request failed', { response: { statusCode: 403 } }), 'permanent', /HTTP 403/],
  [
    'an overloaded service',
    driverError(401002, 'Request failed', { response: { statusCode: 503 } }),
    'transient',
    /HTTP 503/,
  ],
  [
    'an option the driver refuses',
    driverError(404045, 'Invalid account. The specified value must be a valid subdomain string.'),
    'permanent',
    /Invalid account/,
  ],
  ['an error no one knows', driverError('012345', 'Strange.'), 'permanent', /Strange\./],
];

describe('Snowflake: driver codes in the error tree', () => {
  for (const [what, error, consequence, says] of CASES) {
    it(`maps ${what} to ${consequence}`, () => {
      const mapped = toIngestionError(error, 'listing the tables of A.B');
      expect(mapped.consequence).to.equal(consequence);
      expect(mapped.describe())
        .to.match(says)
        .and.match(/^Listing the tables of A\.B failed: /);
    });
  }

  it('tells what says nothing of the columns that a statement reads', () => {
    const isOfStatement = (code: string, sqlState?: string): boolean =>
      isRefusal(toIngestionError(Object.assign(driverError(code, 'text'), { sqlState }), 'measuring'));
    for (const code of ['000606', '000609', '000610', '000666', '090073'])
      expect(isOfStatement(code), code).to.equal(false);
    for (const state of ['57014', '57P03', '53200']) expect(isOfStatement('012345', state), state).to.equal(false);
    for (const code of ['100046', '000904', '002003', '003001', '012345'])
      expect(isOfStatement(code, '22000'), code).to.equal(true);
  });

  it('marks HTTP 429 as throttled', () => {
    expect(toIngestionError(driverError(401002, '', { response: { statusCode: 429 } }), 'x')).to.have.property(
      'throttled',
      true
    );
  });

  it('keeps nothing of the HTTP request that a driver error carries', () => {
    const error = driverError(401001, 'connect ECONNREFUSED', {
      cause: Object.assign(driverError('ECONNREFUSED'), {
        config: { data: 'PASSWORD=hunter2', headers: { Authorization: 'Snowflake Token="t0k3n"' } },
      }),
    });
    const mapped = toIngestionError(error, 'logging in');
    expect(JSON.stringify([mapped.message, mapped.cause]))
      .not.to.contain('hunter2')
      .and.not.to.contain('t0k3n');
  });
});
