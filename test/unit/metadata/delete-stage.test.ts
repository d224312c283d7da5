import { expect } from 'chai';
import {
  DELETIONS,
  deleteStage,
  listScopes,
  extractUnit,
  labelOf,
  nextStanding,
  decidedDeletions,
  type DeletionMemory,
  type KnownStanding,
  type Standing,
} from '../../../src/metadata/index.js';
import { countsOf, failuresOf, NO_PART, mergeParts, type PartReport } from '../../../src/report/index.js';
import type { ScopeRights, SourceScope } from '../../../src/sources/index.js';
import type { ManifestEntry } from '../../../src/staging/index.js';
import { attemptOn } from '../staging/attempt-on.js';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { FakeCatalog } from './fake-catalog.js';
import { FakeSource, table, type FakeDatabase } from './fake-source.js';
import { temporaryStore, type TemporaryStore } from './temporary-store.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';
import { STAGES } from '../../../src/contract/stage-names.js';
import { ALL_FLAGS } from './publish-input.js';

const run = 'run';
const STARTED_AT = 1_700_000_000_000;
const schema = (name: string, database = 'd'): SourceScope => ({ kind: 'schema', database, name, weight: 1 });

describe('Marking deleted', () => {
  let temporary: TemporaryStore;
  let catalog: FakeCatalog;
  let database: FakeDatabase;
  let source: FakeSource;

  beforeEach(async () => {
    temporary = await temporaryStore();
    catalog = new FakeCatalog();
    catalog.has('databases', 'shop.d');
    catalog.has('databaseSchemas', 'shop.d.s');
    catalog.has('tables', 'shop.d.s.a', 'shop.d.s.b');
    database = {
      scopes: [{ kind: 'database', name: 'd' }, schema('s')],
      records: { 'd.s': [table('a'), table('b')] },
      visibility: 'all',
    };
  });
  afterEach(() => temporary.remove());

  /** Scopes and extract as in a run. */
  const list = async (changedSince?: number): Promise<void> => {
    const reader = new FakeSource(database);
    const attempt = attemptOn(temporary.store);
    const common = { ...attempt, service: 'shop', source: async () => reader, selection: EVERYTHING };
    await listScopes({ ...common, options: { includeTags: true }, to: { run, stage: 'scopes', slice: '0' } });
    const schemas = database.scopes.flatMap((scope) =>
      scope.kind === 'schema' ? [{ database: scope.database, schema: scope.name }] : []
    );
    const options = changedSince === undefined ? ALL_OPTIONS : { ...ALL_OPTIONS, changedSince };
    await extractUnit({ ...common, schemas, options, to: { run, stage: 'extract', slice: '0' } });
  };

  const markDeleted = async (
    more: {
      flags?: Partial<typeof ALL_FLAGS>;
      maxDeletedPercent?: number;
      earlier?: Standing;
      remembers?: boolean;
      memory?: DeletionMemory;
    } = {}
  ): Promise<void> => {
    source = new FakeSource(database);
    await deleteStage({
      ...attemptOn(temporary.store),
      service: 'shop',
      catalog,
      run,
      stages: STAGES,
      flags: { ...ALL_FLAGS, ...more.flags },
      maxDeletedPercent: more.maxDeletedPercent,
      earlier: more.earlier,
      remembers: more.remembers ?? false,
      memory: more.memory,
      source: async () => source,
      visibility: 'all',
      startedAt: STARTED_AT,
    });
  };

  const entries = async (): Promise<readonly ManifestEntry[]> =>
    (await Promise.all(DELETIONS.map((slice) => temporary.store.manifest({ run, stage: 'deleted', slice })))).flat();

  const counted = async (): Promise<PartReport> =>
    (await entries()).reduce((part, { facts }) => mergeParts(part, facts as PartReport), NO_PART);

  it('marks a table that the source no longer has', async () => {
    catalog.has('tables', 'shop.d.s.a', 'shop.d.s.old');
    await list();
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.old']);
    expect(countsOf(await counted(), 'sink').deleted).to.equal(1);
    // Once to find it, once more just before it is marked.
    expect(source.asked).to.deep.equal([['old'], ['old']]);
  });

  it('does not open the source when nothing is missing', async () => {
    catalog.has('tables', 'shop.d.s.a');
    await list();
    await markDeleted();
    expect(source.asked).to.deep.equal([]);
  });

  describe('of a unit that was published', () => {
    const publish = async (mayDelete: boolean, last = true): Promise<void> => {
      const to = { run, stage: 'publish', slice: '0' };
      await temporary.store.commit(to, { n: 0, position: { mayDelete: false }, last: false });
      await temporary.store.commit(to, { n: 1, position: { mayDelete }, last });
    };
    const asked = async (): Promise<readonly string[]> => {
      const scopes: string[] = [];
      const stale = catalog.stale.bind(catalog);
      catalog.stale = (scope, seen) => {
        scopes.push(`${scope.kind} ${scope.scopeFqn}`);
        return stale(scope, seen);
      };
      await markDeleted();
      return scopes;
    };

    it('asks the catalog nothing about schemas of which publishing found that nothing is gone', async () => {
      await list();
      await publish(false);
      expect(await asked()).to.deep.equal(['databaseSchemas shop.d', 'databases shop']);
      expect((await entries()).at(-1)?.last).to.equal(true);
    });

    it('asks about them when something may be gone, or publishing did not come to its end', async () => {
      catalog.has('tables', 'shop.d.s.old');
      await list();
      await publish(true);
      expect(await asked()).to.include('tables shop.d.s');
      expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.old']);
      await temporary.store.removeRun(run);
      await list();
      await publish(false, false);
      expect(await asked()).to.include('tables shop.d.s');
    });
  });

  it('keeps a table that came back while the run was reading', async () => {
    catalog.has('tables', 'shop.d.s.late');
    await list();
    database.records['d.s']?.push(table('late'));
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal([]);
  });

  it('empties a schema that has become empty', async () => {
    catalog.has('tables', 'shop.d.s.old', 'shop.d.other.a', 'shop.d.other.b');
    database.scopes.push(schema('other'));
    database.records = { 'd.s': [], 'd.other': [table('a'), table('b')] };
    await list();
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.a', 'shop.d.s.b', 'shop.d.s.old']);
  });

  it('keeps what the recipe leaves out or what could not be read', async () => {
    catalog.has('tables', 'shop.d.s.filtered', 'shop.d.s.broken');
    database.records['d.s']?.push(
      { kind: 'unselected', entity: 'table', name: 'filtered', reason: 'pattern' },
      { kind: 'problem', entity: 'table', name: 'broken', message: 'no grant' }
    );
    await list();
    database.records = { 'd.s': [] };
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal([]);
  });

  it('keeps everything of a schema whose listing failed', async () => {
    catalog.has('tables', 'shop.d.s.old');
    // Three are the scopes, one a table: with none the emptied source would be held back anyway.
    database.breakAfter = { count: 4, error: new PermanentError('no grant') };
    await list();
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal([]);
    expect(countsOf(await counted(), 'sink').deleted).to.equal(0);
  });

  it('keeps everything, and says so, when the user lost a grant since the listing', async () => {
    catalog.has('tables', 'shop.d.s.old', 'shop.d.s.older');
    await list();
    database.visibility = 'less';
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal([]);
    const part = await counted();
    const [counts, sourceFailures] = [countsOf(part, 'source'), failuresOf(part, 'source')];
    expect(counts.errors).to.equal(1);
    expect(sourceFailures[0]?.entity).to.equal('shop.d.s');
    expect(sourceFailures[0]?.error).to.include('What the user may see changed');
  });

  const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `shop.d.s.t${n}`);

  it('holds back more than the allowed share of the service, names how many, and ends as a partial success', async () => {
    catalog.has('tables', ...many(100));
    await list();
    await markDeleted({ remembers: true });
    expect(catalog.deletedFqns()).to.have.length(20);
    const part = await counted();
    expect(countsOf(part, 'sink')).to.include({ deleted: 20, warnings: 1 });
    expect(part.incomplete).to.equal(true);
    expect(part.reasons?.[0]?.error)
      .to.include('100 of 104 entities are gone')
      .and.include('held back: 80')
      .and.include('maxDeletedPercent to 97 for one run');
  });

  it('marks nothing of more than the allowed share when no later run would know of it, and says what to set', async () => {
    catalog.has('tables', ...many(12), ...Array.from({ length: 12 }, (_, n) => `shop.d.s.kept${n}`));
    database.records['d.s'] = [table('a'), table('b'), ...Array.from({ length: 12 }, (_, n) => table(`kept${n}`))];
    await list();
    for (let night = 0; night < 2; night += 1) {
      await markDeleted();
      expect(catalog.deletedFqns()).to.deep.equal([]);
      expect((await counted()).reasons?.[0]?.error)
        .to.include('12 of 28 entities are gone')
        .and.include('at most 10 may be marked deleted')
        .and.include('set ingestionPipelineFQN')
        .and.include('held back: 12')
        .and.include('maxDeletedPercent to 43 for one run');
      await temporary.store.removeRun(run);
      await list();
    }
    await markDeleted({ maxDeletedPercent: 42 });
    expect(catalog.deletedFqns()).to.deep.equal([]);
    await temporary.store.removeRun(run);
    await list();
    await markDeleted({ maxDeletedPercent: 43 });
    expect(catalog.deletedFqns()).to.have.length(12);
  });

  describe('as one of the runs of a pipeline', () => {
    const STOOD = 28;
    const label = labelOf(new Set(['shop.d']));
    const ALONE: KnownStanding = { settled: undefined, beside: 0 };
    const settled = { stood: STOOD, marked: 0, rights: {} };
    let told: Standing[];
    let looks: number;
    /** @param others what the others say at each look, the last one again and again */
    const memory = (others: readonly KnownStanding[] = [ALONE], isTold = true): DeletionMemory => ({
      look: async () => others[Math.min(looks++, others.length - 1)],
      announce: async (next) => {
        expect(catalog.deletedFqns(), 'told before it marks').to.deep.equal([]);
        told.push(next);
        return isTold;
      },
    });

    beforeEach(async () => {
      told = [];
      looks = 0;
      catalog.has('tables', ...many(12), ...Array.from({ length: 12 }, (_, n) => `shop.d.s.kept${n}`));
      database.records['d.s'] = [table('a'), table('b'), ...Array.from({ length: 12 }, (_, n) => table(`kept${n}`))];
      await list();
    });

    it('tells the others what it is to mark before it marks', async () => {
      await markDeleted({ remembers: true, memory: memory() });
      expect(told).to.deep.equal([{ stood: STOOD, marked: 10, rights: {}, label, own: 10, run }]);
      expect(catalog.deletedFqns()).to.have.length(10);
    });

    it('marks nothing when they could not be told, and says so', async () => {
      await markDeleted({ remembers: true, memory: memory([ALONE], false) });
      expect(catalog.deletedFqns()).to.deep.equal([]);
      expect((await counted()).reasons?.[0]?.error).to.include('held back: 12');
    });

    it('counts what another one is to mark that began meanwhile', async () => {
      await markDeleted({ remembers: true, earlier: settled, memory: memory([{ settled, beside: 8 }]) });
      expect(catalog.deletedFqns()).to.have.length(2);
      expect(told).to.deep.equal([{ ...settled, marked: 10, label, own: 2, run }]);
      expect(await decidedDeletions(temporary.store, run, STAGES.deleted)).to.include({ before: 8, marked: 2 });
      expect((await counted()).reasons?.[0]?.error).to.include('8 may go in another run that is under way');
    });

    for (const [beside, left] of [
      [4, 6],
      [10, 0],
    ] as const)
      it(`leaves to another one the ${beside} of which it spoke at the same moment, and says that it marks ${left}`, async () => {
        const others = [
          { settled, beside: 0 },
          { settled, beside },
        ];
        await markDeleted({ remembers: true, earlier: settled, memory: memory(others) });
        expect(catalog.deletedFqns()).to.have.length(left);
        expect(told.map(({ own }) => own)).to.deep.equal([10, left]);
        // What the other one holds back in the end is not for ever counted here.
        const before = left === 0 ? 0 : beside;
        expect(told.at(-1)?.marked).to.equal(before + left);
        const decided = await decidedDeletions(temporary.store, run, STAGES.deleted);
        expect(decided).to.include({ before, marked: left });
      });

    it('keeps to what it said when another one that decided at the same moment holds back', async () => {
      const others = [
        { settled, beside: 4 },
        { settled, beside: 0 },
      ];
      await markDeleted({ remembers: true, earlier: settled, memory: memory(others) });
      expect(catalog.deletedFqns()).to.have.length(6);
      expect(told.map(({ own }) => own)).to.deep.equal([6]);
    });

    it('counts what it may have marked itself before its staging store was lost', async () => {
      const earlier = { ...settled, marked: 9, own: 7, run };
      await markDeleted({ remembers: true, earlier, memory: memory([ALONE]) });
      expect(catalog.deletedFqns()).to.have.length(1);
      expect(told).to.deep.equal([{ ...settled, marked: 10, label, own: 8, run }]);
      expect(await decidedDeletions(temporary.store, run, STAGES.deleted)).to.include({ before: 9, marked: 1 });
    });

    it('marks no more night after night', async () => {
      let earlier: Standing | undefined;
      for (let night = 0; night < 4; night += 1) {
        await markDeleted({ remembers: true, ...(earlier === undefined ? {} : { earlier }) });
        expect(catalog.deletedFqns(), `night ${night}`).to.have.length(10);
        const deletions = await decidedDeletions(temporary.store, run, STAGES.deleted);
        earlier = nextStanding(earlier, {
          ...{ service: 'shop', part: await counted(), rights: undefined, whole: true },
          deletions,
        });
        await temporary.store.removeRun(run);
        await list();
      }
      expect(earlier).to.include({ stood: STOOD, marked: 10 });
    });

    it('counts what it marked until it was cut off, and not what it was about to', async () => {
      const markOne = catalog.markDeleted.bind(catalog);
      let marks = 0;
      catalog.markDeleted = async (...args) => {
        marks += 1;
        if (marks > 3) throw new TransientError('cut off');
        return markOne(...args);
      };
      await markDeleted({ remembers: true }).catch(() => undefined);
      expect(catalog.deletedFqns()).to.have.length(3);
      expect(await decidedDeletions(temporary.store, run, STAGES.deleted)).to.include({ marked: 0 });
      const asked = await decidedDeletions(temporary.store, run, STAGES.deleted, catalog);
      expect(asked).to.include({ stood: STOOD, before: 0, marked: 3 });
    });

    it('does not count what OpenMetadata refused to mark', async () => {
      catalog.refused.set('shop.d.s.t1', 'locked');
      await markDeleted({ remembers: true });
      expect(await decidedDeletions(temporary.store, run, STAGES.deleted)).to.include({ marked: 9 });
    });
  });

  for (const [count, expected] of [
    [18, 10],
    [12, 3],
    [5, 1],
    [3, 3],
  ] as const) {
    it(`marks ${expected} of ${count} that are gone of ${count + 4}: ten are always allowed where they are less than half`, async () => {
      catalog.has('tables', ...many(count));
      await list();
      await markDeleted({ remembers: true });
      expect(catalog.deletedFqns()).to.have.length(expected);
    });
  }

  for (const [maxDeletedPercent, expected] of [
    [0, 0],
    [50, 8],
    [100, 12],
  ] as const) {
    it(`takes maxDeletedPercent ${maxDeletedPercent} of the recipe as it is`, async () => {
      catalog.has('tables', ...many(12));
      await list();
      await markDeleted({ maxDeletedPercent, remembers: true });
      expect(catalog.deletedFqns()).to.have.length(expected);
    });
  }

  it('takes it also where ten would be allowed', async () => {
    catalog.has('tables', ...many(3));
    await list();
    await markDeleted({ maxDeletedPercent: 20, remembers: true });
    expect(catalog.deletedFqns()).to.have.length(1);
  });

  it('counts the share of what stood at the last run without doubts, and what the runs since have marked', async () => {
    catalog.has('tables', ...many(40));
    await list();
    await markDeleted({ earlier: { stood: 60, marked: 5, rights: {} }, remembers: true });
    expect(catalog.deletedFqns()).to.have.length(7);
    expect((await counted()).questioned).to.deep.equal(['*']);
  });

  it('counts the share of what the database at hand holds, where the last run was under another label', async () => {
    catalog.has('databases', 'shop.other');
    catalog.has('databaseSchemas', 'shop.other.s');
    catalog.has('tables', ...many(500).map((fqn) => fqn.replace('shop.d.', 'shop.other.')), ...many(40));
    await list();
    for (const stood of [3, 500]) {
      const earlier = { stood, marked: 0, rights: {}, label: 'another' };
      await markDeleted({ flags: { markDeletedDatabases: false }, earlier, remembers: true });
      // Of 44: the database, its schema, 42 tables.
      expect((await counted()).reasons?.[0]?.error).to.include('40 of 44 entities are gone');
      expect(catalog.deletedFqns()).to.have.length(10);
      await temporary.store.removeRun(run);
      catalog.has('tables', ...many(40));
      await list();
    }
  });

  it('counts what stood and was marked under the label of now, where a run under another one was between', async () => {
    catalog.has('tables', ...many(40));
    await list();
    const label = labelOf(new Set(['shop.d']));
    const of = (now: string | undefined, stood: number, marked: number): Parameters<typeof nextStanding>[1] => ({
      ...{ service: 'shop', label: now, part: NO_PART, rights: undefined, whole: false },
      deletions: { stood, before: 0, marked },
    });
    const earlier = nextStanding(nextStanding(undefined, of(label, 60, 5)), of('another', 3, 0));
    await markDeleted({ earlier, remembers: true });
    expect(catalog.deletedFqns()).to.have.length(7);
    const next = nextStanding(earlier, {
      ...of(label, 0, 0),
      deletions: await decidedDeletions(temporary.store, run, STAGES.deleted),
    });
    expect(next).to.include({ stood: 60, marked: 12, label });
  });

  it('counts a schema with all that it holds', async () => {
    catalog.has('databaseSchemas', 'shop.d.gone');
    catalog.has('tables', ...Array.from({ length: 30 }, (_, n) => `shop.d.gone.t${n}`));
    await list();
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal([]);
    expect((await counted()).reasons?.[0]?.error)
      .to.include('31 of 35')
      .and.include('held back: 31');
  });

  it('marks nothing when the source shows no table and no procedure at all, unless the recipe allows everything', async () => {
    catalog.has('tables', ...many(1));
    database.records = { 'd.s': [] };
    await list();
    await markDeleted({ maxDeletedPercent: 90 });
    expect(catalog.deletedFqns()).to.deep.equal([]);
    expect((await counted()).reasons?.[0]?.error).to.include('shows no table and no procedure at all');
    await temporary.store.removeRun(run);
    await list();
    await markDeleted({ maxDeletedPercent: 100 });
    expect(catalog.deletedFqns()).to.have.length(3);
  });

  it('marks only what it looked up: a table that another run publishes meanwhile stays', async () => {
    catalog.has('tables', 'shop.d.s.old');
    await list();
    const markOne = catalog.markDeleted.bind(catalog);
    catalog.markDeleted = (...args) => {
      catalog.has('tables', 'shop.d.s.made_meanwhile');
      return markOne(...args);
    };
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.old']);
  });

  describe('of what the rights do not prove gone', () => {
    const reason = 'Not granted: SELECT.';
    const rights = (...held: string[]): ScopeRights[] => [{ database: 'd', schema: 's', rights: held }];
    const runOf = { service: 'shop', part: NO_PART, deletions: undefined, whole: true };

    beforeEach(async () => {
      catalog.has('tables', 'shop.d.s.old');
      await list();
    });

    it('holds back what the user would not see, and names the right, with a pipeline or without', async () => {
      database.doubts = [{ name: 'old', kind: 'hidden', reason }];
      database.rights = rights('SELECT');
      await markDeleted({ earlier: nextStanding(undefined, { ...runOf, rights: rights('SELECT') }), remembers: true });
      expect(catalog.deletedFqns()).to.deep.equal([]);
      const part = await counted();
      expect(part.incomplete).to.equal(true);
      expect(part.reasons?.[0]).to.include({ entity: 'shop.d.s' });
      expect(part.reasons?.[0]?.error).to.include('held back: old').and.include(reason);
    });

    for (const [now, earlier, expected] of [
      [rights('SELECT TABLE'), rights('SELECT TABLE'), ['shop.d.s.old']],
      [rights('SELECT TABLE', 'SELECT VIEW'), rights('SELECT TABLE'), ['shop.d.s.old']],
      [rights('SELECT VIEW'), rights('SELECT TABLE', 'SELECT VIEW'), []],
      [[], rights('SELECT TABLE'), []],
      [rights('SELECT TABLE'), undefined, []],
    ] as const) {
      const had = earlier === undefined ? 'nothing remembered' : JSON.stringify(earlier[0]?.rights);
      it(`marks ${expected.length} with the rights ${JSON.stringify(now[0]?.rights ?? [])} where an earlier run had ${had}`, async () => {
        database.doubts = [{ name: 'old', kind: 'unproven', reason }];
        database.rights = now;
        await markDeleted({
          ...(earlier === undefined ? {} : { earlier: nextStanding(undefined, { ...runOf, rights: earlier }) }),
          maxDeletedPercent: 100,
          remembers: true,
        });
        expect(catalog.deletedFqns()).to.deep.equal(expected);
      });
    }

    for (const [age, expected] of [
      [3, ['shop.d.s.old']],
      [2, []],
    ] as const)
      it(`marks ${expected.length} that the records of the source lack, three hours late, where the catalog has it for ${age}`, async () => {
        database.doubts = [{ name: 'old', kind: 'recent', lagMs: 3 * 3_600_000, reason }];
        catalog.updatedAt = STARTED_AT - age * 3_600_000;
        await markDeleted();
        expect(catalog.deletedFqns()).to.deep.equal(expected);
        const said = (await counted()).reasons?.map(({ error }) => error) ?? [];
        expect(said.join()).to.include(age === 3 ? '' : 'less than 3 hours ago');
      });

    it('compares with the rights of before the loss in each run after it', async () => {
      database.doubts = [{ name: 'old', kind: 'unproven', reason }];
      database.rights = rights('SELECT VIEW');
      let earlier = nextStanding(undefined, { ...runOf, rights: rights('SELECT TABLE', 'SELECT VIEW') });
      for (let night = 0; night < 3; night += 1) {
        await markDeleted({ earlier, maxDeletedPercent: 100, remembers: true });
        expect(catalog.deletedFqns(), `night ${night}`).to.deep.equal([]);
        earlier = nextStanding(earlier, { ...runOf, part: await counted(), rights: database.rights });
        await temporary.store.removeRun(run);
        await list();
      }
    });

    it('holds it back without a pipeline, and says what to set', async () => {
      database.doubts = [{ name: 'old', kind: 'unproven', reason }];
      await markDeleted();
      expect(catalog.deletedFqns()).to.deep.equal([]);
      expect((await counted()).reasons?.[0]?.error).to.include('Set ingestionPipelineFQN');
    });
  });

  it('does not confuse tables and procedures of one name', async () => {
    catalog.has('storedProcedures', 'shop.d.s.a');
    await list();
    database.records = { 'd.s': [table('b')] };
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.a']);
  });

  it('leaves alone what the flags switch off', async () => {
    catalog.has('tables', 'shop.d.s.old');
    catalog.has('storedProcedures', 'shop.d.s.p');
    await list();
    await markDeleted({ flags: { markDeletedTables: false } });
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.p']);
  });

  it('deletes of an incremental listing only what it names', async () => {
    catalog.has('tables', 'shop.d.s.old', 'shop.d.s.untouched');
    database.records = { 'd.s': [{ kind: 'deleted', entity: 'table', name: 'old' }] };
    await list(1);
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.s.old']);
    expect(countsOf(await counted(), 'sink').deleted).to.equal(1);
  });

  it('marks schemas and databases that are gone, and keeps those left out or not listable', async () => {
    database.scopes.push(
      { kind: 'unselected', entity: 'schema', database: 'd', schema: 'filtered', reason: 'pattern' },
      { kind: 'problem', entity: 'database', database: 'locked', message: 'no grant' }
    );
    catalog.has('databaseSchemas', 'shop.d.s', 'shop.d.filtered', 'shop.d.gone', 'shop.locked.x', 'shop.lost.y');
    catalog.has('databases', 'shop.d', 'shop.locked', 'shop.lost');
    await list();
    await markDeleted();
    expect(catalog.deletedFqns()).to.deep.equal(['shop.d.gone', 'shop.lost']);
  });

  it('reports a deletion that the catalog refuses as a failure', async () => {
    catalog.has('tables', 'shop.d.s.old');
    catalog.refused.set('shop.d.s.old', 'locked');
    await list();
    await markDeleted();
    const part = await counted();
    const [sink, sinkFailures] = [countsOf(part, 'sink'), failuresOf(part, 'sink')];
    expect(sink).to.include({ deleted: 0, errors: 1 });
    expect(sinkFailures).to.deep.equal([{ entity: 'shop.d.s.old', error: 'locked' }]);
  });

  it('asks the source by its own name for an entity whose name was rewritten', async () => {
    catalog.has('tables', 'shop.d.s.a__reserved__colon__b');
    await list();
    database.records['d.s']?.push(table('a::b'));
    await markDeleted();
    expect(source.asked).to.deep.equal([['a::b', 'a__reserved__colon__b']]);
    expect(catalog.deletedFqns()).to.deep.equal([]);
  });

  it('counts what an attempt marked before it died, once', async () => {
    catalog.has('tables', 'shop.d.s.old', 'shop.d.s.older');
    catalog.has('storedProcedures', 'shop.d.s.p');
    await list();
    const markOne = catalog.markDeleted.bind(catalog);
    catalog.markDeleted = async (...args) => {
      await markOne(...args);
      catalog.markDeleted = markOne;
      throw new TransientError('the answer was lost');
    };
    expect(await markDeleted().catch((error: unknown) => error)).to.be.instanceOf(TransientError);
    await markDeleted();
    expect(catalog.deletedFqns()).to.have.length(3);
    expect(countsOf(await counted(), 'sink').deleted).to.equal(3);
  });

  it('counts nothing twice when it is repeated', async () => {
    catalog.has('tables', 'shop.d.s.old');
    await list();
    await markDeleted();
    await markDeleted();
    expect(countsOf(await counted(), 'sink').deleted).to.equal(1);
  });
});
