import { expect } from 'chai';
import { readChanges, rememberRun, type ProfiledUnit, type RememberedTables } from '../../../src/profiler/index.js';
import type { ReadChanges } from '../../../src/profiler/index.js';
import type { MeasureSource, RowChange, TableRef } from '../../../src/sources/index.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;

type Change = RowChange & { readonly table: string };
/** How a table stands in a run. */
type State = 'unchanged' | 'profiled' | 'failed' | 'left';

describe('The system profile of tables that did not change', () => {
  let temporary: TemporaryStore;
  before(async () => void (temporary = await temporaryStore()));
  after(() => temporary.remove());

  /** A service with a history, and what its runs put. */
  function serviceOf(service: string, history: readonly Change[]) {
    const put = new Map<string, string[]>();
    const [notes, windows, bodies] = [new Array<string>(), new Array<number>(), new Array<unknown>()];
    type Operation = Readonly<Record<'timestamp' | 'rowsAffected', number>> & { readonly operation: string };
    const rows = new Map<string, number>();
    const add = (fqn: string, profile: readonly Operation[]): void => {
      const keys = profile.map((each) => `${each.timestamp} ${each.operation}`);
      put.set(fqn, [...(put.get(fqn) ?? []), ...keys]);
      profile.forEach((each, index) => rows.set(`${fqn} ${keys[index]}`, each.rowsAffected));
    };
    const profiles = {
      systemProfile: async (fqn: string) =>
        (put.get(fqn) ?? []).map((each) => {
          const [timestamp, operation] = each.split(' ');
          return { timestamp: Number(timestamp), operation, rowsAffected: rows.get(`${fqn} ${each}`) };
        }),
      newestProfile: async () => ({ timestamp: 5, rowCount: 9 }),
      putProfile: async ({ fqn }: { fqn: string }, body: { systemProfile: Parameters<typeof add>[1] }) => {
        bodies.push([fqn, body]);
        add(fqn, body.systemProfile);
      },
    };
    const run = async (
      daysAgo: number,
      tables: Readonly<Record<string, State>>,
      { lacksSome = false, remembered = new Map() }: { lacksSome?: boolean; remembered?: RememberedTables } = {}
    ): Promise<void> => {
      const now = NOW - daysAgo * DAY;
      const source: Pick<MeasureSource, 'changes'> = {
        changes: async ({ from, to }) => {
          windows.push((now - from) / HOUR);
          const changes = ({ table }: TableRef): readonly RowChange[] =>
            history.filter((each) => each.table === table && each.at >= from && each.at < to);
          return Object.assign(changes, { lacksSome });
        },
      };
      const of = (...states: readonly State[]): string[] =>
        Object.entries(tables).flatMap(([table, state]) => (states.includes(state) ? [table] : []));
      const listed = of('profiled', 'failed', 'left').map((fqn) => ({
        ...{ fqn, facts: { table: fqn, isView: false }, asOf: 1, statements: 1, schema: 's', use: 0 },
        asksChanges: true as const,
      }));
      const read = await readChanges({
        ...{ store: temporary.store, source, remembered, listed, now, timestamp: now },
        client: { profiles } as unknown as ReadChanges['client'],
        recipe: { source: { serviceName: service } } as ReadChanges['recipe'],
        recorder: { note: (line) => void notes.push(line), failure: () => undefined },
        signal: new AbortController().signal,
        unchanged: of('unchanged').map((fqn) => ({
          ...{ id: fqn, fqn },
          table: { database: 'd', schema: 'm', table: fqn },
        })),
      });
      for (const { fqn, changesSince = NaN } of read.tables)
        if (tables[fqn] === 'profiled')
          add(
            fqn,
            history
              .filter(({ table, at }) => table === fqn && at >= changesSince && at < now)
              .map(({ at, operation, rows: rowsAffected }) => ({ timestamp: at, operation, rowsAffected }))
          );
      const done = (fqn: string): object => ({
        ...{ done: fqn, statements: 1, milliseconds: 1 },
        ...(tables[fqn] === 'failed'
          ? { failed: 'no right' }
          : { id: fqn, remember: { hash: 'x', asOf: now, timestamp: now } }),
        ...(tables[fqn] === 'failed' || lacksSome ? {} : { changesUntil: now }),
      });
      const unit: ProfiledUnit = {
        tables: [...read.tables],
        profiles: values(of('profiled', 'failed').map(done)),
        published: values(of('profiled', 'failed').map((fqn) => ({ fqn, ok: tables[fqn] === 'profiled' }))),
        ended: true,
      };
      await rememberRun({
        ...{ store: temporary.store, service, units: [unit], seen: read.seen },
        version: { run: String(daysAgo), startedAt: now },
      });
    };
    return { run, put, notes, windows, bodies };
  }

  const change = (table: string, daysAgo: number, rows = 17): Change => ({
    ...{ table, at: NOW - daysAgo * DAY, operation: 'INSERT', rows },
  });

  it('gets what the source shows only now, with the last profile of the table, and once', async () => {
    const { run, bodies, notes } = serviceOf('once', [change('new', 0.5)]);
    await run(0, { new: 'unchanged', none: 'unchanged' });
    await run(-0.1, { new: 'unchanged', none: 'unchanged' });
    expect(bodies).to.deep.equal([
      [
        'new',
        {
          tableProfile: { timestamp: NOW, rowCount: 9 },
          systemProfile: [{ timestamp: NOW - DAY / 2, operation: 'INSERT', rowsAffected: 17 }],
        },
      ],
    ]);
    expect(notes).to.have.length(1);
  });

  it('gets what adds to a sum that it has, of the same kind and moment', async () => {
    const history = [change('a', 0.5, 10), change('b', 0.5, 10)];
    const { run, bodies } = serviceOf('adds', history);
    await run(0.1, { a: 'profiled', b: 'unchanged' });
    bodies.length = 0;
    // an answer that was cut says less than is known
    history.splice(0, 2, change('a', 0.5, 15), change('b', 0.5, 5));
    await run(0, { a: 'unchanged', b: 'unchanged' });
    await run(-0.1, { a: 'unchanged', b: 'unchanged' });
    const systemProfile = [{ timestamp: NOW - DAY / 2, operation: 'INSERT', rowsAffected: 15 }];
    expect(bodies).to.deep.equal([['a', { tableProfile: { timestamp: NOW, rowCount: 9 }, systemProfile }]]);
  });

  it('lacks nothing that happened while runs read other tables of the service', async () => {
    const { run, put, windows } = serviceOf('two-recipes', [change('b', 6), change('b', 3), change('c', 2)]);
    await run(7, { a: 'profiled', b: 'profiled', c: 'profiled' });
    for (const day of [6, 5, 4, 3, 2, 1]) await run(day, { a: 'unchanged' });
    await run(0, { a: 'unchanged', b: 'unchanged', c: 'profiled' });
    expect(put.get('b')).to.have.length(2);
    expect(put.get('c')).to.have.length(1);
    expect(windows.at(-1), 'one window for all').to.equal(7 * 24 + 4);
    await run(-1, { a: 'unchanged', b: 'unchanged', c: 'unchanged' });
    expect(windows.at(-1)).to.equal(28);
  });

  it('lacks nothing of tables that the budget left over, never profiled ones among them', async () => {
    const history = [20, 19, 15, 2].map((day) => change('left', day));
    const { run, put } = serviceOf('left-over', history);
    for (let day = 19.5; day > 0.5; day -= 1) await run(day, { a: 'unchanged', left: 'left' });
    await run(0, { a: 'unchanged', left: 'profiled' });
    expect(put.get('left')).to.have.length(4);
  });

  it('lacks nothing of a time when the source could not show all', async () => {
    const { run, put } = serviceOf('lacking', [change('a', 2.5)]);
    await run(4, { a: 'profiled' });
    await run(2, { a: 'unchanged' }, { lacksSome: true });
    put.clear();
    await run(0, { a: 'unchanged' });
    expect(put.get('a')).to.have.length(1);
  });

  for (const state of ['unchanged', 'profiled'] as const)
    it(`reads 14 days at most where the source never shows all, of a table that is ${state}`, async () => {
      const { run, put, notes, windows } = serviceOf(`never-all-${state}`, [change('a', 31)]);
      await run(40, { a: 'profiled' });
      for (let day = 39; day > 30; day -= 1) await run(day, { a: state, b: 'unchanged' }, { lacksSome: true });
      expect(windows.at(-1)).to.equal(9 * 24 + 4);
      put.clear();
      for (let day = 30; day >= 0; day -= 1) await run(day, { a: state, b: 'unchanged' }, { lacksSome: true });
      expect(put.get('a'), 'nothing of a shorter trouble is lost').to.include(`${NOW - 31 * DAY} INSERT`);
      const last = /^The source did not show runs all that changed the rows of 2 tables; .* is in no system profile\.$/;
      const told = notes.filter((note) => last.test(note));
      expect(told.length, 'one line a run, from the 15th day on').to.be.within(20, 30);
      expect(notes.join(), 'no table is named').not.to.match(/No run read in time/);
      expect(new Set(told).size).to.equal(1);
      await run(-1, { a: state, b: 'unchanged' });
      expect(windows.at(-1)).to.equal(14 * 24);
      await run(-2, { a: state, b: 'unchanged' });
      expect(windows.at(-1)).to.equal(28);
    });

  for (const failing of ['failed', 'unchanged'] as const)
    it(`lacks nothing since the last run where runs are rare and one of them fails (${failing})`, async () => {
      const { run, put, notes } = serviceOf(`rare-${failing}`, [change('a', 25)]);
      await run(61, { a: 'profiled' });
      await run(30, { a: failing }, { lacksSome: failing === 'unchanged' });
      await run(0, { a: 'unchanged', b: 'unchanged' });
      expect(put.get('a')).to.deep.equal([`${NOW - 25 * DAY} INSERT`]);
      expect(notes[0]).to.match(
        failing === 'failed'
          ? /^No run read in time all that changed the rows of a: /
          : /^The source did not show runs all that changed the rows of 1 table; /
      );
    });

  it('says of which tables more is missing than it looks for: a year, 14 days of those that fail', async () => {
    const { run, notes, windows } = serviceOf('too-long', []);
    await run(500, { old: 'profiled' });
    await run(40, { fails: 'profiled' });
    await run(30, { fails: 'failed', a: 'unchanged' });
    expect(notes).to.deep.equal([]);
    for (let day = 29; day > 0; day -= 1) await run(day, { fails: 'failed', a: 'unchanged' });
    await run(0, { fails: 'failed', b: 'unchanged' });
    expect(notes.join()).to.match(/^No run read in time all that changed the rows of fails: /);
    expect(windows.at(-1)).to.equal(14 * 24);
    await run(-1, { old: 'unchanged', b: 'unchanged' });
    expect(notes.at(-1)).to.match(/ of old: .* is in no system profile/);
    expect(windows.at(-1)).to.equal(365 * 24);
  });

  it('takes what a release before knew of the service as of tables that were profiled by then', async () => {
    const { run, put } = serviceOf('older', [change('a', 5), change('b', 5)]);
    const address = { service: 'older', kind: 'profiler', name: 'row-changes' };
    const lines = [JSON.stringify({ until: NOW - DAY }), 'what is this', '[1]', '{"other": 1}'];
    await temporary.store.state.write(address, { run: '1', startedAt: NOW - DAY }, lines);
    const profiled = (daysAgo: number): object => ({ hash: 'x', asOf: 1, timestamp: NOW - daysAgo * DAY });
    const remembered = new Map([
      ['a', profiled(6)],
      ['b', profiled(2)],
    ]) as unknown as RememberedTables;
    await run(0, { a: 'unchanged', b: 'unchanged', new: 'unchanged' }, { remembered });
    expect([...put.keys()]).to.deep.equal(['a']);
  });
});

async function* values(lines: readonly unknown[]): AsyncGenerator<unknown> {
  yield* lines;
}
