import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { startLocalCatalog } from '../../../src/local-catalog/index.js';
import { FolderStore } from '../../../src/staging/index.js';
import { CatalogUnderTest, tableRequest } from './catalog-under-test.js';

const doorPath = new URL('../../../src/local-catalog/index.js', import.meta.url).href;

async function refusal(file: string, port = 0): Promise<string> {
  try {
    await (await startLocalCatalog({ file, port })).close();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it started';
}

/** A catalog in a process of its own. @param before commands of a shell */
async function spawnCatalog(
  file: string,
  before = ''
): Promise<{ process: ChildProcess; hostPort: string; token: string }> {
  const code = `import { startLocalCatalog } from ${JSON.stringify(doorPath)};
    const { hostPort, token } = await startLocalCatalog({ file: ${JSON.stringify(file)}, port: 0 });
    console.log(JSON.stringify({ hostPort, token }));`;
  const shell = `${before} exec "$0" --input-type=module -e "$1"`;
  const child = spawn('sh', ['-c', shell, process.execPath, code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, ...(JSON.parse(line.toString()) as { hostPort: string; token: string }) };
}

describe('local catalog: its life', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalog-'));
    file = join(folder, 'deep', 'catalog.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes its folder and file, readable by the owner only, and keeps everything over a restart', async () => {
    const first = await (await CatalogUnderTest.start({ file })).withSchema();
    const oldToken = first.catalog.token;
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(`${file}.key`).mode & 0o777).to.equal(0o600);
    await first.close();
    const second = await CatalogUnderTest.start({ file });
    await second.ok('GET', '/databaseSchemas/name/shop.main.sales', undefined, { token: oldToken });
    await second.close();
  });

  it('refuses a second catalog on its file, in this process and in another, until it is closed', async () => {
    const child = await spawnCatalog(file);
    expect(await refusal(file))
      .to.include(file)
      .and.to.include('in use by another local catalog');
    child.process.kill('SIGTERM');
    await once(child.process, 'exit');
    const here = await CatalogUnderTest.start({ file });
    expect(await refusal(file)).to.include('in use by another local catalog');
    await here.close();
    expect(await refusal(file)).to.equal('it started');
  });

  it('has everything it answered for after kill -9, whole calls only', async () => {
    const child = await spawnCatalog(file);
    const put = (path: string, body: unknown): Promise<Response> =>
      fetch(`${child.hostPort}/v1${path}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${child.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await put('/services/databaseServices', { name: 'shop', serviceType: 'Mysql' });
    await put('/databases', { name: 'main', service: 'shop' });
    await put('/databaseSchemas', { name: 'sales', database: 'shop.main' });
    let answered = 0;
    const batches = [...Array(20).keys()].map(async (batch) => {
      const tables = [...Array(50).keys()].map((index) => tableRequest(`t_${batch}_${index}`));
      const response = await put('/tables/bulk', tables);
      if (response.status === 200 && (await response.text()) !== '') answered += 1;
      if (answered === 3) child.process.kill('SIGKILL');
    });
    await Promise.allSettled(batches);
    const again = await CatalogUnderTest.start({ file });
    const total = Number((await again.ok('GET', '/tables?limit=0')).at('paging', 'total'));
    expect(total % 50).to.equal(0);
    expect(total / 50)
      .to.be.at.least(answered)
      .and.at.most(20);
    await again.close();
  });

  it('touches no file that is something else, and puts nothing beside it', async () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'not a database '.repeat(100));
    const other = join(folder, 'other.db');
    const database = new Database(other);
    database.exec('CREATE TABLE mine (x)');
    database.close();
    const busy = new Database(join(folder, 'busy.db'));
    busy.exec('PRAGMA journal_mode = WAL; CREATE TABLE mine (x)');
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync(other, join(folder, 'link'));
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    const look = (): unknown =>
      readdirSync(folder).map((name) => {
        const path = join(folder, name);
        return [name, statSync(path).mode, name === 'pipe' ? '' : readFileSync(path, 'latin1')];
      });
    const before = look();
    for (const name of ['notes.txt', 'other.db', 'busy.db', 'pipe', 'link'])
      expect(await refusal(join(folder, name)), name).to.include('is not the file of a local catalog');
    expect(look()).to.deep.equal(before);
    busy.close();
  });

  it('says so when its port is taken, and frees its file', async () => {
    const first = await CatalogUnderTest.start();
    const port = Number(new URL(first.catalog.url).port);
    expect(await refusal(file, port)).to.equal(
      `Port ${port} of 127.0.0.1 is taken. Stop what listens there, or give the local catalog another port.`
    );
    await first.close();
    expect(await refusal(file)).to.equal('it started');
  });

  it('can be closed twice, and ends connections that are kept alive', async () => {
    const server = await CatalogUnderTest.start();
    await server.ok('GET', '/system/version');
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });

  it('counts the calls it got', async () => {
    const server = await CatalogUnderTest.start();
    await server.ok('GET', '/system/version');
    await server.call('GET', '/tables/name/nothing');
    await fetch(server.catalog.url);
    expect(server.catalog.requests()).to.equal(2);
    await server.close();
  });

  it('keeps every file from others from its first byte on, those of an earlier release too', async () => {
    const own = join(folder, '.om-ingest');
    mkdirSync(own, { mode: 0o755 });
    file = join(own, 'catalog.db');
    for (const ending of ['', '-wal', '.lock']) writeFileSync(`${file}${ending}`, '', { mode: 0o644 });
    const opened = await (await CatalogUnderTest.start({ file })).withSchema();
    const modes = Object.fromEntries(readdirSync(own).map((name) => [name, statSync(join(own, name)).mode & 0o777]));
    expect(modes).to.include.all.keys(
      'catalog.db',
      'catalog.db-wal',
      'catalog.db-shm',
      'catalog.db.key',
      'catalog.db.lock'
    );
    expect(new Set(Object.values(modes))).to.deep.equal(new Set([0o600]));
    expect(statSync(own).mode & 0o777).to.equal(0o700);
    await opened.close();
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o755);
    const [there, made] = [join(shared, 'catalog.db'), join(folder, 'made', 'catalog.db')];
    for (const other of [there, made]) await (await CatalogUnderTest.start({ file: other })).close();
    const modesOf = (...paths: string[]): unknown => paths.map((path) => statSync(path).mode & 0o777);
    expect(modesOf(there, `${there}.key`, `${there}.lock`, shared)).to.deep.equal([0o600, 0o600, 0o600, 0o755]);
    expect(modesOf(made, join(folder, 'made'))).to.deep.equal([0o600, 0o700]);
    const staging = join(folder, 'staging');
    mkdirSync(staging, { mode: 0o755 });
    const store = await FolderStore.open(staging);
    await store.putDocument('run', 'recipe', '{}');
    const staged = readdirSync(staging, { recursive: true, withFileTypes: true });
    for (const entry of staged) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o077;
      expect(mode, entry.name).to.equal(0);
    }
    expect(statSync(staging).mode & 0o777).to.equal(0o700);
  });

  it('says in plain words that its file is damaged, is no catalog or can not be written', async () => {
    const damaged = join(folder, 'damaged.db');
    const first = await CatalogUnderTest.start({ file: damaged });
    await first.close();
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 7)]));
    expect(await refusal(damaged)).to.contain(`The catalog file ${damaged} is damaged`);
    const foreign = join(folder, 'foreign.db');
    writeFileSync(foreign, 'not a database at all, but long enough to be looked at'.repeat(100));
    expect(await refusal(foreign)).to.contain('is not the file of a local catalog');
    expect(await refusal(folder)).to.contain('is not the file of a local catalog');
    if (process.getuid?.() !== 0) {
      const closed = join(folder, 'closed');
      mkdirSync(closed, { mode: 0o500 });
      expect(await refusal(join(closed, 'catalog.db'))).to.contain('can not be written');
    }
  });

  it('says in plain words that its file was overwritten while it runs', async () => {
    // everything is in the file then, and nothing in the log
    expect(await refusal(file)).to.equal('it started');
    const live = await CatalogUnderTest.start({ file });
    const other = new Database(file);
    other.exec('SELECT * FROM meta');
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(100, 7), 0, 100, 0);
    closeSync(descriptor);
    // another's write makes it read the file again
    other.exec("INSERT INTO meta (key, value) VALUES ('other', '')");
    other.close();
    expect(await live.refused('GET', '/users')).to.deep.equal([
      500,
      'The catalog file is damaged: start it on a copy or on another file',
    ]);
    await live.close();
  });

  it('says in plain words that its disk answers with an error, and goes on', async () => {
    // a limit to the size of files, where the system answers EFBIG
    const child = await spawnCatalog(file, "trap '' XFSZ; ulimit -f 3000;");
    const call = async (path: string, method = 'GET', body?: unknown): Promise<readonly [number, string]> => {
      const response = await fetch(`${child.hostPort}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${child.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return [response.status, await response.text()];
    };
    const service = { name: 'shop', serviceType: 'Mysql', description: 'x'.repeat(8_000_000) };
    const [status, answer] = await call('/services/databaseServices', 'PUT', service);
    expect([status, answer]).to.deep.equal([
      500,
      '{"code":500,"message":"The catalog file can not be read or written: the disk answers with an error"}',
    ]);
    expect((await call('/users'))[0]).to.equal(200);
    child.process.kill('SIGTERM');
    await once(child.process, 'exit');
  });

  it('refuses a file that lost a part of its contents, and leaves what is there as it is', async () => {
    const live = await (await CatalogUnderTest.start({ file })).withSchema();
    const saved = Object.fromEntries(['', '-wal', '.key'].map((ending) => [ending, readFileSync(`${file}${ending}`)]));
    await live.close();
    const whole = readFileSync(file);
    const given = async (name: string, files: Record<string, Uint8Array>): Promise<string> => {
      const copy = join(folder, `${name}.db`);
      for (const [ending, bytes] of Object.entries({ '.key': saved['.key'] ?? '', ...files }))
        writeFileSync(`${copy}${ending}`, bytes);
      const said = await refusal(copy);
      for (const [ending, bytes] of Object.entries(files)) {
        if (said !== 'it started' && ending === '') expect(readFileSync(copy).equals(bytes), name).to.equal(true);
      }
      return said;
    };
    const [main, log] = [saved[''] ?? Buffer.alloc(0), saved['-wal'] ?? Buffer.alloc(0)];
    expect(await given('short', { '': whole.subarray(0, -1) })).to.contain('is cut off');
    expect(await given('long', { '': Buffer.concat([whole, Buffer.alloc(1)]) })).to.contain('is cut off');
    expect(await given('empty', { '': Buffer.alloc(0) })).to.contain(
      'its contents, or the log that had them, are lost'
    );
    expect(await given('no-log', { '': main })).to.contain('its contents, or the log that had them, are lost');
    expect(await given('cut-log', { '': main, '-wal': log.subarray(0, 20_000) })).to.contain('are lost');
    expect(await given('log-alone', { '': Buffer.alloc(0), '-wal': log })).to.contain('is empty, but its log');
    expect(await given('both', { '': main, '-wal': log })).to.equal('it started');
    expect(await given('log-of-0', { '': whole, '-wal': Buffer.alloc(0) })).to.equal('it started');
    const unsigned = join(folder, 'unsigned.db');
    writeFileSync(unsigned, whole);
    const database = new Database(unsigned);
    database.exec("DELETE FROM meta WHERE key = 'token-secret'");
    database.close();
    const lacking = await given('lacking', { '': readFileSync(unsigned) });
    expect(lacking).to.contain('lacks what its first start wrote: its log was cut off. Put a copy of it back');
    for (const page of [1, 2, 4]) {
      const bytes = Buffer.from(whole);
      bytes.fill(7, page * 8192, (page + 1) * 8192);
      expect(await given(`page-${page}`, { '': bytes })).to.contain('.db is damaged. Put a copy of it back');
    }
  });
});
