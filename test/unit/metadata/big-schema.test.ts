import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import {
  deleteStage,
  extractUnit,
  listScopes,
  nothingGone,
  publishUnit,
  unitCount,
  unitSchemas,
} from '../../../src/metadata/index.js';
import type { SliceAddress } from '../../../src/staging/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeCatalog } from './fake-catalog.js';
import { FakeSource, table, type FakeDatabase } from './fake-source.js';
import { ALL_FLAGS, publishInput } from './publish-input.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';
import { STAGES } from '../../../src/contract/stage-names.js';

const run = 'run';
const slice = (stage: string, unit = 0): SliceAddress => ({ run, stage, slice: String(unit) });
const TABLES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('A big schema', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;
  let database: FakeDatabase;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
    database = {
      scopes: [
        { kind: 'database', name: 'd' },
        { kind: 'schema', database: 'd', name: 'before', weight: 10 },
        { kind: 'schema', database: 'd', name: 'big', weight: 10_000 },
        { kind: 'schema', database: 'd', name: 'behind', weight: 10 },
      ],
      records: {
        'd.before': [table('x')],
        'd.big': [
          ...TABLES.map((name) => table(name)),
          { kind: 'procedure', name: 'p', procedureType: 'StoredProcedure', code: 'x' },
        ],
        'd.behind': [table('y')],
      },
      visibility: 'all',
      cuts: ['c', 'f'],
    };
  });
  afterEach(() => temporary.remove());

  const list = async (): Promise<number> => {
    const source = new FakeSource(database);
    const what = { service: 'shop', source: async () => source, selection: EVERYTHING, options: { includeTags: true } };
    return unitCount(await listScopes({ ...attemptOn(temporary.store), ...what, to: slice('scopes') }));
  };

  const extract = async (unit: number): Promise<readonly string[]> => {
    const source = new FakeSource(database);
    const schemas = await unitSchemas(temporary.store, slice('scopes'), unit);
    const common = { ...attemptOn(temporary.store), service: 'shop', source: async () => source };
    await extractUnit({ ...common, schemas, selection: EVERYTHING, options: ALL_OPTIONS, to: slice('extract', unit) });
    return source.given;
  };

  const publish = async (unit: number): Promise<boolean> => {
    const to = slice('publish', unit);
    await publishUnit({
      ...publishInput({ store: temporary.store, catalog, from: slice('extract', unit), to }),
      ...attemptOn(temporary.store),
      from: slice('extract', unit),
    });
    return nothingGone(await temporary.store.manifest(to));
  };

  const markDeleted = async (): Promise<string[]> => {
    await deleteStage({
      ...attemptOn(temporary.store),
      ...{ service: 'shop', catalog, run, stages: STAGES, visibility: 'all' },
      flags: ALL_FLAGS,
      maxDeletedPercent: 100,
      earlier: undefined,
      remembers: false,
      startedAt: 0,
      source: async () => new FakeSource(database),
    });
    return catalog.deletedFqns();
  };

  const through = async (): Promise<boolean[]> => {
    const nothing: boolean[] = [];
    const units = await list();
    for (let unit = 0; unit < units; unit += 1) {
      await extract(unit);
      nothing.push(await publish(unit));
    }
    return nothing;
  };

  it('is several units, each with a range of its tables; the last one has the procedures', async () => {
    expect(await list()).to.equal(5);
    const given: (readonly string[])[] = [];
    for (let unit = 0; unit < 5; unit += 1) given.push(await extract(unit));
    expect(given).to.deep.equal([
      ['before.x'],
      ['big.a', 'big.b', 'big.c'],
      ['big.d', 'big.e', 'big.f'],
      ['big.g', 'big.h', 'big.p'],
      ['behind.y'],
    ]);
  });

  it('keeps the cuts of the attempt that staged it', async () => {
    database.breakAfter = { count: 4, error: new TransientError('reset') };
    await list().catch(() => undefined);
    database.cuts = ['a'];
    expect(await list()).to.equal(5);
    expect(await extract(1)).to.deep.equal(['big.a', 'big.b', 'big.c']);
  });

  it('resumes within its range', async () => {
    await list();
    database.breakAfter = { count: 2, error: new TransientError('reset') };
    await extract(2).catch(() => undefined);
    expect(await extract(2)).to.deep.equal(['big.d', 'big.e', 'big.f']);
    expect(await extract(2)).to.deep.equal([]);
  });

  it('is one unit of a source that knows no cuts', async () => {
    delete database.cuts;
    expect(await list()).to.equal(2);
  });

  it('shows that nothing is gone where each range shows all that the catalog has in it', async () => {
    await through();
    await temporary.store.removeRun(run);
    expect(await through()).to.deep.equal([true, true, true, true, true]);
  });

  it('tells in which range something is gone, and marks only that', async () => {
    await through();
    await temporary.store.removeRun(run);
    catalog.has('tables', 'shop.d.big.dd');
    catalog.has('storedProcedures', 'shop.d.big.old');
    expect(await through()).to.deep.equal([true, true, false, false, true]);
    expect(await markDeleted()).to.have.members(['shop.d.big.dd', 'shop.d.big.old']);
  });

  it('loses nothing when the listing of one range fails: what is gone in the others is not marked either', async () => {
    await through();
    await temporary.store.removeRun(run);
    database.records['d.big'] = (database.records['d.big'] ?? []).filter(({ name }) => name !== 'a');
    const units = await list();
    for (let unit = 0; unit < units; unit += 1) {
      if (unit === 2) database.breakAfter = { count: 1, error: new PermanentError('cut short') };
      await extract(unit);
      await publish(unit);
    }
    expect(await markDeleted()).to.deep.equal([]);
  });
});
