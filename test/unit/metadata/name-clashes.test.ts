import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { extractUnit, listScopes } from '../../../src/metadata/index.js';
import { failuresOf, mergeParts, NO_PART, type PartReport } from '../../../src/report/index.js';
import type { Selection } from '../../../src/sources/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeSource, table, type FakeDatabase } from './fake-source.js';
import { recordsOf, temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const extract = { run: 'run', stage: 'extract', slice: '0' };
const scopes = { run: 'run', stage: 'scopes', slice: '0' };
const STORED = 'a__reserved__quote__b';
const procedure = (name: string) => ({ kind: 'procedure', name, procedureType: 'StoredProcedure', code: 'x' }) as const;

describe('Of two names that OpenMetadata stores as one', () => {
  let temporary: TemporaryStore;
  let database: FakeDatabase;
  let source: FakeSource;

  beforeEach(async () => {
    temporary = await temporaryStore();
    database = { scopes: [], records: {}, visibility: 'v' };
    source = new FakeSource(database);
  });
  afterEach(() => temporary.remove());

  const read = (selection = EVERYTHING): Promise<unknown> =>
    extractUnit({
      ...attemptOn(temporary.store),
      service: 'shop',
      schemas: [{ database: 'd', schema: 's' }],
      source: async () => source,
      selection,
      options: ALL_OPTIONS,
      to: extract,
    });
  const list = (): Promise<unknown> =>
    listScopes({
      ...attemptOn(temporary.store),
      service: 'shop',
      source: async () => source,
      selection: EVERYTHING,
      options: { includeTags: true },
      to: scopes,
    });
  const lines = async (address: typeof extract): Promise<string[]> =>
    (await recordsOf(temporary.store, address)).flat().map((value) => {
      const { kind, name, database, schema } = value as Record<string, string | undefined>;
      return `${kind} ${name ?? schema ?? database}`;
    });
  const failures = async (address: typeof extract): Promise<ReturnType<typeof failuresOf>> =>
    failuresOf(
      (await temporary.store.manifest(address)).reduce(
        (part, { facts }) => mergeParts(part, facts as PartReport),
        NO_PART
      ),
      'source'
    );

  for (const [kind, make] of [
    ['table', table],
    ['procedure', procedure],
  ] as const) {
    it(`one ${kind} arrives and the other is a failure that names both`, async () => {
      database.records = { 'd.s': [make('a"b'), make(STORED), make('c')] };
      await read();
      expect(await lines(extract)).to.deep.equal([`${kind} a"b`, `seen ${STORED}`, `${kind} c`, 'end s']);
      const [failure, ...more] = await failures(extract);
      expect(more).to.deep.equal([]);
      expect(failure?.entity).to.equal(`shop.d.s.${STORED}`);
      expect(failure?.error).to.include('"a\\"b"').and.include(STORED);
    });
  }

  it('the other is taken when a pattern leaves the one out', async () => {
    database.records = { 'd.s': [{ kind: 'unselected', entity: 'table', name: 'a"b', reason: 'x' }, table(STORED)] };
    const selection: Selection = { ...EVERYTHING, table: (_d, _s, name) => (name === 'a"b' ? 'left out' : undefined) };
    await read(selection);
    expect(await lines(extract)).to.deep.equal(['seen a"b', `table ${STORED}`, 'end s']);
  });

  it('the other is taken when it is alone, and nothing is asked of the source for other names', async () => {
    database.records = { 'd.s': [table(STORED), table('c')] };
    await read();
    expect(await lines(extract)).to.deep.equal([`table ${STORED}`, 'table c', 'end s']);
    expect(source.asked).to.deep.equal([['a"b']]);
  });

  it('the same one fails after an attempt that broke between the two', async () => {
    database.records = { 'd.s': [table('a"b'), table(STORED)] };
    database.breakAfter = { count: 1, error: new TransientError('reset') };
    expect(await read().catch((error: unknown) => error)).to.be.instanceOf(TransientError);
    await read();
    expect(await lines(extract)).to.deep.equal(['table a"b', `seen ${STORED}`, 'end s']);
  });

  it('three spellings and more give one table and a failure for each other, also where the plain one is not there', async () => {
    const mixed = ['a"b__reserved__colon__c', 'a__reserved__quote__b::c', 'a__reserved__quote__b__reserved__colon__c'];
    database.records = { 'd.s': ['a"b::c', ...mixed].map((name) => table(name)) };
    await read();
    expect(await lines(extract)).to.deep.equal(['table a"b::c', ...mixed.map((name) => `seen ${name}`), 'end s']);
    expect((await failures(extract)).map(({ error }) => error.includes('"a\\"b::c"'))).to.deep.equal([
      true,
      true,
      true,
    ]);

    await temporary.remove();
    temporary = await temporaryStore();
    database.records = { 'd.s': mixed.map((name) => table(name)) };
    await read();
    expect(await lines(extract)).to.deep.equal([`table ${mixed[0]}`, `seen ${mixed[1]}`, `seen ${mixed[2]}`, 'end s']);
  });

  it('names that differ in case alone are two', async () => {
    database.records = { 'd.s': [table('ORDERS'), table('Orders'), procedure('P'), procedure('p')] };
    await read();
    expect(await lines(extract)).to.deep.equal(['table ORDERS', 'table Orders', 'procedure P', 'procedure p', 'end s']);
  });

  it('a schema, and a database with all that it holds, is left out as a failure', async () => {
    const schema = (name: string, of: string) => ({ kind: 'schema', database: of, name, weight: 1 }) as const;
    database.scopes = [
      { kind: 'database', name: 'a"b' },
      schema('s', 'a"b'),
      { kind: 'database', name: STORED },
      schema('t', STORED),
      { kind: 'database', name: 'd' },
      schema('a"b', 'd'),
      schema(STORED, 'd'),
    ];
    await list();
    expect(await lines(scopes)).to.deep.equal([
      'database a"b',
      'schema s',
      `seen ${STORED}`,
      'database d',
      'schema a"b',
      `seen ${STORED}`,
    ]);
    expect((await failures(scopes)).map(({ entity }) => entity)).to.deep.equal([STORED, `d.${STORED}`]);
  });
});
