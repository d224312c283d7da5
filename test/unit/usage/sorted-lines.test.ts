import { expect } from 'chai';
import { z } from 'zod';
import { sortLines, type Sorted } from '../../../src/usage/sorted-lines.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

/** A thousand numbers of a hundred keys, each key many times and far apart. */
const NUMBERS = Array.from({ length: 1000 }, (_, n): [string, number] => [
  `k${String((n * 37) % 100).padStart(2, '0')}`,
  n,
]);

describe('sorted lines', () => {
  let temporary: TemporaryStore;
  let runs = 0;
  before(async () => {
    temporary = await temporaryStore();
  });
  after(() => temporary.remove());

  /**
   * @param held numbers gathered in one go
   * @param fanIn runs merged at once
   * @param spills chunks after which the attempt breaks off
   */
  function sort(run: string, held: number, fanIn: number, spills = Infinity): Promise<Sorted<number, number>> {
    let left = spills;
    return sortLines<number, number>({
      store: temporary.store,
      run: (n) => ({ run, stage: 'sorted', slice: String(n) }),
      onSpill: () => {
        left -= 1;
        if (left < 0) throw new Error('broken off');
      },
      place: z.number(),
      line: z.number(),
      unite: (one, other) => one + other,
      gather: async (after = 0) => {
        const sums = new Map<string, number>();
        for (const [key, number] of NUMBERS.slice(after, after + held)) sums.set(key, (sums.get(key) ?? 0) + number);
        const lines = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
        return { lines, behind: after + held, end: after + held >= NUMBERS.length };
      },
      fanIn,
    });
  }

  async function all(sorted: Sorted<number, number>, behind?: string): Promise<(readonly [string, number])[]> {
    const lines: (readonly [string, number])[] = [];
    for await (const line of sorted.lines(behind)) lines.push(line);
    return lines;
  }

  for (const [held, fanIn] of [
    [1000, 2],
    [300, 24],
    [70, 2],
    [70, 4],
  ] as const) {
    it(`are the same with ${held} held at once and ${fanIn} runs merged at once, and when every attempt breaks off`, async () => {
      const whole = await all(await sort('whole', 1000, 24));
      expect(whole.map(([, sum]) => sum).reduce((sum, each) => sum + each)).to.equal((1000 * 999) / 2);
      const run = `run${(runs += 1)}`;
      let sorted: Sorted<number, number> | undefined;
      for (let attempt = 0; sorted === undefined && attempt < 100; attempt += 1)
        sorted = await sort(run, held, fanIn, 1).catch(() => undefined);
      if (sorted === undefined) throw new Error('never done');
      expect(await all(sorted)).to.deep.equal(whole);
      expect(await all(sorted, 'k49')).to.deep.equal(whole.slice(50));
      expect(sorted.places).to.have.length(Math.ceil(1000 / held));
    });
  }
});
