import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { readTlsMaterial } from '../../../src/tls/index.js';
import { fileToken } from '../../../src/openmetadata/index.js';
import { FileRefused, readRegularFile, readRegularFileSync, trustRecipe, withReach } from '../../../src/reach/index.js';
import { resolveSecrets } from '../../../src/secrets/index.js';
import { openQueryLogFile } from '../../../src/sources/index.js';
import { tlsSettings } from '../../../src/sources/common/tls-options.js';
import { withKeyFiles } from '../../../src/sources/snowflake/session/key-files.js';
import { SqliteConnection } from '../../../src/sources/sqlite/connection.js';

const context = {
  runTag: 'test',
  signal: new AbortController().signal,
  onStatement: () => undefined,
  onWarning: () => undefined,
};

/** Every place of a recipe that names a file. */
const READERS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'file: secrets': (file) => resolveSecrets({ password: `file:${file}` }, {}),
  'a jwtToken file': (file) => fileToken(file)(),
  'a query log': async (file) => {
    const log = await openQueryLogFile(file, context);
    const range = { from: 0, to: 1 };
    const windows = await log.windows(range, {} as never);
    for (const window of windows) for await (const row of log.read(window, {} as never)) expect(row).to.be.an('object');
  },
  'a SQLite database': async (file) => (await SqliteConnection.open({ databaseMode: file } as never, context)).close(),
  'a CA of MySQL': async (file) => tlsSettings('localhost', { ca: file }),
  'a key of MySQL': async (file) => tlsSettings('localhost', { ca: file, key: file }),
  'a CA of OpenMetadata': async (file) => readTlsMaterial({ ca: file }, 'sslConfig'),
  'a key file of Snowflake': (file) => withKeyFiles({ privateKeyPath: file }),
  'a token file of Snowflake': (file) => withKeyFiles({ tokenFilePath: file }),
};

/** Where the limits are looked at, a key is read alone. */
function readerOf(what: string): (file: string) => Promise<unknown> {
  if (what !== 'a key of MySQL') return READERS[what] ?? expect.fail(what);
  return async (key) => tlsSettings('localhost', { certificate: '-----BEGIN', key });
}

