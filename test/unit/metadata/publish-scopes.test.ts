import { expect } from 'chai';
import { publishScopes, type DeleteFlags } from '../../../src/metadata/index.js';
import { databaseRequest, schemaRequest } from '../../../src/metadata/requests.js';
import { nothingGone, type ScopeLine } from '../../../src/metadata/staged-record.js';
import { countsOf, NO_PART, type PartReport } from '../../../src/report/index.js';
import { toLines } from '../../../src/staging/index.js';
import { FakeCatalog } from './fake-catalog.js';
import { ALL_FLAGS, countedIn, publishInput } from './publish-input.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';

const from = { run: 'run', stage: 'scopes', slice: '0' };
const to = { run: 'run', stage: 'published-scopes', slice: '0' };

const database = (name: string): ScopeLine => ({
  kind: 'database',
  name,
  request: databaseRequest('shop', { kind: 'database', name }),
});
const schema = (inDatabase: string, name: string): ScopeLine => ({
  kind: 'schema',
  database: inDatabase,
  schema: name,
  request: schemaRequest('shop', { kind: 'schema', database: inDatabase, name, weight: 0 }),
});

describe('Publishing scopes', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
  });
  afterEach(() => temporary.remove());

  const listed = async (...chunks: ScopeLine[][]): Promise<void> => {
    for (const [n, lines] of chunks.entries()) {
      const last = n === chunks.length - 1;
      await temporary.store.commit(from, { n, lines: toLines(lines), last });
    }
  };
  const publish = async (more: { deleteFlags?: DeleteFlags; overrideMetadata?: boolean } = {}): Promise<boolean> => {
    await publishScopes({ ...publishInput({ store: temporary.store, catalog, from, to }), ...more });
    return nothingGone(await temporary.store.manifest(to));
  };
  const counted = (): Promise<PartReport> => countedIn(temporary.store, to);

  it('sends databases before schemas, and those only that the catalog does not have as they are', async () => {
    await listed([database('d'), schema('d', 's')], [schema('d', 'a::b')]);
    await publish();
    expect(catalog.puts).to.deep.equal([['shop.d'], ['shop.d.s'], ['shop.d.a__reserved__colon__b']]);
    await temporary.store.removeRun('run');
    await listed([database('d'), schema('d', 's')], [schema('d', 'a::b'), schema('d', 'new')]);
    expect(await publish()).to.equal(true);
    expect(catalog.puts.slice(3)).to.deep.equal([['shop.d.new']]);
    expect(countsOf(await counted(), 'sink')).to.include({ records: 1, unchanged: 3 });
  });

  describe('tells whether anything that the catalog holds may be gone', () => {
    it('not in a new catalog, nor when all is there, left out by the recipe or not', async () => {
      await listed([database('d'), schema('d', 's')]);
      expect(await publish()).to.equal(true);
      await temporary.store.removeRun('run');
      catalog.has('databases', 'shop.filtered');
      catalog.has('databaseSchemas', 'shop.d.filtered', 'shop.filtered.below');
      await listed(
        [database('d'), { kind: 'seen', database: 'd', schema: 'filtered' }, schema('d', 's')],
        [{ kind: 'seen', database: 'filtered' }]
      );
      expect(await publish()).to.equal(true);
    });

    for (const [kind, fqn, flag] of [
      ['databases', 'shop.old', 'markDeletedDatabases'],
      ['databaseSchemas', 'shop.d.old', 'markDeletedSchemas'],
    ] as const) {
      it(`when one of its ${kind} was not listed, and only where the flags say so`, async () => {
        catalog.has(kind, fqn);
        await listed([database('d'), schema('d', 's')]);
        expect(await publish()).to.equal(false);
        await temporary.store.removeRun('run');
        await listed([database('d'), schema('d', 's')]);
        expect(await publish({ deleteFlags: { ...ALL_FLAGS, [flag]: false } })).to.equal(true);
      });
    }

    it('when the catalog was not asked, or an earlier attempt saw the first of it', async () => {
      await listed([database('d')], [schema('d', 's')]);
      expect(await publish({ overrideMetadata: true })).to.equal(false);
      await temporary.store.removeRun('run');
      await listed([database('d')], [schema('d', 's')]);
      await temporary.store.commit(to, { n: 0, position: { mayDelete: false }, facts: NO_PART, last: false });
      expect(await publish()).to.equal(false);
    });
  });
});
