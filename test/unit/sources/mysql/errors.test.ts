import { expect } from 'chai';
import { AuthenticationError, PermanentError, TransientError } from '../../../../src/errors/index.js';
import { KNOWN_CODES, mysqlError, statementError } from '../../../../src/sources/mysql/errors.js';

function driverError(code: string, extra: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(`text of ${code}`), { code, ...extra });
}

describe('MySQL errors', () => {
  it('all say where, what and what to do, in one line', () => {
    expect(KNOWN_CODES.length).to.be.greaterThan(30);
    for (const code of KNOWN_CODES) {
      const error = mysqlError(driverError(code), 'db.example.com:3306');
      expect(error.message, code).to.match(/^MySQL at db\.example\.com:3306 .+: text of /);
      expect(error, code).to.have.property('remedy').that.is.a('string').and.matches(/\.$/);
      expect(error.message, code).to.not.include('\n');
    }
  });

  const consequences: readonly (readonly [Error, new (message: string) => Error])[] = [
    [driverError('ER_ACCESS_DENIED_ERROR', { errno: 1045 }), AuthenticationError],
    [driverError('UNKNOWN_CODE_PLEASE_REPORT', { errno: 4151 }), AuthenticationError],
    [driverError('ENOTFOUND'), PermanentError],
    [driverError('ER_BAD_DB_ERROR'), PermanentError],
    [driverError('HANDSHAKE_SSL_ERROR'), PermanentError],
    [driverError('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), PermanentError],
    [driverError('ER_PARSE_ERROR', { errno: 1064, sqlState: '42000' }), PermanentError],
    [driverError('ECONNREFUSED'), TransientError],
    [driverError('PROTOCOL_CONNECTION_LOST'), TransientError],
    [driverError('PROTOCOL_SEQUENCE_TIMEOUT'), TransientError],
    [driverError('ER_QUERY_INTERRUPTED'), TransientError],
    [driverError('ER_GET_ERRNO', { errno: 1030, sqlState: 'HY000' }), TransientError],
    [driverError('ER_ERROR_ON_WRITE', { errno: 1026, sqlState: 'HY000' }), TransientError],
    [driverError('ER_RECORD_FILE_FULL', { errno: 1114, sqlState: 'HY000' }), TransientError],
    [driverError('UNKNOWN_CODE_PLEASE_REPORT', { errno: 1969 }), TransientError],
    [driverError('SOMETHING_NEW', { fatal: true }), TransientError],
    [driverError('SOMETHING_NEW', { sqlState: '08S01' }), TransientError],
    [
      Object.assign(new Error("Can't add new command when connection is in closed state"), { fatal: true }),
      TransientError,
    ],
    [Object.assign(new Error('thrown by the code of the driver'), { fatal: true }), PermanentError],
    [Object.assign(new RangeError('an offset'), { fatal: true, code: 'ERR_OUT_OF_RANGE' }), PermanentError],
  ];
  for (const [error, kind] of consequences) {
    it(`${JSON.stringify(error)} is a ${kind.name}`, () => {
      expect(mysqlError(error, 'here')).to.be.instanceOf(kind);
    });
  }

  it('in the words of a refused log-in are of the statement where a session has one', () => {
    for (const errno of [1045, 1698]) {
      const denied = driverError('ER_ACCESS_DENIED_ERROR', { errno, sqlState: '28000' });
      expect(mysqlError(denied, 'here')).to.be.instanceOf(AuthenticationError);
      const error = statementError(denied, 'here');
      expect(error).to.be.instanceOf(PermanentError).and.not.instanceOf(AuthenticationError);
      expect(error.message).to.match(/^MySQL at here refused a statement/);
      expect(error).to.have.property('remedy').that.contains('whose definer is gone');
    }
    const locked = driverError('ER_MUST_CHANGE_PASSWORD', { errno: 1820 });
    expect(statementError(locked, 'here')).to.be.instanceOf(AuthenticationError);
  });

  it('of a full server ask the caller to narrow', () => {
    expect(mysqlError(driverError('ER_CON_COUNT_ERROR'), 'here')).to.include({ throttled: true });
    expect(mysqlError(driverError('ECONNRESET'), 'here')).to.include({ throttled: false });
  });

  it('carry no driver error with them, which holds the statement and the socket', () => {
    expect(mysqlError(driverError('ECONNRESET', { sql: 'SELECT 1' }), 'here')).to.not.have.property('cause');
  });

  it('that are of the tree already pass unchanged', () => {
    const error = new PermanentError('as it is');
    expect(mysqlError(error, 'here')).to.equal(error);
  });
});
