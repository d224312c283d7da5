import { expect } from 'chai';
import { completeBefore, DAY_MS, nowDone, settingsOf, withoutDone } from '../../../src/usage/index.js';

const day = (n: number): number => Date.UTC(2026, 10, 1) + n * DAY_MS;

describe('days whose usage is done', () => {
  it('are complete when the log’s lag is over', () => {
    const [lag, hour] = [3 * 3_600_000, 3_600_000];
    expect(completeBefore(day(5) + 2 * hour, lag)).to.equal(day(4));
    expect(completeBefore(day(5) + 3 * hour, lag)).to.equal(day(5));
    expect(completeBefore(day(5) + 1, 0)).to.equal(day(5));
  });

  it('are not read again, those that were not complete are', () => {
    const range = { from: day(0), to: day(6) };
    const done = nowDone(range, day(5), undefined, 's');
    expect(done).to.deep.equal({ from: day(0), to: day(5), settings: 's' });
    expect(withoutDone({ from: day(1), to: day(7) }, done, 's')).to.deep.equal({ from: day(5), to: day(7) });
    expect(withoutDone({ from: day(1), to: day(4) }, done, 's')).to.deep.equal({ from: day(4), to: day(4) });
  });

  it('are read again by other settings, and when earlier days are wanted', () => {
    const done = { from: day(2), to: day(5), settings: 's' };
    expect(withoutDone({ from: day(2), to: day(7) }, done, 'other')).to.deep.equal({ from: day(2), to: day(7) });
    expect(withoutDone({ from: day(1), to: day(7) }, done, 's')).to.deep.equal({ from: day(1), to: day(7) });
    const connection = { type: 'Mysql' };
    const options = { resultLimit: 0, users: { includes: [], excludes: [] } };
    expect(settingsOf(options, connection)).to.equal(settingsOf({ ...options }, { ...connection }));
    expect(settingsOf({ ...options, resultLimit: 5 }, connection)).not.to.equal(settingsOf(options, connection));
  });

  it('go on from those of the run before, but not over a gap, and not beyond what is complete', () => {
    const before = { from: day(0), to: day(5), settings: 's' };
    expect(nowDone({ from: day(4), to: day(8) }, day(7), before, 's')).to.deep.equal({ ...before, to: day(7) });
    const gap = { from: day(6), to: day(9) };
    expect(nowDone(gap, day(8), before, 's')).to.deep.equal({ from: day(6), to: day(8), settings: 's' });
    expect(nowDone({ from: day(7), to: day(8) }, day(7), undefined, 's')).to.equal(undefined);
  });
});
