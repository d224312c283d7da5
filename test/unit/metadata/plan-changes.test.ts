import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import {
  listScopes,
  planChanges,
  publishScopes,
  publishUnit,
  extractUnit,
  type PlannedChanges,
  type PlanReads,
} from '../../../src/metadata/index.js';
import type { SourceScope } from '../../../src/sources/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeCatalog } from './fake-catalog.js';
import { FakeSource, column, table, type FakeDatabase } from './fake-source.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';
import { ALL_FLAGS } from './publish-input.js';

const schema = (name: string): SourceScope => ({ kind: 'schema', database: 'd', name, weight: 1 });

/** The fake catalog, with look-ups. It has no writes that a plan could reach. */
function readsOf(catalog: FakeCatalog): PlanReads {
  return {
    existing: (kind, fqn) => catalog.existing(kind, fqn),
    hasTable: (fqn) => catalog.hasTable(fqn),
    count: (scope) => catalog.count(scope),
    stale: (scope, seen) => catalog.stale(scope, seen),
    findOwner: (name) => catalog.findOwner(name),
    find: async (_kind, fqn) => {
      const found = catalog.entities.get(fqn);
      if (found === undefined || found.deleted) return undefined;
      return { name: found.name, ...(found.sourceHash === undefined ? {} : { sourceHash: found.sourceHash }) };
    },
  };
}