describe('Files that a recipe names', () => {
  let root: string;
  let allowed: string;

  before(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'om-reach-')));
    allowed = path.join(root, 'allowed');
    await mkdir(path.join(allowed, 'logs'), { recursive: true });
    await mkdir(path.join(root, 'allowed-not'));
    await writeFile(path.join(root, 'secret.txt'), 'topsecretvalue,second\nx,y\n');
    await writeFile(path.join(root, 'allowed-not', 'secret.txt'), 'topsecretvalue\n');
    await writeFile(path.join(allowed, 'good.txt'), 'content\n');
    await symlink(path.join(root, 'secret.txt'), path.join(allowed, 'link.csv'));
    await symlink(root, path.join(allowed, 'way-out'));
    await symlink('/proc/self/environ', path.join(allowed, 'logs', 'environ.csv'));
    execFileSync('mkfifo', [path.join(allowed, 'pipe.csv')]);
  });
  after(() => rm(root, { recursive: true, force: true }));

  const refused = async (read: () => Promise<unknown>): Promise<string> => {
    const error = await read().then(
      () => undefined,
      (thrown: unknown) => thrown
    );
    expect(error).to.be.instanceOf(Error);
    const text = [error, (error as Error).cause].map((each) => `${String(each)} ${JSON.stringify(each)}`).join('\n');
    expect(text).not.to.contain('topsecretvalue');
    return text;
  };

  for (const [what, read] of Object.entries(READERS)) {
    it(`are below the folders that are allowed, once all links are followed, for a recipe that somebody sent: ${what}`, async () => {
      const outside = [
        'secret.txt',
        'allowed-not/secret.txt',
        'allowed/../secret.txt',
        'allowed/link.csv',
        'allowed/way-out/secret.txt',
      ];
      await withReach({ folders: [allowed] }, async () => {
        for (const file of [
          ...outside.map((each) => `${root}/${each}`),
          '/proc/self/environ',
          '/etc/shadow-not-there',
        ]) {
          expect(await refused(() => read(file)), file).to.contain('outside the folders');
        }
      });
    });

    it(`are regular files, whoever wrote the recipe: ${what}`, async () => {
      for (const file of [`${allowed}/pipe.csv`, '/dev/zero', '/dev/null'])
        expect(await refused(() => read(file)), file).to.match(/not a regular file|is a folder/);
      expect(await refused(() => read('/proc/self/environ'))).to.contain('a view of the system');
    });
  }

  it('may be any where the recipe is the operator’s own', async () => {
    const bytes = await withReach({ folders: [allowed] }, async () => {
      expect((await readRegularFile(`${allowed}/good.txt`)).toString()).to.equal('content\n');
      trustRecipe();
      return readRegularFile(`${root}/secret.txt`);
    });
    expect(bytes.toString()).to.contain('topsecretvalue');
  });

  it('of a folder of query logs are looked at one by one', async () => {
    const read = READERS['a query log'];
    expect(await refused(async () => read?.(path.join(allowed, 'logs')))).to.contain('a view of the system');
    await withReach({ folders: [allowed] }, async () => {
      expect(await refused(async () => read?.('/etc'))).to.contain('outside the folders');
      expect(await refused(async () => read?.(`${allowed}/way-out`))).to.contain('outside the folders');
    });
  });

  it('that are too large are refused', async () => {
    const file = path.join(root, 'large');
    await writeFile(file, Buffer.alloc(70_000));
    for (const read of [readRegularFile, async (name: string) => readRegularFileSync(name)]) {
      const error = await read(file).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(FileRefused).with.property('message', 'is larger than 64 KiB');
    }
  });

  for (const [what, limit] of [
    ['file: secrets', 64 * 1024],
    ['a jwtToken file', 64 * 1024],
    ['a key of MySQL', 64 * 1024],
    ['a key file of Snowflake', 64 * 1024],
    ['a token file of Snowflake', 64 * 1024],
    ['a CA of MySQL', 2 * 1024 * 1024],
    ['a CA of OpenMetadata', 2 * 1024 * 1024],
  ] as const) {
    it(`are taken up to ${limit / 1024} KiB, and described, never quoted, when they are not what they should be: ${what}`, async () => {
      const file = path.join(allowed, 'limit.pem');
      const text = 'topsecretvalue -----BEGIN CERTIFICATE-----topsecretvalue-----END CERTIFICATE-----\n';
      const read = readerOf(what);
      await writeFile(file, text.padEnd(limit + 1, 'x'));
      expect(await refused(() => read(file))).to.contain(`is larger than ${limit / 1024} KiB`);
      await writeFile(file, text.padEnd(limit, 'x'));
      const error: unknown = await read(file).catch((thrown: unknown) => thrown);
      if (error instanceof Error) expect(await refused(() => read(file))).not.to.contain('is larger than');
    });
  }

  it('that are no database are described, never quoted', async () => {
    const file = path.join(allowed, 'text.db');
    await writeFile(file, 'topsecretvalue,'.repeat(1000));
    expect(await refused(async () => READERS['a SQLite database']?.(file))).to.match(/not a database/i);
  });

  it('that are no query log are described, never quoted', async () => {
    const read = READERS['a query log'];
    expect(await refused(async () => read?.(path.join(root, 'secret.txt')))).to.contain('it has 2 of them');
    const odd = path.join(root, 'odd.csv');
    await writeFile(odd, '"topsecretvalue"x"topsecretvalue\n');
    await refused(async () => read?.(odd));
  });

  it('are opened at their true place: a database behind a link that is allowed', async () => {
    const file = path.join(root, 'one.db');
    const database = new Database(file);
    database.exec('CREATE TABLE t (a)');
    database.close();
    await copyFile(file, path.join(allowed, 'two.db'));
    await symlink('two.db', path.join(allowed, 'three.db'));
    const opened = await withReach({ folders: [allowed] }, () =>
      SqliteConnection.open({ databaseMode: `${allowed}/three.db` } as never, context)
    );
    expect(opened.file).to.equal(`${allowed}/two.db`);
    opened.close();
  });
});
