import fs, { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSealingKey } from '../../../src/local-catalog/sealing-key.js';
import { openDatabase } from '../../../src/local-catalog/store/open-database.js';
import { makePrivateFile, makePrivateFolder, writePrivateFile } from '../../../src/reach/index.js';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('What is for one user alone', () => {
  const { chmodSync } = fs;
  let folder: string;
  let mask: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'om-private-'));
    mask = process.umask(0);
  });
  afterEach(() => {
    fs.chmodSync = chmodSync;
    syncBuiltinESMExports();
    process.umask(mask);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made so, and not closed to others afterwards only', () => {
    fs.chmodSync = () => undefined;
    syncBuiltinESMExports();
    const [file, secret, own, catalog] = ['file', 'secret', '.om-ingest', 'catalog.db'].map((name) =>
      join(folder, name)
    ) as [string, string, string, string];
    makePrivateFile(file);
    writePrivateFile(secret, 'x');
    makePrivateFolder(own);
    readSealingKey(catalog);
    expect([file, secret, own, `${catalog}.key`].map(modeOf)).to.deep.equal([0o600, 0o600, 0o700, 0o600]);
  });

  it('is closed to others behind a link as well: a catalog of an earlier release, and its key', () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    const old = join(kept, 'old.db');
    openDatabase(old).close();
    writeFileSync(`${old}.key`, '', { mode: 0o644 });
    chmodSync(old, 0o644);
    const link = join(folder, 'catalog.db');
    symlinkSync(old, link);
    const opened = openDatabase(link);
    expect([old, `${old}.key`].map(modeOf)).to.deep.equal([0o600, 0o600]);
    opened.close();
  });
});
