import { expect } from 'chai';
import {
  emptyPartitions,
  emptySamples,
  profilerJournal,
  readMemory,
  rememberRun,
  type ProfiledTables,
  type ProfiledUnit,
} from '../../../src/profiler/index.js';
import { tellOf } from '../../../src/activities/profiler/remember-profiles.js';
import { rememberEarlyEnd } from '../../../src/activities/profiler/remember-early-end.js';
import { STAGES } from '../../../src/contract/stage-names.js';
import type { Recipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import { toLines, type StagingStore } from '../../../src/staging/index.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';
import { collected } from '../staging/collected.js';

const kept = (hash: string): object => ({ hash, asOf: 5, timestamp: 7 });
const done = (fqn: string, more: object): object => ({ done: fqn, statements: 2, milliseconds: 1, ...more });

async function* values(...lines: unknown[]): AsyncGenerator<unknown> {
  yield* lines;
}

/** Three tables: one published, one that failed, one that the catalog refused; a fourth whose turn did not come. */
async function* units(hash: string, ended = true): AsyncGenerator<ProfiledUnit> {
  const tables = ['a', 'b', 'c', 'd'].map((fqn) => ({
    fqn,
    facts: { table: fqn, isView: false, bytes: 10 },
    asOf: 5,
    statements: 2,
  }));
  yield {
    tables,
    profiles: values(
      { begun: 'a', reserved: 9 },
      done('a', { id: '1', request: {}, remember: kept(hash) }),
      done('b', { failed: 'too slow' }),
      done('c', { id: '3', request: {}, remember: kept(hash) })
    ),
    published: values(
      { fqn: 'a', ok: true },
      { fqn: 'b', ok: false },
      { fqn: 'c', ok: false, reason: 'no such table' }
    ),
    ended,
  };
}

describe('What outlives a profiler run', () => {
  let store: StagingStore;
  let temporary: TemporaryStore;
  before(async () => {
    temporary = await temporaryStore();
    store = temporary.store;
  });
  after(() => temporary.remove());

  const remember = (run: string, startedAt: number, hash: string): Promise<ProfiledTables> =>
    rememberRun({ store, service: 's', version: { run, startedAt }, units: units(hash) });

  it('names the tables whose sample took no row, once for all units', async () => {
    const unit = (...fqns: readonly string[]): ProfiledUnit => ({
      tables: fqns.map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 5, statements: 2 })),
      profiles: values(
        ...fqns.map((fqn) =>
          done(fqn, { id: fqn, request: {}, remember: kept('x'), ...(fqn === 'seen' ? {} : { sampledNone: true }) })
        )
      ),
      published: values(...fqns.map((fqn) => ({ fqn, ok: true }))),
      ended: true,
    });
    const { sampledNone } = await rememberRun({
      ...{ store, service: 'sampled', version: { run: 'sampled', startedAt: 1 } },
      units: [unit('seen', 'a'), unit('b')],
    });
    expect(emptySamples(sampledNone)).to.match(/^The sample took no row of a, b: counts of their columns are 0.*Raise/);
    expect(emptySamples([])).to.equal(undefined);
  });

  it('names the tables whose partition has no rows, once for all units', async () => {
    const unit = (...fqns: readonly string[]): ProfiledUnit => ({
      tables: fqns.map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 5, statements: 2 })),
      profiles: values(
        ...fqns.map((fqn) => done(fqn, { id: fqn, request: {}, remember: kept('x'), emptyPartition: true }))
      ),
      published: values(...fqns.map((fqn) => ({ fqn, ok: true }))),
      ended: true,
    });
    const names = Array.from({ length: 12 }, (_, at) => `t${at}`);
    const { emptyPartition } = await rememberRun({
      ...{ store, service: 'parts', version: { run: 'parts', startedAt: 1 } },
      units: [unit(...names.slice(0, 5)), unit(...names.slice(5))],
    });
    expect(emptyPartitions(emptyPartition)).to.equal(
      'The partitions of t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 and 2 more have no rows (partitionConfig).'
    );
    expect(emptyPartitions(['t'])).to.equal('The partition of t has no rows (partitionConfig).');
  });

  it('tells what was sent of a budget from what was set apart for work that was lost', async () => {
    const tables = ['a', 'b'].map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 5, statements: 2 }));
    const profiles = values(
      { begun: 'a', reserved: 4 },
      { begun: 'a', reserved: 4 },
      { begun: 'a', reserved: 4, more: true },
      { begun: 'a', reserved: 4 },
      done('a', { id: '1', request: {}, remember: kept('x'), statements: 12 })
    );
    const unit: ProfiledUnit = { tables, profiles, published: values({ fqn: 'a', ok: true }), ended: true };
    const version = { run: 'lost', startedAt: 1 };
    const told = new PartRecorder();
    tellOf(await rememberRun({ store, service: 'lost', version, units: [unit] }), told, 24);
    expect(told.take().notes).to.deep.equal([
      'The budget is spent (12 of 24 statements sent, 12 more set apart for work that was lost): b left for the next run.',
    ]);
  });

  it('counts the bytes of those alone whose rows were read', async () => {
    const unit = {
      tables: ['read', 'large'].map((fqn) => ({
        ...{ fqn, facts: { table: fqn, isView: false, bytes: 10 }, asOf: 5, statements: 2 },
      })),
      profiles: values(
        done('read', { id: '1', request: {}, remember: kept('x') }),
        done('large', { id: '2', request: {}, remember: kept('x'), statements: 0 })
      ),
      published: values({ fqn: 'read', ok: true }, { fqn: 'large', ok: true }),
      ended: true,
    };
    const version = { run: 'bytes', startedAt: 1 };
    expect(await rememberRun({ store, service: 'bytes', version, units: [unit] })).to.include({ bytes: 10 });
  });

  it('is by which configuration each published table was profiled, for the runs that start later', async () => {
    expect(await readMemory(store, 's')).to.equal(undefined);
    expect(await remember('one', 10, 'x')).to.deep.equal({
      ...{ bytes: 10, sampledNone: [], emptyPartition: [], left: ['d'], statements: 6, setApart: 0 },
    });
    await remember('two', 20, 'y');
    expect([...((await readMemory(store, 's')) ?? [])]).to.deep.equal([['a', kept('y')]]);
  });

  it('is left by a run that ended before its end too, by what it had staged, and keeps what earlier ones left', async () => {
    await rememberRun({ store, service: 'cut', version: { run: 'whole', startedAt: 1 }, units: units('x') });
    const staged = async (stage: string, ...lines: unknown[]): Promise<unknown> =>
      store.commit({ run: 'cut', stage, slice: '0' }, { n: 0, lines: toLines(lines), last: false });
    const tables = ['n', 'o'].map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 5, statements: 2 }));
    await staged(STAGES.profileUnits, tables);
    await staged(STAGES.profiles, done('n', { id: '1', request: {}, remember: kept('y'), sampledNone: true }));
    await staged(STAGES.publishedProfiles, { fqn: 'n', ok: true });
    const recipe = { kind: 'profiler', source: { serviceName: 'cut' } } as unknown as Recipe;
    const recorder = new PartRecorder();
    await rememberEarlyEnd({ store, recipe, run: 'cut', startedAt: 2, recorder });
    expect(recorder.take().notes.join()).to.match(/^The sample took no row of n: /);
    const memory = await readMemory(store, 'cut');
    expect(Object.fromEntries(memory ?? [])).to.deep.equal({ a: kept('x'), n: kept('y') });
  });

  it('is of all runs of the service, in whatever order they start and end', async () => {
    const ran = async (run: string, startedAt: number, tables: Record<string, number>): Promise<void> => {
      const fqns = Object.keys(tables);
      const unit = {
        tables: fqns.map((fqn) => ({ fqn, facts: { table: fqn, isView: false }, asOf: 5, statements: 2 })),
        profiles: values(
          ...fqns.map((fqn) =>
            done(fqn, { id: fqn, request: {}, remember: { ...kept(run), timestamp: tables[fqn] ?? 0 } })
          )
        ),
        published: values(...fqns.map((fqn) => ({ fqn, ok: true }))),
        ended: true,
      };
      await rememberRun({ store, service: 'both', version: { run, startedAt }, units: [unit] });
    };
    await ran('later', 2, { b: 20, shared: 22 });
    await ran('earlier', 1, { a: 10, shared: 11 });
    const known = async (): Promise<unknown> =>
      [...((await readMemory(store, 'both')) ?? [])].map(([fqn, { hash }]) => `${fqn} ${hash}`).sort();
    expect(await known()).to.deep.equal(['a earlier', 'b later', 'shared later']);
    for (const at of [3, 4, 5]) await ran(`next ${at}`, at, { c: at * 10 });
    expect(await known()).to.deep.equal(['a earlier', 'b later', 'c next 5', 'shared later']);
  });

  it('counts for nothing when it can not be read', async () => {
    const address = { service: 'torn', kind: 'profiler', name: 'profile-times' };
    await store.state.write(address, { run: 'one', startedAt: 1 }, ['["a",{"hash":1}]']);
    expect(await readMemory(store, 'torn')).to.equal(undefined);
  });

  it('is a journal of what became of each table, and why', async () => {
    const leftOut = values(
      { fqn: 'e', outcome: 'unchanged' },
      { fqn: 'f', outcome: 'filtered', reason: 'includeViews' }
    );
    const journal = await collected(profilerJournal({ leftOut, units: units('x') }));
    expect(journal.slice(0, -1)).to.deep.equal([
      { fqn: 'e', outcome: 'unchanged' },
      { fqn: 'f', outcome: 'filtered', reason: 'includeViews' },
      { fqn: 'a', outcome: 'written' },
      { fqn: 'b', outcome: 'failed', reason: 'too slow' },
      { fqn: 'c', outcome: 'refused', reason: 'no such table' },
    ]);
    expect(journal.at(-1)?.reason).to.match(/^the budget of the run was spent/);
    const [early] = (await collected(profilerJournal({ leftOut: values(), units: units('x', false) }))).slice(-1);
    expect(early).to.deep.equal({ fqn: 'd', outcome: 'filtered', reason: 'the run ended before its turn' });
  });
});
