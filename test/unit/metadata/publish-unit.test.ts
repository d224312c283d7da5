import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { addForeignKeys, publishUnit } from '../../../src/metadata/index.js';
import type { PublishUnitInput } from '../../../src/metadata/publish-unit.js';
import { procedureRequest, tableRequest } from '../../../src/metadata/requests.js';
import { writeExtractLine } from '../../../src/metadata/extract-line.js';
import { publishPosition } from '../../../src/metadata/staged-record.js';
import { hashedRequest } from '../../../src/openmetadata/index.js';
import { countsOf, failuresOf, type PartReport } from '../../../src/report/index.js';
import type { SourceTable } from '../../../src/sources/index.js';
import { EntryTaken } from '../../../src/staging/index.js';
import { FakeCatalog } from './fake-catalog.js';
import { table } from './fake-source.js';
import { ALL_FLAGS, countedIn, publishInput } from './publish-input.js';
import { linesOf, recordsOf, temporaryStore, type TemporaryStore } from './temporary-store.js';
import { attemptOn } from '../staging/attempt-on.js';

const from = { run: 'run', stage: 'extract', slice: '0' };
const to = { run: 'run', stage: 'publish', slice: '0' };
const place = { service: 'shop', database: 'd', schema: 's' };

const at = { database: 'd', schema: 's' };
const line = (source: SourceTable): string => {
  const { request, foreignKeys } = tableRequest(source, place);
  const { json, sourceHash } = hashedRequest(request);
  const tags = [...(source.tags ?? [])];
  return writeExtractLine({ kind: 'table', ...at, name: source.name, sourceHash, foreignKeys, tags }, json);
};
const procedure = (name: string): string => {
  const { json, sourceHash } = hashedRequest(
    procedureRequest({ kind: 'procedure', name, procedureType: 'StoredProcedure', code: 'x' }, place)
  );
  return writeExtractLine({ kind: 'procedure', ...at, name, sourceHash }, json);
};
/** A table with a foreign key to each of these. */
const pointing = (name: string, ...tables: string[]): SourceTable =>
  table(name, {
    foreignKeys: tables.map((to) => ({ columns: ['id'], referred: { schema: 's', table: to, columns: ['id'] } })),
  });

const end = (listing: 'whole' | 'changes' | 'failed'): string => writeExtractLine({ kind: 'end', ...at, listing });

