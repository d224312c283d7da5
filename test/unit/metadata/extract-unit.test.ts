import { expect } from 'chai';
import { AuthenticationError, PermanentError, TransientError } from '../../../src/errors/index.js';
import { extractUnit } from '../../../src/metadata/index.js';
import { countsOf, failuresOf, NO_PART, mergeParts, type PartReport } from '../../../src/report/index.js';
import type { SourceRecord } from '../../../src/sources/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { FakeSource, table, type FakeDatabase } from './fake-source.js';
import { recordsOf, temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const address = { run: 'run', stage: 'extract', slice: '0' };
/** Large enough that a chunk holds two. */
const BIG = 'x'.repeat(400_000);
const RECORDS: Record<string, SourceRecord[]> = {
  'd.a': [
    table('t1', { definition: BIG }),
    { kind: 'unselected', entity: 'table', name: 't2', reason: 'filtered' },
    table('t3', { definition: BIG }),
    { kind: 'problem', entity: 'table', name: 't4', message: 'broken view' },
    table('t5', { definition: BIG, warnings: ['a column was left out'] }),
    { kind: 'procedure', name: 'p1', procedureType: 'StoredProcedure', code: BIG },
    { kind: 'procedure', name: 't1', procedureType: 'Function', code: BIG },
  ],
  'd.b': [],
  'd.c': [table('t1', { definition: BIG }), table('t2', { definition: BIG })],
};
const SCHEMAS = ['a', 'b', 'c'].map((schema) => ({ database: 'd', schema }));
const ALL = Object.values(RECORDS).flat().length;

describe('Extracting a unit', () => {
  let temporary: TemporaryStore;
  let database: FakeDatabase;

  beforeEach(async () => {
    temporary = await temporaryStore();
    database = { scopes: [], records: RECORDS, visibility: 'v' };
  });
  afterEach(() => temporary.remove());

  const attempt = async (options = ALL_OPTIONS): Promise<FakeSource> => {
    const source = new FakeSource(database);
    await extractUnit({
      ...attemptOn(temporary.store),
      service: 'shop',
      schemas: SCHEMAS,
      source: async () => source,
      selection: EVERYTHING,
      options,
      to: address,
    });
    return source;
  };

  const lines = async (): Promise<string[]> =>
    (await recordsOf(temporary.store, address)).flat().map((value) => {
      const line = value as { kind: string; schema: string; name?: string; listing?: string; entity?: string };
      return [line.kind, line.schema, line.name ?? line.listing, line.entity].filter(Boolean).join(' ');
    });

  const counted = async (): Promise<PartReport> =>
    (await temporary.store.manifest(address)).reduce(
      (part, { facts }) => mergeParts(part, facts as PartReport),
      NO_PART
    );

  const EXPECTED = [
    'table a t1',
    'seen a t2 table',
    'table a t3',
    'seen a t4 table',
    'table a t5',
    'procedure a p1',
    'procedure a t1',
    'end a whole',
    'end b whole',
    'table c t1',
    'table c t2',
    'end c whole',
  ];

  it('stages tables, procedures, what was left out and the end of each schema, in the order of the source', async () => {
    await attempt();
    expect(await lines()).to.deep.equal(EXPECTED);
    const part = await counted();
    expect(countsOf(part, 'source')).to.include({ records: 7, filtered: 1, errors: 1, warnings: 1 });
    expect(failuresOf(part, 'source')).to.deep.equal([{ entity: 'shop.d.a.t4', error: 'broken view' }]);
    expect(part.notes).to.deep.equal(['shop.d.a.t5: a column was left out']);
  });

  for (let count = 0; count < ALL; count += 1) {
    it(`stages the same lines and counts when the first attempt breaks after ${count} records`, async () => {
      database.breakAfter = { count, error: new TransientError('reset') };
      expect(await attempt().catch((each: unknown) => each)).to.be.instanceOf(TransientError);
      const committed = await lines();
      const source = await attempt();
      expect(await lines()).to.deep.equal(EXPECTED);
      expect(countsOf(await counted(), 'source')).to.include({ records: 7, filtered: 1, errors: 1, warnings: 1 });
      const readAgain = source.given.filter((name) =>
        committed.some((line) => line.startsWith(`table ${name.replace('.', ' ')}`))
      );
      expect(readAgain.filter((name) => name !== 'a.t1')).to.deep.equal([]);
    });
  }

  it('reads nothing when it was finished before', async () => {
    await attempt();
    expect((await attempt()).given).to.deep.equal([]);
  });

  it('reports a schema that cannot be listed as one failure and reads the next one', async () => {
    database.breakAfter = { count: 2, error: new PermanentError('no grant', { remedy: 'Grant it.' }) };
    await attempt();
    expect(await lines()).to.include.members(['end a failed', 'end c whole', 'table c t2']);
    expect(failuresOf(await counted(), 'source')).to.deep.include({ entity: 'shop.d.a', error: 'no grant. Grant it.' });
  });

  it('ends when the credentials are refused in the middle', async () => {
    database.breakAfter = { count: 2, error: new AuthenticationError('password changed') };
    expect(await attempt().catch((each: unknown) => each)).to.be.instanceOf(AuthenticationError);
  });

  it('passes on an error that nobody foresaw instead of calling the schema unreadable', async () => {
    database.breakAfter = { count: 2, error: new TypeError('bug') };
    expect(await attempt().catch((each: unknown) => each)).to.be.instanceOf(TypeError);
  });

  it('says of an incremental listing that it shows changes only, and names what is gone', async () => {
    database.records = { 'd.a': [{ kind: 'deleted', entity: 'table', name: 'old' }] };
    await attempt({ ...ALL_OPTIONS, changedSince: 1 });
    expect(await lines()).to.deep.equal(['gone a old table', 'end a changes', 'end b changes', 'end c changes']);
  });

  it('counts a table whose name no FQN can hold as one failure that was seen', async () => {
    database.records = { 'd.a': [table(''), table('ok')] };
    await attempt();
    expect(await lines()).to.deep.equal(['seen a table', 'table a ok', 'end a whole', 'end b whole', 'end c whole']);
    expect(countsOf(await counted(), 'source')).to.include({ records: 1, errors: 1 });
  });
});
