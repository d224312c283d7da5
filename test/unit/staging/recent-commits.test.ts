import { expect } from 'chai';
import type { ManifestEntry } from '../../../src/staging/index.js';
import { RecentCommits } from '../../../src/staging/recent-commits.js';
import { linesOf } from '../metadata/temporary-store.js';

const entry = (n: number): ManifestEntry => ({ n, last: false });

describe('Recent commits', () => {
  it('give back an entry, and its lines once', () => {
    const recent = new RecentCommits();
    const added = entry(0);
    const lines = linesOf('a', 'b');
    recent.add('run/0', added, lines);
    expect(recent.entry('run/0')).to.equal(added);
    expect(recent.takeLines(added)).to.equal(lines);
    expect(recent.takeLines(added)).to.equal(undefined);
    expect(recent.entry('run/0')).to.equal(added);
    expect(recent.entry('run/1')).to.equal(undefined);
    // an entry that was read from the store, though equal, has its lines there
    expect(recent.takeLines(entry(0))).to.equal(undefined);
  });

  it('let go of the oldest first, by bytes and by number', () => {
    const recent = new RecentCommits();
    const held = (count: number): number[] =>
      [...Array(count).keys()].filter((n) => recent.entry(`run/${n}`) !== undefined);
    for (let n = 0; n < 6; n += 1) recent.add(`run/${n}`, entry(n), linesOf('x'.repeat(1024 * 1024 - 1)));
    expect(held(6)).to.deep.equal([2, 3, 4, 5]);
    // lines that were taken count no more
    const third = recent.entry('run/3');
    if (third !== undefined) recent.takeLines(third);
    recent.add('run/6', entry(6), linesOf('x'.repeat(1024 * 1024 - 1)));
    expect(held(7)).to.deep.equal([2, 3, 4, 5, 6]);
    for (let n = 7; n < 300; n += 1) recent.add(`run/${n}`, entry(n));
    expect(held(300)).to.have.length(256).and.to.include.members([44, 299]);
  });

  it('forget a run', () => {
    const recent = new RecentCommits();
    recent.add('a/0', entry(0), linesOf('x'));
    recent.add('ab/0', entry(0), linesOf('x'));
    recent.forget('a/');
    expect(recent.entry('a/0')).to.equal(undefined);
    expect(recent.entry('ab/0')).not.to.equal(undefined);
  });

  it('wake those who wait for an entry, at once when it is there, else when their time is over', async () => {
    const recent = new RecentCommits();
    const waits = [recent.wait('run/0', 60_000), recent.wait('run/0', 60_000)];
    recent.add('run/0', entry(0));
    await Promise.all([...waits, recent.wait('run/0', 60_000)]);
    await recent.wait('run/1', 5);
  });

  it('let a wait end with the reason of its signal', async () => {
    const recent = new RecentCommits();
    const aborting = new AbortController();
    const waiting = recent.wait('run/0', 60_000, aborting.signal);
    aborting.abort(new Error('cancelled'));
    for (const wait of [waiting, recent.wait('run/0', 60_000, aborting.signal)])
      expect(await wait.catch((error: unknown) => error)).to.have.property('message', 'cancelled');
  });
});
