import { expect } from 'chai';
import { nameFilter } from '../../../src/filters/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import type { CounterReading, LogCursor, LogWindow, UsageRecord } from '../../../src/sources/index.js';
import { CounterLedger, runLog } from '../../../src/usage/index.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';
import { date, TODAY } from './usage-lab.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OPTIONS = { resultLimit: 0, users: { includes: [], excludes: [] } };

/** Calls of each statement by its key, or more of a counter. */
type Counters = Readonly<Record<string, number | Partial<CounterReading>>>;

interface Reading {
  /** Start of the run, and the source's clock. */
  readonly at: number;
  readonly counters: Counters;
  readonly run?: string;
  readonly settings?: string;
  readonly excludes?: string[];
  readonly after?: LogCursor;
}

describe('a usage log of counters', () => {
  let temporary: TemporaryStore;
  let reads: number;

  beforeEach(async () => {
    temporary = await temporaryStore();
    reads = 0;
  });
  afterEach(() => temporary.remove());

  /** What a run makes of the counters: runs of each text by day, and the notes of the report. */
  async function run({ at, counters, run: name = String(at), settings = '', excludes = [], after }: Reading) {
    const window: LogWindow = { from: TODAY - DAY, to: TODAY + DAY, log: 'counters', counters: true };
    const recorder = new PartRecorder();
    const ledger = new CounterLedger({
      ...{ state: temporary.store.state, service: 'shop', version: { run: name, startedAt: at }, settings },
    });
    const users = nameFilter('usage', { includes: [], excludes });
    const source = {
      async *read(): AsyncGenerator<{ record: UsageRecord; cursor: LogCursor }> {
        reads += 1;
        for (const key of Object.keys(counters).sort()) {
          const given = counters[key];
          const more = typeof given === 'number' ? { calls: given } : given;
          const calls = more?.calls ?? 0;
          const reading = { key, text: `SELECT ${key}`, calls, durationMs: calls * 10, readAt: at, ...more };
          yield { record: { kind: 'counter', ...reading }, cursor: { key } };
        }
      },
    };
    const log = runLog(source, { ledger, users, recorder, startedAt: at });
    const days: Record<string, Record<string, number>> = {};
    for await (const { record } of log.read(window, OPTIONS, after)) {
      if (record.kind !== 'counted') throw new Error(record.kind);
      days[record.text.slice(7)] = Object.fromEntries(
        record.days.map((each) => [new Date(each.day).toISOString().slice(0, 10), each.runs])
      );
      for (const { runs, durationMs } of record.days) expect(durationMs).to.equal(runs * 10);
    }
    const part = recorder.take();
    return { days, notes: part.notes.join('\n'), filtered: part.steps.source?.counts.filtered ?? 0 };
  }

  const today = date(0);
  const yesterday = date(1);

  it('counts nothing of the first reading, says so, then what was added on the day of the run that finds it', async () => {
    const first = await run({ at: TODAY - 20 * HOUR, counters: { a: 5, b: 7 } });
    expect(first.days).to.deep.equal({});
    expect(first.notes).to.include('12 runs of 2 statements').and.to.include('count for no day');

    const second = await run({ at: TODAY - 10 * HOUR, counters: { a: 8, b: 7, c: 2 } });
    expect(second.days).to.deep.equal({ a: { [yesterday]: 3 }, c: { [yesterday]: 2 } });
    expect(second.notes)
      .to.include(`since the run of ${new Date(TODAY - 20 * HOUR).toISOString()}`)
      .and.to.include(yesterday);

    const third = await run({ at: TODAY + HOUR, counters: { a: 9, b: 7, c: 2 } });
    expect(third.days).to.deep.equal({ a: { [yesterday]: 3, [today]: 1 }, c: { [yesterday]: 2 } });
  });

  it('gives the same again when nothing ran, and adds up what several runs of a day find', async () => {
    await run({ at: TODAY, counters: { a: 5 } });
    const counts = [];
    for (const [hours, calls] of [
      [1, 6],
      [2, 6],
      [3, 10],
    ] as const)
      counts.push((await run({ at: TODAY + hours * HOUR, counters: { a: calls } })).days);
    expect(counts).to.deep.equal([{ a: { [today]: 1 } }, { a: { [today]: 1 } }, { a: { [today]: 5 } }]);
  });

  it('counts at once what is known to have begun today', async () => {
    const { days } = await run({
      at: TODAY + 5 * HOUR,
      counters: { a: { calls: 3, since: TODAY + HOUR }, b: { calls: 4, since: TODAY - HOUR } },
    });
    expect(days).to.deep.equal({ a: { [today]: 3 } });
  });

  it('notices counters that fell or began anew, and takes what they show since', async () => {
    const since = TODAY - 3 * DAY;
    await run({ at: TODAY, counters: { a: 100, b: { calls: 100, since }, c: { calls: 100, since } } });
    const { days, notes } = await run({
      at: TODAY + 2 * HOUR,
      counters: { a: 4, b: { calls: 300, since: TODAY + HOUR }, c: { calls: 101, since } },
    });
    expect(days).to.deep.equal({ a: { [today]: 4 }, b: { [today]: 300 }, c: { [today]: 1 } });
    expect(notes).to.include('2 counters restarted');
  });

  it('does not count what another server, or other settings, show', async () => {
    await run({ at: TODAY, counters: { a: { calls: 10, since: TODAY - DAY } } });
    const other = await run({ at: TODAY + HOUR, counters: { a: { calls: 500, since: TODAY - 9 * DAY } } });
    expect(other.days).to.deep.equal({});
    expect(other.notes).to.include('another server');
    const changed = await run({ at: TODAY + 2 * HOUR, counters: { a: 900, b: 800 }, settings: 'other' });
    expect(changed.days).to.deep.equal({});
    expect(changed.notes).to.include('other settings');
  });

  it('counts nothing again of a counter that began today and was hidden from a run in between', async () => {
    const a = (calls: number): Counters => ({ a: { calls, since: TODAY + HOUR } });
    await run({ at: TODAY + 2 * HOUR, counters: a(5), settings: 'all' });
    const hidden = await run({ at: TODAY + 3 * HOUR, counters: {}, settings: 'own' });
    expect(hidden.days).to.deep.equal({ a: { [today]: 5 } });
    const back = await run({ at: TODAY + 4 * HOUR, counters: a(5), settings: 'all' });
    expect(back.days).to.deep.equal({ a: { [today]: 5 } });
    const more = await run({ at: TODAY + 5 * HOUR, counters: a(7), settings: 'other' });
    expect(more.days).to.deep.equal({ a: { [today]: 7 } });
  });

  it('counts what was added to a counter that began anew today and was hidden from a run in between, and says so', async () => {
    const a = (calls: number, since: number): Counters => ({ a: { calls, since } });
    const reset = TODAY + 3 * HOUR;
    await run({ at: TODAY + 2 * HOUR, counters: a(4, TODAY + HOUR), settings: 'all' });
    const { days } = await run({ at: TODAY + 4 * HOUR, counters: a(2, reset), settings: 'all' });
    expect(days).to.deep.equal({ a: { [today]: 6 } });
    await run({ at: TODAY + 5 * HOUR, counters: {}, settings: 'own' });
    const back = await run({ at: TODAY + 6 * HOUR, counters: a(5, reset), settings: 'all' });
    expect(back.days).to.deep.equal({ a: { [today]: 9 } });
    expect(back.notes).to.include('by other settings').and.to.include(`all counters began on ${today}`);
    const other = await run({ at: TODAY + 7 * HOUR, counters: a(1, TODAY + 6 * HOUR), settings: 'other server' });
    expect(other.days).to.deep.equal({ a: { [today]: 10 } });
    const again = await run({ at: TODAY + 8 * HOUR, counters: a(6, reset), settings: 'all' });
    expect(again.days).to.deep.equal({ a: { [today]: 11 } });
  });

  it('does not guess what is new of a counter that shows less than was counted of it, and says so', async () => {
    const a = (calls: number): Counters => ({ a: { calls, since: TODAY + HOUR } });
    await run({ at: TODAY + 2 * HOUR, counters: a(5), settings: 'all' });
    const { days, notes } = await run({ at: TODAY + 3 * HOUR, counters: a(3), settings: 'other' });
    expect(days).to.deep.equal({ a: { [today]: 5 } });
    expect(notes).to.include('3 runs of 1 statement happened no one knows when');
  });

  it('keeps the days of a statement that was pushed out, and counts it when it comes back', async () => {
    await run({ at: TODAY, counters: { a: 10, b: 1 } });
    await run({ at: TODAY + HOUR, counters: { a: 15, b: 1 } });
    expect((await run({ at: TODAY + 2 * HOUR, counters: { b: 1 } })).days).to.deep.equal({ a: { [today]: 5 } });
    expect((await run({ at: TODAY + 3 * HOUR, counters: { a: 2 } })).days).to.deep.equal({ a: { [today]: 7 } });
  });

  it('is read once per run: another attempt finds the same, and resumes after a statement', async () => {
    await run({ at: TODAY, counters: { a: 1, b: 1 } });
    const once = await run({ at: TODAY + HOUR, run: 'x', counters: { a: 2, b: 3 } });
    const again = await run({ at: TODAY + HOUR, run: 'x', counters: { a: 50, b: 50 } });
    expect(again.days).to.deep.equal(once.days);
    const behind = await run({ at: TODAY + HOUR, run: 'x', counters: {}, after: { key: 'a' } });
    expect(behind.days).to.deep.equal({ b: { [today]: 2 } });
    expect(reads).to.equal(2);
  });

  it('counts nothing twice when two runs read it side by side, whichever is first', async () => {
    await run({ at: TODAY, counters: { a: 10 } });
    const later = await run({ at: TODAY + 2 * HOUR, run: 'later', counters: { a: 13 } });
    const earlier = await run({ at: TODAY + HOUR, run: 'earlier', counters: { a: 14 } });
    expect([later.days, earlier.days]).to.deep.equal([{ a: { [today]: 3 } }, { a: { [today]: 3 } }]);
    const next = await run({ at: TODAY + 3 * HOUR, counters: { a: 16 } });
    expect(next.days).to.deep.equal({ a: { [today]: 6 } });
  });

  it('leaves out users by the recipe without losing count of them', async () => {
    const of = (calls: number): Counters => ({ a: { calls, user: 'etl' }, b: { calls, user: 'jane' } });
    await run({ at: TODAY, counters: of(1) });
    const some = await run({ at: TODAY + HOUR, counters: of(3), excludes: ['etl'] });
    expect(some).to.deep.include({ days: { b: { [today]: 2 } }, filtered: 1 });
    expect((await run({ at: TODAY + 2 * HOUR, counters: of(4) })).days).to.deep.equal({
      a: { [today]: 3 },
      b: { [today]: 3 },
    });
  });
});