describe('Publishing a unit', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
  });
  afterEach(() => temporary.remove());

  const extracted = async (...chunks: string[][]): Promise<void> => {
    for (const [n, lines] of chunks.entries())
      await temporary.store.commit(from, {
        n,
        lines: linesOf(...lines),
        last: n === chunks.length - 1,
      });
  };
  const publish = async (
    more: Partial<
      Pick<PublishUnitInput, 'overrideMetadata' | 'batchSize' | 'beside' | 'deleteFlags' | 'firstSchema'>
    > = {}
  ): Promise<boolean> => publishUnit({ ...publishInput({ store: temporary.store, catalog, from, to }), ...more });
  const counted = (): Promise<PartReport> => countedIn(temporary.store, to);
  let added = 0;
  const addDeferred = async (): Promise<PartReport> => {
    const keys = { ...to, stage: 'foreign-keys', slice: `${added}` };
    added += 1;
    await addForeignKeys({ ...attemptOn(temporary.store), catalog, from: [to], to: keys });
    return countedIn(temporary.store, keys);
  };
  const sorted = (): string[][] => catalog.puts.map((put) => [...put].sort());

  it('sends referred tables before those that point at them', async () => {
    await extracted([line(pointing('c', 'b')), line(pointing('b', 'a')), line(table('a')), procedure('p')]);
    await publish();
    expect(catalog.puts).to.deep.equal([['shop.d.s.a'], ['shop.d.s.b'], ['shop.d.s.c'], ['shop.d.s.p']]);
    expect(await recordsOf(temporary.store, to)).to.deep.equal([[]]);
    expect(countsOf(await counted(), 'sink')).to.include({ records: 4, errors: 0 });
  });

  it('sends the owners that the catalog knows, and notes those it does not', async () => {
    const owned = (name: string, owner: string): string => {
      const { json, sourceHash } = hashedRequest(tableRequest(table(name), place).request);
      return writeExtractLine({ kind: 'table', ...at, name, sourceHash, owner }, json);
    };
    const lines = [owned('a', 'jane'), owned('b', 'jane'), owned('c', 'nobody')];
    catalog.people.set('jane', { id: '1', type: 'user' });
    await extracted(lines);
    await publish();
    const owner = { id: '1', type: 'user' };
    expect(catalog.bodies.map(({ name, owners }) => [name, owners])).to.deep.equal([
      ['a', [owner]],
      ['b', [owner]],
      ['c', undefined],
    ]);
    expect((await counted()).notes.join()).to.include('Owner nobody of the source is no user');
    expect(catalog.ownersAsked).to.deep.equal(['jane', 'nobody']);
  });

  it('publishes chunks as the extraction beside it commits them, to the last one', async () => {
    const commit = (n: number, name: string, last: boolean): Promise<unknown> =>
      temporary.store.commit(from, { n, lines: linesOf(line(table(name))), last });
    const beside = { ms: 30_000, signal: new AbortController().signal };
    const publishing = publish({ beside });
    for (const [n, name] of ['a', 'b', 'c'].entries()) {
      await commit(n, name, name === 'c');
      while (catalog.puts.length <= n) await sleep(5);
    }
    expect(await publishing).to.equal(true);
    expect(catalog.puts).to.deep.equal([['shop.d.s.a'], ['shop.d.s.b'], ['shop.d.s.c']]);
    expect(countsOf(await counted(), 'sink')).to.include({ records: 3 });
  });

  it('gives up an extraction that keeps it waiting, and resumes after what it published', async () => {
    await temporary.store.commit(from, { n: 0, lines: linesOf(line(table('a'))), last: false });
    expect(await publish({ beside: { ms: 50, signal: new AbortController().signal } })).to.equal(false);
    await temporary.store.commit(from, { n: 1, lines: linesOf(line(table('b'))), last: true });
    expect(await publish()).to.equal(true);
    expect(await publish()).to.equal(true);
    expect(catalog.puts).to.deep.equal([['shop.d.s.a'], ['shop.d.s.b']]);
  });

  it('asks about the first schema while it waits for its chunk, and not again', async () => {
    const firstSchema = { database: 'd', schema: 's' };
    const publishing = publish({ firstSchema, beside: { ms: 5_000 } });
    while (catalog.lists.length < 2) await sleep(1);
    expect(catalog.puts).to.deep.equal([]);
    await extracted([line(table('a')), end('whole')]);
    expect(await publishing).to.equal(true);
    expect(catalog.lists).to.deep.equal(['tables shop.d.s', 'storedProcedures shop.d.s']);
    expect(sorted()).to.deep.equal([['shop.d.s.a']]);
  });

  it('stops waiting when it is aborted', async () => {
    const aborting = new AbortController();
    const publishing = publish({ beside: { ms: 30_000, signal: aborting.signal } });
    aborting.abort();
    expect(await publishing.catch((error: unknown) => error)).to.have.property('name', 'AbortError');
  });

  it('ends when another attempt has committed a chunk that it published', async () => {
    await extracted([line(table('a'))], [line(table('b'))]);
    const put = catalog.put.bind(catalog);
    catalog.put = async (...args) => {
      if (catalog.puts.length === 0) await temporary.store.commit(to, { n: 0, last: false });
      return put(...args);
    };
    const outcome = await publish().catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(EntryTaken);
    expect(await temporary.store.manifest(to)).to.have.length(1);
  });

  it('sends the tables of a circle without the keys that wait, and stages those', async () => {
    await extracted([line(pointing('a', 'b')), line(pointing('b', 'a', 'c')), line(table('c'))]);
    await publish();
    expect(sorted()).to.deep.equal([['shop.d.s.c'], ['shop.d.s.a', 'shop.d.s.b']]);
    expect(catalog.entities.get('shop.d.s.b')?.constraints).to.have.length(1);
    const part = await addDeferred();
    expect(countsOf(part, 'sink')).to.include({ updated: 2, errors: 0 });
    expect(catalog.entities.get('shop.d.s.a')?.constraints[0]?.referredColumns).to.deep.equal(['shop.d.s.b.id']);
    expect(catalog.entities.get('shop.d.s.b')?.constraints).to.have.length(2);
  });

  it('adds deferred keys once only when that stage is repeated', async () => {
    await extracted([line(pointing('a', 'a'))]);
    await publish();
    await addDeferred();
    await addDeferred();
    expect(catalog.entities.get('shop.d.s.a')?.constraints).to.have.length(1);
  });

  it('finds a referred table of a later chunk when the deferred keys are added', async () => {
    await extracted([line(pointing('a', 'z'))], [line(table('z'))]);
    await publish();
    expect(countsOf(await addDeferred(), 'sink').updated).to.equal(1);
    expect(catalog.entities.get('shop.d.s.a')?.constraints).to.have.length(1);
  });

  it('leaves out a key whose table never came, with a note, and the next run adds it without sending the table again', async () => {
    await extracted([line(pointing('a', 'nowhere', 'b')), line(table('b'))]);
    await publish();
    const part = await addDeferred();
    expect(part.notes).to.deep.equal([
      'shop.d.s.a: a foreign key was left out, since shop.d.s.nowhere is not in the catalog',
    ]);
    catalog.puts.length = 0;
    await temporary.store.removeRun('run');
    catalog.has('tables', 'shop.d.s.nowhere');
    await extracted([line(pointing('a', 'nowhere', 'b')), line(table('b'))]);
    await publish();
    await addDeferred();
    expect(catalog.puts).to.deep.equal([]);
    expect(catalog.entities.get('shop.d.s.a')?.constraints).to.have.length(2);
  });

  it('sends nothing for a catalog that has it all, circles included', async () => {
    const lines = [line(pointing('a', 'b')), line(pointing('b', 'a')), line(table('c')), procedure('p')];
    await extracted(lines);
    await publish();
    await addDeferred();
    await temporary.store.removeRun('run');
    catalog.puts.length = 0;
    await extracted(lines);
    await publish();
    expect(catalog.puts).to.deep.equal([]);
    expect(countsOf(await counted(), 'sink')).to.include({ unchanged: 4, records: 0 });
  });

  it('sends only what changed', async () => {
    await extracted([line(table('a')), line(table('b'))]);
    await publish();
    await temporary.store.removeRun('run');
    catalog.puts.length = 0;
    await extracted([line(table('a')), line(table('b', { description: 'new' }))]);
    await publish();
    expect(catalog.puts).to.deep.equal([['shop.d.s.b']]);
    expect(countsOf(await counted(), 'sink')).to.include({ unchanged: 1, records: 1 });
  });

  it('sends everything again when the recipe overrides what users typed', async () => {
    await extracted([line(table('a')), procedure('p')]);
    await publish();
    await temporary.store.removeRun('run');
    await extracted([line(table('a')), procedure('p')]);
    await publish({ overrideMetadata: true });
    expect(catalog.puts).to.deep.equal([['shop.d.s.a'], ['shop.d.s.p'], ['shop.d.s.a'], ['shop.d.s.p']]);
  });

  it('makes a refused row one failure of its entity and publishes the others', async () => {
    catalog.refused.set('shop.d.s.b', 'Invalid column');
    await extracted([line(table('a')), line(table('b')), line(pointing('c', 'b'))]);
    await publish();
    const part = await counted();
    expect(countsOf(part, 'sink')).to.include({ records: 2, errors: 1 });
    expect(failuresOf(part, 'sink')).to.deep.equal([{ entity: 'shop.d.s.b', error: 'Invalid column' }]);
    expect((await addDeferred()).notes[0]).to.include('shop.d.s.b is not in the catalog');
  });

  it('does not defer the keys of a table that was refused itself', async () => {
    catalog.refused.set('shop.d.s.a', 'Invalid column');
    await extracted([line(pointing('a', 'nowhere'))]);
    await publish();
    expect((await addDeferred()).notes).to.deep.equal([]);
  });

  it('makes each tag before the entities that carry it', async () => {
    const tag = { classification: 'PII', tag: 'Name' };
    await extracted([line(table('a', { tags: [tag] }))]);
    await publish();
    expect(catalog.tags).to.deep.equal([tag]);
  });

  describe('looks what the catalog has and the source has not', () => {
    /** Whether publishing these chunks leaves the unit to be looked at when deletions are due. */
    const mayDelete = async (
      chunks: string[][],
      more: Parameters<typeof publish>[0] = {}
    ): Promise<readonly boolean[]> => {
      await extracted(...chunks);
      await publish(more);
      return (await temporary.store.manifest(to)).map(({ position }) => publishPosition.parse(position).mayDelete);
    };
    const seen = writeExtractLine({ kind: 'seen', ...at, entity: 'table', name: 'filtered' });

    it('finds nothing gone of a schema that is new, or of which all is there', async () => {
      catalog.has('tables', 'shop.d.s.a', 'shop.d.s.filtered', 'shop.d.other.x');
      catalog.has('storedProcedures', 'shop.d.s.p');
      expect(
        await mayDelete([[line(table('a'))], [line(table('b')), seen, procedure('p'), end('whole')]])
      ).to.deep.equal([false, false]);
    });

    it('knows a name that was rewritten', async () => {
      catalog.has('tables', 'shop.d.s.a__reserved__colon__b');
      expect(await mayDelete([[line(table('a::b')), end('whole')]])).to.deep.equal([false]);
    });

    for (const kind of ['tables', 'storedProcedures'] as const) {
      it(`finds ${kind} gone, and only where the flags say so`, async () => {
        catalog.has(kind, 'shop.d.s.old');
        const flag = kind === 'tables' ? 'markDeletedTables' : 'markDeletedStoredProcedures';
        expect(await mayDelete([[line(table('a'))], [end('whole')]])).to.deep.equal([false, true]);
        await temporary.store.removeRun('run');
        const flags = { ...ALL_FLAGS, [flag]: false };
        expect(await mayDelete([[line(table('a')), end('whole')]], { deleteFlags: flags })).to.deep.equal([false]);
      });
    }

    it('concludes nothing from a listing that failed or shows changes only, but heeds what it names as gone', async () => {
      catalog.has('tables', 'shop.d.s.old');
      expect(await mayDelete([[end('failed')], [end('changes')]])).to.deep.equal([false, false]);
      await temporary.store.removeRun('run');
      const gone = writeExtractLine({ kind: 'gone', ...at, entity: 'table', name: 'old' });
      expect(await mayDelete([[gone, end('changes')]])).to.deep.equal([true]);
    });

    it('leaves a schema to be looked at of which an earlier attempt saw the first half, or whose members were never listed', async () => {
      catalog.has('tables', 'shop.d.s.a', 'shop.d.s.b');
      await temporary.store.commit(from, { n: 0, lines: linesOf(line(table('a'))), last: false });
      await publish();
      await temporary.store.commit(from, { n: 1, lines: linesOf(line(table('b')), end('whole')), last: true });
      await publish();
      const [, last] = await temporary.store.manifest(to);
      expect(last?.position).to.include({ mayDelete: true });
      await temporary.store.removeRun('run');
      expect(await mayDelete([[end('whole')]], { overrideMetadata: true })).to.deep.equal([true]);
    });
  });

  it("cuts bulk calls by the recipe's batch size", async () => {
    await extracted(['a', 'b', 'c', 'd', 'e'].map((name) => line(table(name))));
    await publish({ batchSize: 2 });
    expect(catalog.puts.map((put) => put.length)).to.deep.equal([2, 2, 1]);
  });

  for (let puts = 0; puts < 4; puts += 1) {
    for (const afterStoring of [false, true]) {
      it(`loses and doubles nothing when PUT ${puts + 1} breaks ${afterStoring ? 'after' : 'before'} it was stored`, async () => {
        const chunks = ['a', 'b', 'c', 'd'].map((name) => [line(pointing(name, 'd'))]);
        await extracted(...chunks);
        catalog.breakAfter = { puts, error: new TransientError('reset'), afterStoring };
        expect(await publish().catch((each: unknown) => each)).to.be.instanceOf(TransientError);
        const published = (await temporary.store.manifest(to)).length;
        expect(published).to.equal(puts);
        catalog.puts.length = 0;
        await publish();
        expect(catalog.puts).to.have.length(4 - puts - (afterStoring ? 1 : 0));
        await addDeferred();
        expect([...catalog.entities.keys()].sort()).to.deep.equal([
          'shop.d.s.a',
          'shop.d.s.b',
          'shop.d.s.c',
          'shop.d.s.d',
        ]);
        expect([...catalog.entities.values()].map((each) => each.constraints.length)).to.deep.equal([1, 1, 1, 1]);
        const { records, unchanged, errors } = countsOf(await counted(), 'sink');
        expect([records + unchanged, errors]).to.deep.equal([4, 0]);
      });
    }
  }
});