describe('A plan', () => {
  let catalog: FakeCatalog;
  let database: FakeDatabase;
  let temporary: TemporaryStore;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
    database = {
      scopes: [{ kind: 'database', name: 'd' }, schema('s')],
      records: {
        'd.s': [
          table('a'),
          table('b'),
          { kind: 'procedure', name: 'p', procedureType: 'StoredProcedure', code: 'select 1' },
        ],
      },
      visibility: 'all',
    };
  });
  afterEach(() => temporary.remove());

  const plan = async (
    more: { serviceExists?: boolean; overrideMetadata?: boolean; limit?: number; maxDeletedPercent?: number } = {}
  ): Promise<PlannedChanges> => {
    const own = await temporaryStore();
    try {
      const planned = await planChanges({
        service: 'shop',
        serviceExists: more.serviceExists ?? true,
        source: new FakeSource(database),
        selection: EVERYTHING,
        options: ALL_OPTIONS,
        catalog: readsOf(catalog),
        overrideMetadata: more.overrideMetadata ?? false,
        deleteFlags: ALL_FLAGS,
        earlier: undefined,
        remembers: true,
        maxDeletedPercent: more.maxDeletedPercent,
        store: own.store,
        limit: more.limit ?? 20,
      });
      return JSON.parse(JSON.stringify(planned)) as PlannedChanges;
    } finally {
      await own.remove();
    }
  };

  /** A run's scopes and first unit, really published. */
  const ingest = async (): Promise<void> => {
    const { store } = temporary;
    const source = new FakeSource(database);
    const common = { ...attemptOn(store), service: 'shop', source: async () => source, selection: EVERYTHING };
    const slice = (stage: string): { run: string; stage: string; slice: string } => ({ run: 'run', stage, slice: '0' });
    await listScopes({ ...common, options: { includeTags: true }, to: slice('scopes') });
    const sink = { service: 'shop', catalog, batchSize: 10, workers: 1 };
    const bulk = { ...attemptOn(store), ...sink, overrideMetadata: false, deleteFlags: ALL_FLAGS };
    await publishScopes({ ...bulk, from: slice('scopes'), to: slice('published') });
    const schemas = [{ database: 'd', schema: 's' }];
    await extractUnit({ ...common, schemas, options: ALL_OPTIONS, to: slice('extract') });
    await publishUnit({ ...bulk, from: slice('extract'), to: slice('publish') });
  };

  it('creates everything in an empty catalog, and writes nothing', async () => {
    const { changes, unchanged, serviceExists } = await plan({ serviceExists: false });
    expect(serviceExists).to.equal(false);
    expect(changes.databases.created).to.deep.equal({ count: 1, first: ['shop.d'] });
    expect(changes.databaseSchemas.created).to.deep.equal({ count: 1, first: ['shop.d.s'] });
    expect(changes.tables.created).to.deep.equal({ count: 2, first: ['shop.d.s.a', 'shop.d.s.b'] });
    expect(changes.storedProcedures.created).to.deep.equal({ count: 1, first: ['shop.d.s.p'] });
    expect(unchanged).to.equal(0);
    expect(catalog.entities.size).to.equal(0);
  });

  it('finds everything unchanged right after a run', async () => {
    await ingest();
    const { changes, unchanged } = await plan();
    expect(unchanged).to.equal(5);
    for (const kind of Object.values(changes))
      for (const listed of [kind.created, kind.updated, kind.deleted]) expect(listed.count).to.equal(0);
  });

  it('updates what has another hash, creates what is new, and marks deleted what is gone', async () => {
    await ingest();
    database.records['d.s'] = [table('a', { columns: [column('id'), column('more')] }), table('c')];
    const { changes, unchanged } = await plan();
    expect(changes.tables).to.deep.equal({
      created: { count: 1, first: ['shop.d.s.c'] },
      updated: { count: 1, first: ['shop.d.s.a'] },
      deleted: { count: 1, first: ['shop.d.s.b'] },
    });
    expect(changes.storedProcedures.deleted.first).to.deep.equal(['shop.d.s.p']);
    expect(unchanged).to.equal(2);
    expect(catalog.deletedFqns()).to.deep.equal([]);
  });

  it('updates everything that is there by overrideMetadata', async () => {
    await ingest();
    const { changes, unchanged } = await plan({ overrideMetadata: true });
    expect(unchanged).to.equal(0);
    expect(Object.values(changes).map((kind) => kind.updated.count)).to.deep.equal([1, 1, 2, 1]);
  });

  it('says what is left out and why, by FQN', async () => {
    database.scopes.push({
      kind: 'unselected',
      entity: 'schema',
      database: 'd',
      schema: 'tmp',
      reason: 'filtered by schemaFilterPattern.excludes',
    });
    database.records['d.s']?.push({ kind: 'unselected', entity: 'table', name: 'log', reason: 'views are left out' });
    const { leftOut } = await plan();
    expect(leftOut).to.deep.equal({
      count: 2,
      first: [
        { entity: 'schema', fqn: 'shop.d.tmp', reason: 'filtered by schemaFilterPattern.excludes' },
        { entity: 'table', fqn: 'shop.d.s.log', reason: 'views are left out' },
      ],
    });
  });

  it('knows the names that OpenMetadata refuses', async () => {
    const odd = table('c', { columns: [column('x\u2029')] });
    database.records['d.s'] = [table('a\u2028b'), table('n'.repeat(257)), odd];
    const { changes, failures } = await plan();
    expect(changes.tables.created.count).to.equal(0);
    expect(failures.first.map(({ error }) => error)).to.deep.equal([
      'its name holds the line end U+2028, which OpenMetadata refuses',
      'its name has 257 characters; OpenMetadata takes 256',
      'the name of its column x\u2029 holds the line end U+2029, which OpenMetadata refuses',
    ]);
  });

  it('keeps the first names of a long list and counts all', async () => {
    database.records['d.s'] = Array.from({ length: 500 }, (_, n) => table(`t${String(n).padStart(3, '0')}`));
    const { changes } = await plan({ limit: 3 });
    expect(changes.tables.created).to.deep.equal({
      count: 500,
      first: ['shop.d.s.t000', 'shop.d.s.t001', 'shop.d.s.t002'],
    });
  });

  it('names what the mass-delete guard would hold back', async () => {
    catalog.has('databases', 'shop.d');
    catalog.has('databaseSchemas', 'shop.d.s');
    catalog.has('tables', ...Array.from({ length: 100 }, (_, n) => `shop.d.s.t${n}`));
    const { changes, notes } = await plan();
    expect(changes.tables.deleted.count).to.equal(20);
    expect(notes[0]).to.contain('held back: 80');
  });

  it('reports a schema that can not be listed, and deletes nothing of it', async () => {
    await ingest();
    // the first three are the scopes
    database.breakAfter = { count: 3, error: new PermanentError('no grant') };
    const { failures, changes } = await plan();
    expect(failures).to.deep.equal({ count: 1, first: [{ entity: 'shop.d.s', error: 'no grant' }] });
    expect(changes.tables.deleted.count).to.equal(0);
  });
});
