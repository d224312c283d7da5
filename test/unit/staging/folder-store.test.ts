import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { linesOf } from '../metadata/temporary-store.js';
import { FolderStore } from '../../../src/staging/index.js';
import { FolderObjects } from '../../../src/staging/folder-objects.js';
import { describeStagingStore } from '../../conformance/staging-store.js';

const address = { run: 'run-1', stage: 'extract', slice: '0' };

describeStagingStore('in a folder', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'staging-'));
  return {
    objects: new FolderObjects(root),
    open: () => FolderStore.open(root),
    remove: () => rm(root, { recursive: true, force: true }),
  };
});

describe('The folder staging store', () => {
  let root: string;
  let store: FolderStore;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'staging-'));
    store = await FolderStore.open(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('reads no entry again that this process committed', async () => {
    await store.commit(address, { n: 0, facts: { n: 1 }, last: true });
    await truncate(path.join(root, 'runs', 'run-1', 'extract', '0', '000000.entry'));
    expect(await store.manifest(address)).to.deep.equal([{ n: 0, facts: { n: 1 }, last: true }]);
    const other = await FolderStore.open(root);
    expect(await other.manifest(address).catch((each: unknown) => each)).to.be.instanceOf(SyntaxError);
  });

  describe('asked for one entry', () => {
    const other = async (): Promise<FolderStore> => FolderStore.open(root);

    it('gives back what this process committed, also when its file is gone, and what another one did', async () => {
      await store.commit(address, { n: 0, lines: linesOf('"a"'), facts: { n: 1 }, last: true });
      for (const each of [store, await other()]) {
        const entry = await each.entry(address, 0);
        expect(entry).to.deep.include({ n: 0, facts: { n: 1 }, last: true });
        expect(entry && Array.from(await each.lines(entry), String)).to.deep.equal(['"a"']);
        expect(await each.entry(address, 1)).to.equal(undefined);
      }
      await rm(path.join(root, 'runs'), { recursive: true });
      expect(await store.entry(address, 0)).to.include({ n: 0 });
    });
  });

  it('sweeps runs that nobody touched and keeps the others', async () => {
    await store.commit(address, { n: 0, last: true });
    await store.commit({ ...address, run: 'run-2' }, { n: 0, last: true });
    const old = new Date(Date.now() - 10_000);
    for (const folder of ['run-1', 'run-1/extract', 'run-1/extract/0'])
      await utimes(path.join(root, 'runs', folder), old, old);
    expect(await store.sweep(5_000)).to.equal(1);
    expect(await readdir(path.join(root, 'runs'))).to.deep.equal(['run-2']);
  });
});
