import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { StatementTimeout } from '../../../../src/errors/index.js';
import { readOnlyUri } from '../../../../src/sources/sqlite/connection.js';
import { SqliteMeasureSession } from '../../../../src/sources/sqlite/measure-session.js';

/** Counts all day. */
const ENDLESS = 'WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT COUNT(*) FROM n, t';

describe('A session that measures SQLite', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'om-test-measuring-'));
    file = join(folder, 'a.db');
    const database = new Database(file);
    database.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
    database.close();
  });
  after(() => rm(folder, { recursive: true }));

  const opened = (timeoutMs: number): SqliteMeasureSession =>
    new SqliteMeasureSession(
      file,
      readOnlyUri(file),
      {
        ...{ runTag: 'test', signal: new AbortController().signal },
        ...{ onStatement: () => undefined, onWarning: () => undefined },
      },
      timeoutMs
    );

  /** Processes that this one started, killed ones that are still about too. At once: meanwhile they would end. */
  function children(): string[] {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === String(process.pid));
  }

  it('is closed when its processes have ended, one that was given up too', async () => {
    const others = new Set(children());
    for (let time = 0; time < 3; time += 1) {
      const given = opened(100);
      expect(await given.rows(ENDLESS).catch((error: unknown) => error)).to.be.instanceOf(StatementTimeout);
      await given.close();
      expect(children().filter((pid) => !others.has(pid))).to.deep.equal([]);
      const idle = opened(60_000);
      expect(await idle.rows('SELECT a FROM t')).to.deep.equal([[1n]]);
      await idle.close();
      expect(children().filter((pid) => !others.has(pid))).to.deep.equal([]);
      await idle.close();
    }
  });
});

/** The second word behind the name, which may hold blanks and brackets. */
function parentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1];
  } catch {
    return undefined;
  }
}
