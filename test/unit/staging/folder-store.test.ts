import { mkdir, mkdtemp, open, readdir, rm, truncate, utimes, writeFile, type FileHandle } from 'node:fs/promises';
import os, { devNull } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { linesOf } from '../metadata/temporary-store.js';
import { TransientError } from '../../../src/errors/index.js';
import { FolderStore } from '../../../src/staging/index.js';
import { toFolderError } from '../../../src/staging/folder-errors.js';
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

  it('leaves no part of a file on a full disk, and says what to do', async () => {
    await store.commit(address, { n: 0, last: false });
    const commit = (): Promise<unknown> => store.commit(address, { n: 1, lines: linesOf('"a"'), last: true });
    const error = await onFullDisk(() => commit().catch((each: unknown) => each));
    expect(error).to.be.instanceOf(TransientError);
    expect((error as TransientError).describe()).to.match(/no space is left \(ENOSPC\)\. Make room there/);
    await onFullDisk(() => store.putDocument('run-1', 'plan', '{}').catch(() => undefined));
    expect(await readdir(path.join(root, 'runs', 'run-1'))).to.deep.equal(['extract']);
    expect(await readdir(path.join(root, 'runs', 'run-1', 'extract', '0'))).to.deep.equal(['000000.entry']);
    await commit();
    expect(await store.manifest(address)).to.have.length(2);
  });

  it('takes no folder that was emptied or replaced for an empty store, and writes nothing there', async () => {
    const { chunk } = await store.commit(address, { n: 0, lines: linesOf('"a"'), last: true });
    const other = await FolderStore.open(root);
    const again = (): Promise<unknown>[] => [
      other.commit({ ...address, slice: '1' }, { n: 0, last: true }),
      other.manifest(address),
      other.getDocument('run-1', 'plan'),
      other.lines({ n: 0, last: true, ...(chunk === undefined ? {} : { chunk }) }),
    ];
    const faults = async (): Promise<unknown[]> =>
      (await Promise.allSettled(again())).map((each): unknown => (each.status === 'rejected' ? each.reason : each));
    await rm(root, { recursive: true });
    await mkdir(root);
    for (const error of await faults()) {
      expect(error).to.be.instanceOf(TransientError);
      expect((error as TransientError).describe()).to.include('holds no store-id any more. Bring it back');
    }
    expect(await readdir(root)).to.deep.equal([]);
    const { id } = await FolderStore.open(root);
    expect(await other.getDocument('run-1', 'plan').catch(String)).to.include(`is another store now (${id})`);
    await rm(root, { recursive: true });
    await writeFile(root, '');
    for (const error of await faults()) expect(error).to.be.instanceOf(TransientError);
  });

  it('says of a file system that is read-only or stale where, what and what to do, and is tried again', () => {
    for (const [code, said] of [
      ['EROFS', /could not write runs\/1: it is mounted read-only \(EROFS\)\. Mount it for writing/],
      ['ESTALE', /is not there any more \(ESTALE\)\. Mount it again/],
      ['EIO', /does not answer as it should \(EIO\)\. See to its disk/],
      ['EXDEV', /could not write runs\/1: EXDEV: no luck/],
    ] as const) {
      const error = toFolderError(systemError(code), 'write runs/1', '/mnt/staging');
      expect(error).to.be.instanceOf(TransientError);
      expect((error as TransientError).describe())
        .to.match(said)
        .and.include('The staging folder /mnt/staging ');
    }
  });
});

/** Bytes are written, but the disk can't keep them. */
async function onFullDisk<T>(work: () => Promise<T>): Promise<T> {
  const handle = await open(devNull, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is only put back
  const datasync = prototype.datasync;
  prototype.datasync = () => Promise.reject(systemError('ENOSPC'));
  try {
    return await work();
  } finally {
    prototype.datasync = datasync;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: no luck`), { code, errno: -1, syscall: 'fdatasync' });
}
