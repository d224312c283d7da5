import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { collected } from './collected.js';
import { FolderStore, type StateStore, type StateVersion } from '../../../src/staging/index.js';

const ADDRESS = { service: 'shop', kind: 'metadata', name: 'journal' };
const version = (n: number): StateVersion => ({ run: `run-${n}`, startedAt: n * 1_000 });

describe('What outlives runs, in a folder', () => {
  let root: string;
  let state: StateStore;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'state-'));
    ({ state } = await FolderStore.open(root));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = async (before?: StateVersion): Promise<string[] | undefined> => {
    const lines = await state.read(ADDRESS, before);
    return lines === undefined ? undefined : collected(lines);
  };
  const files = (): Promise<string[]> => readdir(path.join(root, 'state', 'shop', 'metadata', 'journal'));

  it('clears away what a killed worker left half-written, once nobody can be at it any more', async () => {
    await state.write(ADDRESS, version(1), []);
    const folder = path.join(root, 'state', 'shop', 'metadata', 'journal');
    for (const name of ['old.draft', 'fresh.draft']) await writeFile(path.join(folder, name), '');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(path.join(folder, 'old.draft'), yesterday, yesterday);
    await state.write(ADDRESS, version(2), []);
    expect((await files()).filter((name) => name.endsWith('.draft'))).to.deep.equal(['fresh.draft']);
    expect(await read()).to.deep.equal([]);
  });

  it('is told apart by service also where names differ only in characters that no path may have', async () => {
    await state.write({ ...ADDRESS, service: '../a b' }, version(1), ['1']);
    await state.write({ ...ADDRESS, service: '../a/b' }, version(1), ['2']);
    expect(await readdir(path.join(root, 'state'))).to.have.length(2);
    const lines = await state.read({ ...ADDRESS, service: '../a/b' });
    expect(lines === undefined ? [] : await collected(lines)).to.deep.equal(['2']);
  });
});
