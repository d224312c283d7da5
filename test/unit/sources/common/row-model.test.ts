import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import { PermanentError } from '../../../../src/errors/index.js';
import { modelledRows } from '../../../../src/sources/common/row-model.js';
import { SqliteConnection } from '../../../../src/sources/sqlite/connection.js';

describe('Rows that are not what a connector expects', () => {
  it('are described by the first kinds of faults, each once, and no value of theirs', () => {
    const columns = ['a', 'b', 'c', 'd', 'e'];
    const model = z.array(z.object(Object.fromEntries(columns.map((name) => [name, z.string()]))));
    const rows = Array.from({ length: 500 }, () => Object.fromEntries(columns.map((name) => [name, 'secret'])));
    const bad = rows.map((row, at) => ({ ...row, a: 4711, b: null, ...(at === 0 ? { c: 1, d: 1, e: 1 } : {}) }));
    expect(() => modelledRows(model, bad, 'Server 1')).to.throw(
      PermanentError,
      /^Server 1 answers a catalogue statement in an unexpected way: a [^;]+ \(500 times\); b [^;]+ \(500 times\); c [^;(]+; and 2 more$/
    );
    expect(() => modelledRows(model, bad, 'Server 1')).to.not.throw(/secret|4711/);
    const long = z.array(z.record(z.string(), z.number()));
    expect(() => modelledRows(long, [{ ['n'.repeat(10_000)]: 'x' }], 'Server 1')).to.throw(/^.{100,400}$/);
  });

  it('are described so in SQLite too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'om-test-rows-'));
    try {
      const file = join(folder, 'a.db');
      const database = new Database(file);
      database.exec('CREATE TABLE t (a)');
      database.close();
      const connection = await SqliteConnection.open({ databaseMode: file } as never, {
        ...{ runTag: 'test', signal: new AbortController().signal },
        ...{ onStatement: () => undefined, onWarning: () => undefined },
      });
      const sql = `WITH RECURSIVE n(a) AS (SELECT 4711 UNION ALL SELECT a + 1 FROM n WHERE a < 6711) SELECT a FROM n`;
      const read = (): unknown => connection.all({ sql, values: [], row: z.object({ a: z.string() }) });
      expect(read).to.throw(PermanentError, /in an unexpected way: a [^;]+ \(2001 times\)$/);
      expect(read).to.not.throw(/4711/);
      connection.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
