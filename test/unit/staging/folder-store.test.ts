import { mkdtemp, readdir, rm, truncate, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { linesOf } from '../metadata/temporary-store.js';
import { EntryTaken, FolderStore, type ManifestEntry } from '../../../src/staging/index.js';

const address = { run: 'run-1', stage: 'extract', slice: '0' };

describe('The folder staging store', () => {
  let root: string;
  let store: FolderStore;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'staging-'));
    store = await FolderStore.open(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const read = async (entry: ManifestEntry): Promise<unknown[]> => {
    const records: unknown[] = [];
    for (const record of await store.read(entry)) records.push(record);
    return records;
  };

  it('keeps its id when it is opened again, also by two at once', async () => {
    const ids = await Promise.all([FolderStore.open(root), FolderStore.open(root)]);
    expect(ids.map((each) => each.id)).to.deep.equal([store.id, store.id]);
  });

  it('gives back the records of a committed chunk', async () => {
    await store.commit(address, {
      n: 0,
      lines: linesOf('{"a":"ü\\u2028"}', '[1]'),
      position: { at: 2 },
      facts: { n: 1 },
      last: true,
    });
    const [entry] = await store.manifest(address);
    expect(entry)
      .to.include({ n: 0, last: true })
      .and.to.deep.include({ position: { at: 2 }, facts: { n: 1 } });
    expect(entry && (await read(entry))).to.deep.equal([{ a: 'ü\u2028' }, [1]]);
  });

  it('lets one attempt only commit an entry, and leaves nothing of the other', async () => {
    const attempts = await Promise.allSettled([
      store.commit(address, { n: 0, lines: linesOf('1'), last: false }),
      store.commit(address, { n: 0, lines: linesOf('2'), last: false }),
    ]);
    expect(attempts.filter((each) => each.status === 'fulfilled')).to.have.length(1);
    const lost = attempts.find((each) => each.status === 'rejected');
    expect(lost?.reason).to.be.instanceOf(EntryTaken);
    expect(await readdir(path.join(root, 'runs', 'run-1', 'extract', '0'))).to.have.length(2);
  });

  it('ends the manifest at the first gap', async () => {
    await store.commit(address, { n: 0, last: false });
    await store.commit(address, { n: 2, last: true });
    expect((await store.manifest(address)).map((entry) => entry.n)).to.deep.equal([0]);
  });

  it('reads no entry again that this process committed', async () => {
    await store.commit(address, { n: 0, facts: { n: 1 }, last: true });
    await truncate(path.join(root, 'runs', 'run-1', 'extract', '0', '000000.entry'));
    expect(await store.manifest(address)).to.deep.equal([{ n: 0, facts: { n: 1 }, last: true }]);
    const other = await FolderStore.open(root);
    expect(await other.manifest(address).catch((each: unknown) => each)).to.be.instanceOf(SyntaxError);
  });

  it('refuses a chunk whose bytes were cut', async () => {
    await store.commit(address, { n: 0, lines: linesOf('"some record"'), last: true });
    // as another process finds it
    store = await FolderStore.open(root);
    const [entry] = await store.manifest(address);
    if (entry === undefined) throw new Error('nothing was committed');
    await truncate(path.join(root, 'runs', entry.chunk?.uri ?? ''), 5);
    const error = await read(entry).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes('damaged');
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

    it('waits for it with patience, whoever commits it', async () => {
      for (const [n, from] of [store, await other()].entries()) {
        const waiting = store.entry(address, n, { ms: 60_000 });
        await from.commit(address, { n, last: false });
        expect(await waiting).to.include({ n });
      }
      expect(await store.entry(address, 2, { ms: 30 })).to.equal(undefined);
      const signal = AbortSignal.abort(new Error('cancelled'));
      const error = await store.entry(address, 2, { ms: 60_000, signal }).catch((each: unknown) => each);
      expect(error).to.have.property('message', 'cancelled');
    });

    it('has none of a run that was removed', async () => {
      await store.commit(address, { n: 0, last: true });
      await store.removeRun('run-1');
      expect(await store.entry(address, 0)).to.equal(undefined);
    });
  });

  it('refuses names that would leave the folder', async () => {
    const error = await store.manifest({ ...address, slice: '../..' }).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes('"../.."');
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

  it('replaces a document and removes it with its run', async () => {
    await store.putDocument('run-1', 'recipe', 'one');
    await store.putDocument('run-1', 'recipe', 'two');
    expect(await store.getDocument('run-1', 'recipe')).to.equal('two');
    await store.removeRun('run-1');
    const error = await store.getDocument('run-1', 'recipe').catch((each: unknown) => each);
    expect(error).to.be.instanceOf(Error).with.property('message').that.includes('has no document recipe');
  });
});
