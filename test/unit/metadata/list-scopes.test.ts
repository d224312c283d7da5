import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { listScopes, unitCount, unitSchemas } from '../../../src/metadata/index.js';
import { countsOf, failuresOf, mergeParts, NO_PART, type PartReport } from '../../../src/report/index.js';
import type { SourceScope } from '../../../src/sources/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeSource, type FakeDatabase } from './fake-source.js';
import { recordsOf, temporaryStore, type TemporaryStore } from './temporary-store.js';
import { EVERYTHING } from '../../conformance/everything.js';

const address = { run: 'run', stage: 'scopes', slice: '0' };

const schema = (name: string, weight: number): SourceScope => ({ kind: 'schema', database: 'd', name, weight });

/** Five units by weight, a scope left out and one that can't be listed among them. */
const SCOPES: SourceScope[] = [
  { kind: 'database', name: 'd' },
  schema('a', 1_000),
  schema('b', 500),
  { kind: 'unselected', entity: 'schema', database: 'd', schema: 'c', reason: 'filtered' },
  schema('e', 500),
  { kind: 'problem', entity: 'schema', database: 'd', schema: 'f', message: 'no grant' },
  schema('g', 5_000),
  schema('h', 10),
];

describe('Listing scopes', () => {
  let temporary: TemporaryStore;
  let database: FakeDatabase;

  beforeEach(async () => {
    temporary = await temporaryStore();
    database = { scopes: [...SCOPES], records: {}, visibility: 'v' };
  });
  afterEach(() => temporary.remove());

  const attempt = async (): Promise<FakeSource> => {
    const source = new FakeSource(database);
    const what = { service: 'shop', source: async () => source, selection: EVERYTHING, options: { includeTags: true } };
    await listScopes({ ...attemptOn(temporary.store), ...what, to: address });
    return source;
  };

  const units = async (): Promise<string[][]> => {
    const count = unitCount(await temporary.store.manifest(address));
    const lists: string[][] = [];
    for (let unit = 0; unit < count; unit += 1)
      lists.push((await unitSchemas(temporary.store, address, unit)).map((each) => each.schema));
    return lists;
  };

  const counted = async (): Promise<PartReport> =>
    (await temporary.store.manifest(address)).reduce(
      (part, { facts }) => mergeParts(part, facts as PartReport),
      NO_PART
    );

  it('cuts units by weight and keeps schemas in order', async () => {
    await attempt();
    expect(await units()).to.deep.equal([['a'], ['b', 'e'], ['g'], ['h']]);
    const part = await counted();
    const [source, sourceFailures] = [countsOf(part, 'source'), failuresOf(part, 'source')];
    expect(source).to.include({ records: 6, filtered: 1, errors: 1 });
    expect(sourceFailures).to.deep.equal([{ entity: 'd.f', error: 'no grant' }]);
  });

  it('makes no unit of nothing when the last schema fills one', async () => {
    database.scopes = [{ kind: 'database', name: 'd' }, schema('a', 1_000), schema('b', 1_000)];
    await attempt();
    expect(await units()).to.deep.equal([['a'], ['b']]);
  });

  it('makes as many units of a big schema as it has ranges, and none of what is left out after it', async () => {
    const left: SourceScope = { kind: 'unselected', entity: 'schema', database: 'd', schema: 'x', reason: 'filtered' };
    database.scopes = [schema('a', 10), schema('big', 9_000), left, { ...left, schema: 'y' }];
    database.cuts = ['h', 'p'];
    await attempt();
    expect(await units()).to.deep.equal([['a'], ['big'], ['big'], ['big']]);
    expect(countsOf(await counted(), 'source')).to.include({ records: 2, filtered: 2 });
  });

  it('puts at most fifty schemas into a unit', async () => {
    database.scopes = Array.from({ length: 120 }, (_, n) => schema(`s${String(n).padStart(3, '0')}`, 1));
    await attempt();
    expect((await units()).map((each) => each.length)).to.deep.equal([50, 50, 20]);
  });

  for (let count = 0; count <= SCOPES.length; count += 1) {
    it(`gives the same units and counts when the first attempt breaks after ${count} scopes`, async () => {
      database.breakAfter = { count, error: new TransientError('reset') };
      const error = await attempt().catch((each: unknown) => each);
      expect(error).to.be.instanceOf(TransientError);
      await attempt();
      expect(await units()).to.deep.equal([['a'], ['b', 'e'], ['g'], ['h']]);
      expect(countsOf(await counted(), 'source')).to.include({ records: 6, filtered: 1, errors: 1 });
    });
  }

  it('does not list again what is complete', async () => {
    await attempt();
    const source = await attempt();
    expect(source.given).to.deep.equal([]);
  });

  it('continues with the schemas after one that was dropped between two attempts', async () => {
    database.breakAfter = { count: 5, error: new TransientError('reset') };
    await attempt().catch(() => undefined);
    database.scopes = SCOPES.filter((scope) => !(scope.kind === 'schema' && ['a', 'e'].includes(scope.name)));
    await attempt();
    expect((await units()).flat()).to.include.members(['g', 'h']);
    expect((await recordsOf(temporary.store, address)).flat()).to.have.length.within(6, 8);
  });
});
