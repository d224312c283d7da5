import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { findSource, type MeasureSession, type MeasureSource } from '../../../../src/sources/index.js';

describe('statements on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-test-reach-'));
  const file = join(folder, 'shop.db');
  const secret = join(folder, 'key.pem');
  const written = join(folder, 'written');
  const signal = new AbortController().signal;
  const context = { runTag: 'test', signal, onStatement: () => undefined, onWarning: () => undefined };
  let source: MeasureSource | undefined;
  let session: MeasureSession;

  before(async () => {
    writeFileSync(secret, 'the key');
    const database = new Database(file);
    database.exec(`CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('fsdir'); CREATE TABLE readfile (writefile INTEGER);
CREATE VIRTUAL TABLE words USING fts5(word); CREATE VIEW v AS SELECT readfile('${secret}') AS r;`);
    database.close();
    source = await findSource('sqlite').openMeasures?.({ databaseMode: file }, context, { statementTimeoutMs: 60_000 });
    session = (await source?.session(context)) ?? expect.fail('SQLite measures nothing');
  });
  after(async () => {
    await session.close();
    await source?.close();
    rmSync(folder, { recursive: true });
  });

  const fault = async (sql: string): Promise<string> => {
    try {
      return `passed: ${String(await session.rows(sql))}`;
    } catch (error) {
      return String(error);
    }
  };

  it('reach no file, however it is written', async () => {
    const other = `file:${written}?mode=rwc`;
    for (const [name, sql] of [
      ['function readfile', `SELECT CAST(readfile('${secret}') AS TEXT) AS leaked`],
      ['function readfile', `SELECT "ReadFile"/* a */ ('${secret}')`],
      ['function readfile', `SELECT [readfile] -- a\n ('${secret}') FROM t`],
      ['function readfile', `WITH c AS (SELECT \`READFILE\`('${secret}') AS r FROM t) SELECT MAX(r) OVER () FROM c`],
      ['function writefile', `SELECT a FROM t WHERE writefile('${written}', 'x') > 0`],
      ['function writefile', `SELECT COUNT(*) FILTER (WHERE writefile('${written}', a)) FROM t`],
      ['function sha3_query', `SELECT sha3_query('SELECT read' || 'file(''${secret}'')')`],
      ['function load_extension', `SELECT load_extension('${secret}')`],
      ['table fsdir', `SELECT name FROM fsdir('${folder}')`],
      ['table fsdir', `SELECT name FROM t JOIN 'FsDir' AS f ON f.path = '${folder}'`],
      ['table sqlite_dbpage', 'SELECT data FROM sqlite_dbpage'],
      ['unsafe use of readfile', 'SELECT r FROM v'],
      ['only statements that read', `ATTACH '${other}' AS other`],
      ['only statements that read', `/* a */ VACUUM INTO '${written}'`],
      ['only statements that read', 'PRAGMA writable_schema = 1'],
    ] as const) {
      const said = await fault(sql);
      expect(said, sql).to.include(name);
      expect(said, sql).not.to.include('passed');
    }
    expect(existsSync(written)).to.equal(false);
  });

  it('may use names of such functions for what is in the database', async () => {
    expect(await fault(`SELECT COUNT(*) FROM t WHERE a IN ('fsdir', 'readfile (1)')`)).to.equal('passed: 1');
    expect(await fault('SELECT COUNT("writefile") FROM main."readfile"')).to.include('passed');
    expect(await fault("SELECT COUNT(*) FROM words WHERE words MATCH 'readfile'")).to.include('passed');
    expect(await fault("SELECT SUM(value) FROM json_each('[1, 2]')")).to.include('passed');
    expect(await fault("SELECT name FROM pragma_table_info('t')")).to.include('passed');
  });
});
