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

const text = (sql: string, uses: readonly (readonly [daysAgo: number, runs: number])[]): unknown => ({
  tables: [{ id: 'a', fqn: 's.d.m.a', uses: ['accessed'] }],
  joins: [],
  query: { text: sql },
  days: uses.map(([daysAgo, runs]) => ({
    ...{ day: dayOf(NOW) - daysAgo * DAY, runs },
    ...{ timed: 0, durationMs: 0, priced: 0, cost: 0 },
  })),
  users: [],
  newest: { at: NOW },
});

describe('The journal of a usage run', () => {
  it('says how often each table was used on each day, what became of it, and which texts made it', async () => {
    const temporary = await temporaryStore();
    const { store } = temporary;
    try {
      const parts = [used('a', 40, 3), used('a', 2, 5), used('b', 2, 1), used('c', 2, 1), used('d', 2, 7)];
      await store.commit(slice('usage'), { n: 0, lines: toLines(parts), last: true });
      const texts = [text('SELECT ?', [[2, 4]]), text('SELECT * FROM a', [[2, 1]])];
      await store.commit(slice('parsed'), { n: 0, lines: toLines(texts), last: true });
      const journal = async (): Promise<string[]> => {
        const [parsed, usage, published] = [[slice('parsed')], slice('usage'), slice('published')];
        const lines = await collected(usageJournal({ store, parsed, usage, published }));
        return lines.map(({ fqn, date, count, outcome, reason, sql, uses = [] }) =>
          uses.length > 0
            ? `${fqn} ${uses.map((use) => `${use.date} ${use.count}`).join()} by ${sql}`
            : [fqn, date, count, outcome, reason].filter((each) => each !== undefined).join(' ')
        );
      };
      expect((await journal())[1]).to.equal('s.d.m.a 2026-11-25 5 read');
      const day = (name: string, daysAgo: number, count: number, more: object): unknown => ({
        ...{ kind: 'day', fqn: `s.d.m.${name}`, day: dayOf(NOW) - daysAgo * DAY, count },
        ...more,
      });
      const lines = toLines([
        day('a', 40, 3, { outcome: 'filtered', reason: 'older than 30 days' }),
        day('a', 2, 5, { outcome: 'written' }),
        day('b', 2, 1, { outcome: 'unchanged', larger: 2 }),
        day('c', 2, 1, { outcome: 'refused', reason: 'no such table' }),
      ]);
      await store.commit(slice('published'), { n: 0, lines, position: { chunk: 0, lines: 4 }, last: false });
      expect(await journal()).to.deep.equal([
        's.d.m.a 2026-10-18 3 filtered older than 30 days',
        's.d.m.a 2026-11-25 5 written',
        's.d.m.b 2026-11-25 1 unchanged the catalog has 2, more than the log shows now',
        's.d.m.c 2026-11-25 1 refused no such table',
        's.d.m.d 2026-11-25 7 read',
        's.d.m.a 2026-11-25 4 by SELECT ?',
        's.d.m.a 2026-11-25 1 by SELECT * FROM a',
      ]);
    } finally {
      await temporary.remove();
    }
  });
});
