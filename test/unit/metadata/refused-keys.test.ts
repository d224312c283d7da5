import { expect } from 'chai';
import { addForeignKeys, publishUnit } from '../../../src/metadata/index.js';
import { writeExtractLine } from '../../../src/metadata/extract-line.js';
import { tableRequest } from '../../../src/metadata/requests.js';
import { hashedRequest } from '../../../src/openmetadata/index.js';
import { countsOf, failuresOf, type PartReport } from '../../../src/report/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeCatalog } from './fake-catalog.js';
import { table } from './fake-source.js';
import { countedIn, publishInput } from './publish-input.js';
import { linesOf, temporaryStore, type TemporaryStore } from './temporary-store.js';

const from = { run: 'run', stage: 'extract', slice: '0' };
const to = { run: 'run', stage: 'publish', slice: '0' };
const keys = { run: 'run', stage: 'foreign-keys', slice: '0' };
const place = { service: 'shop', database: 'd', schema: 's' };

/** A table with a foreign key to the column `id` of each of these. */
const pointing = (name: string, ...tables: string[]): string => {
  const foreignKeys = tables.map((to) => ({ columns: ['id'], referred: { schema: 's', table: to, columns: ['id'] } }));
  const made = tableRequest(table(name, { foreignKeys }), place);
  const { json, sourceHash } = hashedRequest(made.request);
  const line = { kind: 'table', database: 'd', schema: 's', name, sourceHash, foreignKeys: made.foreignKeys } as const;
  return writeExtractLine(line, json);
};

/** The catalog refuses keys to `bad.id`, for a reason of its own. */
describe('A foreign key that the catalog refuses', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
    catalog.refusedKeys.add('shop.d.s.bad.id');
  });
  afterEach(() => temporary.remove());

  const run = async (...lines: string[]): Promise<{ published: PartReport; added: PartReport }> => {
    await temporary.store.commit(from, { n: 0, lines: linesOf(...lines), last: true });
    const { store } = temporary;
    await publishUnit(publishInput({ store, catalog, from, to }));
    await addForeignKeys({ ...attemptOn(store), catalog, from: [to], to: keys });
    return { published: await countedIn(store, to), added: await countedIn(store, keys) };
  };
  const referred = (name: string): string[] =>
    (catalog.entities.get(`shop.d.s.${name}`)?.constraints ?? []).flatMap(
      ({ referredColumns = [] }) => referredColumns
    );

  it('is a failure of its table, which arrives with its other keys', async () => {
    const { published, added } = await run(pointing('bad'), pointing('ok'), pointing('a', 'bad', 'ok'));
    expect(countsOf(published, 'sink')).to.include({ records: 3, errors: 0 });
    expect(referred('a')).to.deep.equal(['shop.d.s.ok.id']);
    const [failure, ...more] = failuresOf(added, 'sink');
    expect(more).to.deep.equal([]);
    expect(failure?.entity).to.equal('shop.d.s.a');
    expect(failure?.error).to.include('The foreign key on id was refused').and.include('shop.d.s.bad.id');
  });

  it('costs no other table its keys when it waited for a circle, and does not end the run', async () => {
    const { added } = await run(pointing('a', 'bad'), pointing('b', 'c'), pointing('bad', 'a'), pointing('c', 'b'));
    expect([...catalog.entities.keys()].sort()).to.deep.equal([
      'shop.d.s.a',
      'shop.d.s.b',
      'shop.d.s.bad',
      'shop.d.s.c',
    ]);
    expect(['a', 'b', 'bad', 'c'].map(referred)).to.deep.equal([
      [],
      ['shop.d.s.c.id'],
      ['shop.d.s.a.id'],
      ['shop.d.s.b.id'],
    ]);
    expect(failuresOf(added, 'sink').map(({ entity }) => entity)).to.deep.equal(['shop.d.s.a']);
  });

  it('that one of several lacks its table is tried again by the next run', async () => {
    const lines = [pointing('a', 'b', 'gone'), pointing('b', 'a')];
    await run(...lines);
    expect(referred('a')).to.deep.equal(['shop.d.s.b.id']);
    catalog.has('tables', 'shop.d.s.gone');
    await temporary.store.removeRun('run');
    await run(...lines);
    expect([...referred('a')].sort()).to.deep.equal(['shop.d.s.b.id', 'shop.d.s.gone.id']);
  });

  it('that lacks its table costs the next run nothing but another try, until its source changes', async () => {
    await run(pointing('a', 'b', 'gone'), pointing('b', 'a'));
    const puts = catalog.puts.length;
    await temporary.store.removeRun('run');
    const { published } = await run(pointing('a', 'b', 'gone'), pointing('b', 'a'));
    expect(countsOf(published, 'sink')).to.include({ unchanged: 2, records: 0 });
    expect(catalog.puts).to.have.length(puts);
    await temporary.store.removeRun('run');
    await run(pointing('a', 'gone'), pointing('b', 'a'));
    expect(referred('a')).to.deep.equal([]);
  });

  it('is tried again by the next run', async () => {
    const lines = [pointing('bad'), pointing('a', 'bad')];
    await run(...lines);
    expect(referred('a')).to.deep.equal([]);
    catalog.refusedKeys.clear();
    await temporary.store.removeRun('run');
    const { added } = await run(...lines);
    expect(failuresOf(added, 'sink')).to.deep.equal([]);
    expect(referred('a')).to.deep.equal(['shop.d.s.bad.id']);
  });
});
