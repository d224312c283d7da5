import { expect } from 'chai';
import { EntryTaken, type ManifestEntry, type StagingStore, type StateVersion } from '../../src/staging/index.js';
import type { Objects } from '../../src/staging/objects.js';
import { linesOf } from '../unit/metadata/temporary-store.js';
import { collected } from '../unit/staging/collected.js';

/** A new, empty place for a store. */
export interface StorePlace {
  /** Opens the store there as another process would: it knows nothing of what others hold in memory. */
  readonly open: () => Promise<StagingStore>;
  /** What the store is made of. */
  readonly objects: Objects;
  readonly remove: () => Promise<void>;
}

const address = { run: 'run-1', stage: 'extract', slice: '0' };
const fact = { service: 'shop', kind: 'metadata', name: 'journal' };
const version = (n: number): StateVersion => ({ run: `run-${n}`, startedAt: n * 1_000 });

/** What every staging store keeps to, whatever keeps its objects. */
export function describeStagingStore(name: string, make: () => Promise<StorePlace>): void {
  describe(`A staging store ${name}`, function () {
    this.timeout(240_000);
    let place: StorePlace;
    let store: StagingStore;
    beforeEach(async () => {
      place = await make();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const read = async (from: StagingStore, entry: ManifestEntry | undefined): Promise<unknown[]> =>
      entry === undefined ? [] : [...(await from.read(entry))];

    it('keeps its id when it is opened again, also by two at once', async () => {
      const ids = await Promise.all([place.open(), place.open()]);
      expect(ids.map((each) => each.id)).to.deep.equal([store.id, store.id]);
    });

    it('gives another worker the records of a committed chunk', async () => {
      const lines = linesOf('{"a":"ü\\u2028"}', '[1]');
      await store.commit(address, { n: 0, lines, position: { at: 2 }, facts: { n: 1 }, last: true });
      for (const each of [store, await place.open()]) {
        const [entry] = await each.manifest(address);
        expect(entry).to.deep.include({ n: 0, last: true, position: { at: 2 }, facts: { n: 1 } });
        expect(await read(each, entry)).to.deep.equal([{ a: 'ü\u2028' }, [1]]);
      }
    });

    it('lets one attempt only commit an entry, and leaves nothing of the other', async () => {
      const other = await place.open();
      const attempts = await Promise.allSettled(
        [store, other].map((each, n) => each.commit(address, { n: 0, lines: linesOf(`${n}`), last: false }))
      );
      expect(attempts.filter((each) => each.status === 'fulfilled')).to.have.length(1);
      expect(attempts.find((each) => each.status === 'rejected')?.reason).to.be.instanceOf(EntryTaken);
      expect(await place.objects.names('runs/run-1/extract/0')).to.have.length(2);
    });

    it('ends the manifest at the first gap', async () => {
      for (const n of [0, 2]) await store.commit(address, { n, last: n === 2 });
      expect((await (await place.open()).manifest(address)).map((entry) => entry.n)).to.deep.equal([0]);
      expect(await store.manifest({ ...address, slice: '1' })).to.deep.equal([]);
    });

    it('refuses a chunk whose bytes are others, and one that is gone', async () => {
      await store.commit(address, { n: 0, lines: linesOf('"some record"'), last: true });
      const other = await place.open();
      const [entry] = await other.manifest(address);
      const key = `runs/${entry?.chunk?.uri ?? ''}`;
      await place.objects.put(key, Buffer.from('other bytes'));
      const damaged = await read(other, entry).catch((error: unknown) => error);
      expect(damaged).to.have.property('message').that.includes('damaged');
      await place.objects.remove(key);
      const gone = await read(other, entry).catch((error: unknown) => error);
      expect(gone).to.have.property('message').that.includes('not in store');
    });

    it('waits for an entry with patience, whoever commits it', async () => {
      for (const [n, from] of [store, await place.open()].entries()) {
        const waiting = store.entry(address, n, { ms: 60_000 });
        await from.commit(address, { n, last: false });
        expect(await waiting).to.include({ n });
      }
      expect(await store.entry(address, 2, { ms: 30 })).to.equal(undefined);
      const signal = AbortSignal.abort(new Error('cancelled'));
      const error = await store.entry(address, 2, { ms: 60_000, signal }).catch((each: unknown) => each);
      expect(error).to.have.property('message', 'cancelled');
    });

    it('refuses names that would leave it', async () => {
      const error = await store.manifest({ ...address, slice: '../..' }).catch((each: unknown) => each);
      expect(error).to.have.property('message').that.includes('"../.."');
    });

    it('names the slices of a stage', async () => {
      for (const slice of ['0', '1']) await store.commit({ ...address, slice }, { n: 0, last: true });
      expect([...(await store.slices('run-1', 'extract'))].sort()).to.deep.equal(['0', '1']);
      expect(await store.slices('run-1', 'publish')).to.deep.equal([]);
    });

    it('replaces a document, and removes all of a run and nothing else', async () => {
      await store.putDocument('run-1', 'recipe', 'one');
      await store.putDocument('run-1', 'recipe', 'two');
      await store.commit(address, { n: 0, lines: linesOf('1'), last: true });
      await store.putDocument('run-10', 'recipe', 'another run');
      expect(await store.getDocument('run-1', 'recipe')).to.equal('two');
      for (let times = 0; times < 2; times += 1) await store.removeRun('run-1');
      expect(await store.entry(address, 0)).to.equal(undefined);
      const error = await store.getDocument('run-1', 'recipe').catch((each: unknown) => each);
      expect(error).to.have.property('message').that.includes('has no document recipe');
      expect(await store.getDocument('run-10', 'recipe')).to.equal('another run');
    });

    it('sweeps runs that nobody touched for so long, and never what outlives them', async () => {
      await store.commit(address, { n: 0, lines: linesOf('1'), last: true });
      await store.state.write(fact, version(1), ['1']);
      expect(await store.sweep(60_000)).to.equal(0);
      expect(await store.manifest(address)).to.have.length(1);
      expect(await store.sweep(-60_000)).to.equal(1);
      expect(await place.objects.names('runs')).to.deep.equal([]);
      expect(await lines(store)).to.deep.equal(['1']);
    });

    const lines = async (from: StagingStore, before?: StateVersion): Promise<string[] | undefined> => {
      const found = await from.state.read(fact, before);
      return found === undefined ? undefined : collected(found);
    };

    it('gives a run what the one left that started last before it, and keeps three versions', async () => {
      expect(await lines(store)).to.equal(undefined);
      for (const n of [1, 2, 4, 3, 5, 5]) await store.state.write(fact, version(n), [`${n}`]);
      const other = await place.open();
      expect(await lines(other)).to.deep.equal(['5']);
      expect(await lines(other, version(5))).to.deep.equal(['4']);
      expect(await lines(other, version(3))).to.equal(undefined);
      expect(await place.objects.names('state/shop/metadata/journal')).to.have.length(3);
    });

    it('keeps what a run left when a later one dies while it writes, and takes large facts', async () => {
      const many = Array.from({ length: 20_000 }, (_, n) => `${n} ${Math.sin(n)} ${Math.cos(n)}`);
      await store.state.write(fact, version(1), many);
      const dying = async function* (): AsyncGenerator<string> {
        yield* many;
        throw new Error('died');
      };
      const ended: unknown = await store.state.write(fact, version(2), dying()).catch((error: unknown) => error);
      expect(ended).to.have.property('message').that.includes('died');
      expect(await lines(await place.open())).to.deep.equal(many);
      expect(await place.objects.names('state/shop/metadata/journal')).to.have.length(1);
    });
  });
}
