import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import { PermanentError } from '../../../../src/errors/index.js';
import { CollectedRows } from '../../../../src/sources/common/collected-rows.js';
import { openConnection } from '../../../../src/sources/snowflake/session/connection.js';
import { SqliteConnection, readOnlyUri } from '../../../../src/sources/sqlite/connection.js';
import { SqliteMeasureSession } from '../../../../src/sources/sqlite/measure-session.js';
import { configWith, FakeDriver, recordedContext, thrownBy } from '../snowflake/fake-driver.js';

const MEBIBYTE = 1024 * 1024;
const TOO_MUCH = 'more than 64 MiB where a small result is expected';
/** 80 rows of a MiB each. */
const WIDE = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 80) SELECT hex(zeroblob(${MEBIBYTE / 2})) AS wide FROM n`;

describe('rows that are collected whole', () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'om-collected-'));
    file = join(folder, 'shop.db');
    const database = new Database(file);
    database.exec('CREATE TABLE t (a INTEGER)');
    database.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  const refused = (error: unknown): void => {
    expect(error).to.be.instanceOf(PermanentError).with.property('message').that.includes(TOO_MUCH);
  };

  it('are bounded by their texts, their bytes, and their number', () => {
    for (const row of [
      { wide: 'x'.repeat(MEBIBYTE) },
      [Buffer.alloc(MEBIBYTE)],
      Array.from({ length: 66_000 }, () => 1),
    ]) {
      const collected = new CollectedRows<unknown>('The server');
      for (let count = 0; count < 60; count += 1) collected.add(row);
      expect(collected.rows).to.have.length(60);
      expect(() => {
        for (let count = 0; count < 10; count += 1) collected.add(row);
      }).to.throw(PermanentError, `The server answered ${TOO_MUCH}`);
    }
  });

  it('are refused on SQLite, and the connection goes on', async () => {
    const connection = await SqliteConnection.open({ databaseMode: file } as never, recordedContext());
    refused(await thrownBy(async () => connection.all({ sql: WIDE, values: [], row: z.unknown() })));
    expect(connection.all({ sql: 'SELECT 1 AS one', values: [], row: z.unknown() })).to.deep.equal([{ one: 1 }]);
    connection.close();
  });

  it('are refused where SQLite is measured, and the process goes on', async () => {
    const session = new SqliteMeasureSession(file, readOnlyUri(file), recordedContext(), 60_000);
    try {
      refused(await thrownBy(() => session.rows(WIDE)));
      expect((await session.query(WIDE, 1)).rows).to.have.length(1);
    } finally {
      await session.close();
    }
  });

  it('are refused on Snowflake', async () => {
    const wide = 'x'.repeat(MEBIBYTE);
    const rows = Array.from({ length: 80 }, () => ({ WIDE: wide }));
    const driver = new FakeDriver({ answer: ({ sql }) => (sql === 'SHOW WIDE' ? rows : undefined) });
    const { session } = await openConnection(configWith(), recordedContext(), driver);
    refused(await thrownBy(() => session.all({ sql: 'SHOW WIDE', doing: 'listing' })));
  });
});
