import { expect } from 'chai';
import { isRefusal, TransientError } from '../../../../src/errors/index.js';
import { sqliteError } from '../../../../src/sources/sqlite/errors.js';

describe('SQLite errors', () => {
  const error = (code: string): Error => sqliteError(Object.assign(new Error('text'), { code }), 'a.db');

  it('of a file that is locked, or a disk that fails or is full, may pass', () => {
    for (const code of ['SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED', 'SQLITE_IOERR_READ', 'SQLITE_FULL', 'SQLITE_NOMEM'])
      expect(error(code), code).to.be.instanceOf(TransientError);
  });

  it('of a file that is gone say nothing of a column', () => {
    for (const code of ['SQLITE_CANTOPEN', 'SQLITE_NOTADB', 'SQLITE_PERM'])
      expect(isRefusal(error(code)), code).to.equal(false);
    for (const code of ['SQLITE_ERROR', 'SQLITE_TOOBIG', 'SQLITE_CORRUPT_VTAB'])
      expect(isRefusal(error(code)), code).to.equal(true);
  });
});
