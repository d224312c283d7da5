import { expect } from 'chai';
import { toLines } from '../../../src/staging/index.js';
import { dayOf, usageJournal } from '../../../src/usage/index.js';
import type { KeyedPart } from '../../../src/usage/usage-part.js';
import { temporaryStore } from '../metadata/temporary-store.js';
import { collected } from '../staging/collected.js';

const NOW = Date.UTC(2026, 10, 27, 12);
const DAY = 24 * 3_600_000;
const slice = (stage: string): { run: string; stage: string; slice: string } => ({ run: 'run', stage, slice: '0' });
const used = (name: string, daysAgo: number, count: number): KeyedPart => [
  `c ${daysAgo} ${name}`,
  { kind: 'day', id: name, fqn: `s.d.m.${name}`, day: dayOf(NOW) - daysAgo * DAY, count, joins: [] },
];

describe('The journal of a usage run', () => {
  it('says how often each table was used on each day, what was sent and what was not', async () => {
    const temporary = await temporaryStore();
    const { store } = temporary;
    try {
      const parts = [used('a', 40, 3), used('a', 2, 5), used('b', 2, 1)];
      await store.commit(slice('usage'), { n: 0, lines: toLines(parts), last: true });
      const journal = async (): Promise<string[]> =>
        (await collected(usageJournal({ store, usage: slice('usage'), published: slice('published'), now: NOW }))).map(
          ({ fqn, date, count, outcome }) => `${fqn} ${date} ${count} ${outcome}`
        );
      expect((await journal())[1]).to.equal('s.d.m.a 2026-11-25 5 read');
      await store.commit(slice('published'), { n: 0, position: { chunk: 0, lines: 2, sent: [] }, last: false });
      expect(await journal()).to.deep.equal([
        's.d.m.a 2026-10-18 3 filtered',
        's.d.m.a 2026-11-25 5 written',
        's.d.m.b 2026-11-25 1 read',
      ]);
    } finally {
      await temporary.remove();
    }
  });
});
