import { expect } from 'chai';
import { NO_PART, countsOf, mergeParts, type PartReport } from '../../../src/report/index.js';
import {
  growingSlice,
  linesIn,
  listStage,
  toLines,
  transformStage,
  wholeSlices,
  type ManifestEntry,
  type StagingStore,
} from '../../../src/staging/index.js';
import { recordsOf, temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';
import { attemptOn } from './attempt-on.js';

const address = (stage: string): { run: string; stage: string; slice: string } => ({ run: 'run', stage, slice: '0' });
const LISTED = address('listed');
const MADE = address('made');

/** Five of these make a chunk. */
const record = (name: string): string => JSON.stringify({ name, filler: 'x'.repeat(100_000) });
const nameIn = (line: Buffer): string => (JSON.parse(line.toString()) as { name: string }).name;
const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);

class Killed extends Error {}

describe('The frame of a stage that lists', () => {
  let temporary: TemporaryStore;
  let store: StagingStore;

  beforeEach(async () => {
    temporary = await temporaryStore();
    store = temporary.store;
  });
  afterEach(() => temporary.remove());

  /** @param left out by the recipe @param killedAfter entries */
  const list = async (
    listed: readonly string[],
    left: readonly string[] = [],
    killedAfter = Infinity
  ): Promise<void> => {
    let entries = 0;
    const run = attemptOn(store, () => {
      entries += 1;
      if (entries === killedAfter) throw new Killed();
    });
    await listStage(run, {
      to: LISTED,
      keyOf: nameIn,
      work: async (listing) => {
        for (const name of listed) {
          if (left.includes(name)) listing.pass(() => run.recorder.count('source', { filtered: 1 }));
          else
            await listing.add(record(name), {
              key: name,
              count: () => run.recorder.count('source', { records: 1 }),
            });
        }
      },
    }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
  };
  const staged = async (): Promise<string[]> =>
    (await recordsOf(store, LISTED)).flat().map((value) => (value as { name: string }).name);
  const counted = async (): Promise<PartReport> =>
    (await store.manifest(LISTED)).reduce((part, { facts }) => mergeParts(part, facts as PartReport), NO_PART);

  it('stages the rest when the record it stopped at is gone by the next attempt', async () => {
    await list(names(12), [], 1);
    expect(await staged()).to.deep.equal(names(5));
    await list(names(12).filter((name) => name !== 'n4'));
    expect(await staged()).to.deep.equal(names(12));
    expect(countsOf(await counted(), 'source').records).to.equal(12);
  });

  it('stages what appeared before the place it stopped at', async () => {
    await list(names(7), [], 1);
    await list(['new', ...names(7)]);
    expect((await staged()).sort()).to.deep.equal(['new', ...names(7)].sort());
  });

  it('counts each record once however often it is killed, with the chunk that holds it', async () => {
    const left = ['n1', 'n6', 'n11'];
    for (let n = 0; n < 4; n += 1) await list(names(12), left, 1);
    await list(names(12), left);
    const manifest = await store.manifest(LISTED);
    for (const { facts, chunk } of manifest)
      expect(countsOf(facts as PartReport, 'source').records).to.equal(chunk?.count ?? 0);
    expect(countsOf(await counted(), 'source')).to.include({ records: 9, filtered: 3 });
    expect(manifest.at(-1)?.last).to.equal(true);
  });

  it('cuts the same chunks after a kill as without one', async () => {
    await list(names(12), [], 1);
    await list(names(12));
    const killed = (await store.manifest(LISTED)).map(({ chunk, facts }) => [chunk?.sha256, chunk?.count, facts]);
    await store.removeRun('run');
    await list(names(12));
    expect(
      (await store.manifest(LISTED)).map(({ chunk, facts }) => [chunk?.sha256, chunk?.count, facts])
    ).to.deep.equal(killed);
  });

  it('completes a slice without records, and leaves a complete one alone', async () => {
    await list([]);
    const [entry] = await store.manifest(LISTED);
    expect(entry).to.include({ n: 0, last: true }).and.not.to.have.property('chunk');
    await list(names(3));
    expect(await staged()).to.deep.equal([]);
  });

  it('resumes by the cursor of the last line where the source can, and counts what has no line with the next one', async () => {
    const read = async (killedAfter = Infinity): Promise<number | undefined> => {
      let from: number | undefined;
      let entries = 0;
      const run = attemptOn(store, () => {
        entries += 1;
        if (entries === killedAfter) throw new Killed();
      });
      await listStage(run, {
        to: LISTED,
        work: async (listing) => {
          from = listing.after === undefined ? undefined : Number(listing.after);
          for (let n = (from ?? -1) + 1; n < 14; n += 1) {
            if (n % 2 === 1) listing.pass(() => run.recorder.count('source', { filtered: 1 }));
            else
              await listing.add(record(`n${n}`), {
                cursor: n,
                count: () => run.recorder.count('source', { records: 1 }),
              });
          }
        },
      }).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      return from;
    };
    await read(1);
    expect(await read()).to.equal(8);
    expect(await staged()).to.deep.equal(['n0', 'n2', 'n4', 'n6', 'n8', 'n10', 'n12']);
    expect(countsOf(await counted(), 'source')).to.include({ records: 7, filtered: 7 });
  });
});

describe('The frame of a stage that transforms', () => {
  let temporary: TemporaryStore;
  let store: StagingStore;

  beforeEach(async () => {
    temporary = await temporaryStore();
    store = temporary.store;
    for (let n = 0; n < 3; n += 1)
      await store.commit(LISTED, { n, lines: toLines([n * 10, n * 10 + 1, n * 10 + 2]), last: n === 2 });
  });
  afterEach(() => temporary.remove());

  const transform = async (
    killedAfter = Infinity,
    from = async (): Promise<readonly (readonly ManifestEntry[])[]> => [await store.manifest(LISTED)],
    atOnce = Infinity
  ): Promise<number[]> => {
    const worked: number[] = [];
    let entries = 0;
    const run = attemptOn(store, () => {
      entries += 1;
      if (entries === killedAfter) throw new Killed();
    });
    await transformStage(run, {
      from: wholeSlices(await from(), atOnce),
      to: MADE,
      parse: (line) => Number(line.toString()),
      work: async ({ n, records }) => {
        worked.push(n);
        run.recorder.count('sink', { records: records.length });
        return { lines: toLines(records.map((value) => value + 1)), position: { sum: records.length } };
      },
    }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    return worked;
  };
  const outcome = async (): Promise<unknown[]> =>
    (await store.manifest(MADE)).map(({ n, chunk, position, facts, last }) => [
      n,
      chunk?.sha256,
      position,
      facts,
      last,
    ]);

  it('makes one entry of each chunk, with what was counted of it', async () => {
    expect(await transform()).to.deep.equal([0, 1, 2]);
    expect(await recordsOf(store, MADE)).to.deep.equal([
      [1, 2, 3],
      [11, 12, 13],
      [21, 22, 23],
    ]);
    for (const { facts } of await store.manifest(MADE))
      expect(countsOf(facts as PartReport, 'sink').records).to.equal(3);
  });

  it('resumes with the first chunk that has no entry, to the same manifest and counts', async () => {
    await transform();
    const whole = await outcome();
    await store.removeRun('run');
    for (let n = 0; n < 3; n += 1)
      await store.commit(LISTED, { n, lines: toLines([n * 10, n * 10 + 1, n * 10 + 2]), last: n === 2 });
    const worked = [await transform(1), await transform(1), await transform()].flat();
    expect(await outcome()).to.deep.equal(whole);
    // The chunk that was worked on when the attempt died is worked on again, no other.
    expect(worked.length).to.be.at.most(5);
  });

  it('hands out some lines at a time where a whole chunk would be too much to repeat', async () => {
    await transform(1, undefined, 2);
    await transform(Infinity, undefined, 2);
    expect(await recordsOf(store, MADE)).to.deep.equal([[1, 2], [3], [11, 12], [13], [21, 22], [23]]);
    expect((await store.manifest(MADE)).map(({ last }) => last)).to.deep.equal([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('ends its slice also when there is nothing to work on', async () => {
    await transform(Infinity, async () => []);
    expect((await store.manifest(MADE)).map(({ n, last }) => ({ n, last }))).to.deep.equal([{ n: 0, last: true }]);
    expect(linesIn(await store.manifest(MADE))).to.equal(0);
  });

  it('stops without an end when a chunk of a growing slice does not come in time', async () => {
    const growing = address('growing');
    await store.commit(growing, { n: 0, lines: toLines([1]), last: false });
    const run = attemptOn(store);
    const stage = {
      from: growingSlice(store, growing, { ms: 1 }),
      to: MADE,
      parse: (line: Buffer) => Number(line.toString()),
      work: async () => ({}),
    };
    expect(await transformStage(run, stage)).to.equal(false);
    await store.commit(growing, { n: 1, last: true });
    expect(await transformStage(run, stage)).to.equal(true);
    expect((await store.manifest(MADE)).map(({ last }) => last)).to.deep.equal([false, true]);
  });
});
