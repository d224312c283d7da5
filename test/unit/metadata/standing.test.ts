import { expect } from 'chai';
import {
  nextStanding,
  standingAfterEarlyEnd,
  standingOfLabel,
  standingOfRuns,
  type Standing,
} from '../../../src/metadata/index.js';
import { PartRecorder, type PartReport } from '../../../src/report/index.js';

interface Night {
  readonly seen: number;
  readonly marked: number;
  /** The guard held something back. */
  readonly held?: boolean;
  /** An incremental run. */
  readonly part?: boolean;
}

function partOf({ seen, held }: Night): PartReport {
  const recorder = new PartRecorder();
  recorder.count('sink', { records: 1, unchanged: seen - 1 });
  if (held === true) recorder.questioned('*');
  return recorder.take();
}

/** What remains after several nights in a row, of a service that had 100 entities in the catalog. */
function after(...nights: readonly Night[]): Pick<Standing, 'stood' | 'marked'> {
  let standing: Standing | undefined;
  for (const night of nights) {
    standing = nextStanding(standing, {
      service: 'shop',
      part: partOf(night),
      rights: undefined,
      deletions: { stood: standing?.stood ?? 100, before: standing?.marked ?? 0, marked: night.marked },
      whole: night.part !== true,
    });
  }
  return { stood: standing?.stood ?? 0, marked: standing?.marked ?? 0 };
}

describe('What a run leaves to the next one', () => {
  for (const [name, nights, expected] of [
    ['is what it saw, when nothing was held back', [{ seen: 80, marked: 20 }], { stood: 80, marked: 0 }],
    [
      'is what stood before it and what it marked, when something was held back',
      [{ seen: 40, marked: 20, held: true }],
      { stood: 100, marked: 20 },
    ],
    [
      'adds up over nights on which something was held back',
      [
        { seen: 90, marked: 0 },
        { seen: 40, marked: 10, held: true },
        { seen: 40, marked: 8, held: true },
      ],
      { stood: 90, marked: 18 },
    ],
    [
      'begins anew with the first night on which nothing is',
      [
        { seen: 40, marked: 10, held: true },
        { seen: 90, marked: 0 },
      ],
      { stood: 90, marked: 0 },
    ],
    [
      'is not what an incremental run saw, which adds what it marked',
      [
        { seen: 90, marked: 0 },
        { seen: 3, marked: 2, part: true },
        { seen: 1, marked: 1, part: true },
      ],
      { stood: 90, marked: 3 },
    ],
  ] as const)
    it(name, () => expect(after(...nights)).to.deep.equal(expected));

  it('counts what another run marked while this one was under way', () => {
    const deletions = { stood: 100, before: 10, marked: 5 };
    const run = { service: 'shop', part: partOf({ seen: 40, marked: 5, held: true }), rights: undefined, whole: true };
    const earlier = { stood: 100, marked: 0, rights: {} };
    expect(nextStanding(earlier, { ...run, deletions })).to.deep.equal({ stood: 100, marked: 15, rights: {} });
  });

  it('is what stood before it and what it marked, when it did not reach its end', () => {
    const rights = { scope: 'right' };
    const deletions = { stood: 100, before: 3, marked: 5 };
    const left = { stood: 100, marked: 8, rights };
    expect(standingAfterEarlyEnd({ stood: 100, marked: 3, rights }, undefined, deletions)).to.deep.equal(left);
    expect(standingAfterEarlyEnd(undefined, undefined, { ...deletions, before: 0 })).to.include({
      stood: 100,
      marked: 5,
    });
  });
});

describe('What a run leaves under another label', () => {
  const whole = { service: 'shop', rights: undefined, deletions: undefined, whole: true };
  const night = (earlier: Standing | undefined, label: string | undefined, seen: number): Standing =>
    nextStanding(earlier, { ...whole, label, part: partOf({ seen, marked: 0 }) });

  it('keeps what stood under the first one, with its rights, until that is back', () => {
    const first = { ...night(undefined, 'A', 42), rights: { scope: 'right' }, marked: 4 };
    const other = night(first, 'B', 3);
    expect(other).to.include({ stood: 3, marked: 0, label: 'B' });
    expect(standingOfLabel(other, 'A')).to.deep.equal(first);
    expect(standingOfLabel(other, 'C')).to.equal(undefined);
    const deletions = { stood: 42, before: 4, marked: 2 };
    const back = standingAfterEarlyEnd(other, 'A', deletions);
    expect(back).to.include({ stood: 42, marked: 6, label: 'A' });
    expect(back.rights).to.deep.equal({ scope: 'right' });
    expect(standingOfLabel(back, 'B')).to.include({ stood: 3 });
  });

  it('is one with what several databases left', () =>
    expect(standingOfLabel(night(undefined, undefined, 42), 'A')).to.include({ stood: 42 }));

  it('has room for eight, and for as many rights as the status has', () => {
    const rights = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`scope${n}`, 'x'.repeat(8)]));
    let standing: Standing | undefined;
    for (let n = 0; n < 20; n += 1) standing = { ...night(standing, `label${n}`, n + 1), rights };
    const last = night(standing, 'last', 1);
    expect(last.others?.map(({ stood }) => stood)).to.deep.equal([20, 19, 18, 17, 16, 15, 14, 13]);
    expect(Buffer.byteLength(JSON.stringify(last))).to.be.lessThan(7_000);
  });
});

describe('What stands by the other runs of a pipeline', () => {
  const run = (startedAt: number, endedAt: number | undefined, marked: number, own?: number) => ({
    ...{ startedAt, endedAt },
    standing: { stood: 100, marked, rights: {}, ...(own === undefined ? {} : { own }) },
  });
  const marked = (...runs: ReturnType<typeof run>[]): readonly [number | undefined, number] => {
    const { settled, beside } = standingOfRuns(runs);
    return [settled?.marked, beside];
  };

  it('is what the last one left that has ended', () =>
    expect(marked(run(5, 6, 3), run(1, 2, 9))).to.deep.equal([3, 0]));

  it('is what one left that began before the last one and ended after it began, when that counts more', () => {
    expect(marked(run(5, 6, 3), run(1, 6, 9))).to.deep.equal([9, 0]);
    expect(marked(run(5, 9, 9), run(1, 6, 3))).to.deep.equal([9, 0]);
  });

  it('and besides it what all those are to mark that are under way', () => {
    expect(marked(run(7, undefined, 8, 5), run(5, 6, 3), run(4, undefined, 4, 4))).to.deep.equal([3, 9]);
    expect(marked(run(7, undefined, 8, 5))).to.deep.equal([3, 5]);
  });

  it('is unknown when no run left anything', () => expect(marked()).to.deep.equal([undefined, 0]));
});
