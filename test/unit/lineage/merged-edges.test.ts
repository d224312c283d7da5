import { expect } from 'chai';
import { uniteEdges } from '../../../src/lineage/fold-lines.js';
import type { EdgeLine } from '../../../src/lineage/staged-line.js';
import type { LogRecord } from '../../../src/sources/index.js';
import type { SliceAddress, StagingStore } from '../../../src/staging/index.js';
import { countsOf } from '../../../src/report/index.js';
import { recordsOf } from '../metadata/temporary-store.js';
import { EdgesLab } from './edges-lab.js';
import { LineageRun, query, type RunSettings } from './lineage-run.js';

const TABLES = 8;

/**
 * Texts over eight tables and two that the catalog does not know: edges come again with other columns, times and texts.
 */
function texts(count: number): LogRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const name = (table: number): string => (table % 11 === 0 ? `tmp_${table % 2}` : `t${table % TABLES}`);
    const column = n % 2 === 0 ? 'id' : 'x';
    const padding = 'x'.repeat(1_500);
    return query(
      `INSERT INTO ${name(n)} (${column}) SELECT ${column} AS ${padding}_${n % 97} FROM ${name(n * 3 + 1 + Math.floor(n / TABLES))} WHERE id > ${n}`,
      'shop',
      {
        startedAt: 1_000 + ((n * 7) % 50),
      }
    );
  });
}

/** The store with commits that fail once, after so many. */
function failingStore(store: StagingStore, commits: number): StagingStore {
  let left = commits;
  return {
    id: store.id,
    state: store.state,
    manifest: (address, first) => store.manifest(address, first),
    entry: (address, n, patience) => store.entry(address, n, patience),
    slices: (run, stage) => store.slices(run, stage),
    lines: (entry) => store.lines(entry),
    read: (entry) => store.read(entry),
    putDocument: (run, name, text) => store.putDocument(run, name, text),
    getDocument: (run, name) => store.getDocument(run, name),
    removeRun: (run) => store.removeRun(run),
    sweep: (age) => store.sweep(age),
    commit: (address, entry) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('the disk is gone')) : store.commit(address, entry);
    },
  };
}

describe('edges of a run', () => {
  let lab: EdgesLab;

  before(async () => {
    lab = await EdgesLab.open();
    for (let n = 0; n < TABLES; n += 1) await lab.om.add(`s.default.shop.t${n}`);
  });
  after(() => lab.close());

  const lineage = (settings?: RunSettings): LineageRun => lab.lineage(settings);

  /** Reads and parses in slices of these texts. */
  const parsed = async (parts: readonly (readonly LogRecord[])[], settings: RunSettings = {}): Promise<LineageRun> => {
    const run = lineage(settings);
    for (const [slice, part] of parts.entries()) {
      await run.read(part, String(slice));
      await run.parse(String(slice));
    }
    return run;
  };
  const parts = (all: readonly LogRecord[], count: number): LogRecord[][] =>
    Array.from({ length: count }, (_, part) => all.filter((_each, index) => index % count === part));

  for (const keepUnknown of [false, true]) {
    it(`are the same in any order of texts and slices${keepUnknown ? ', through unknown tables as well' : ''}`, async () => {
      const all = texts(300);
      const one = await parsed([all], { keepUnknown });
      await one.merge();
      const expected = await one.lines();
      expect(expected.filter((line) => line.kind === 'edge').length).to.be.above(10);
      const many = await parsed(parts([...all].reverse(), 3), { keepUnknown });
      await many.merge(['2', '0', '1'].map((slice) => many.address('parsed', slice)));
      expect(await many.lines()).to.deep.equal(expected);
    });
  }

  it('are the same in one pass and in many, in another order, and counted the same', async () => {
    const all = parts(texts(300), 4);
    const one = await parsed(all, {
      keepUnknown: true,
      filters: { tableFilterPattern: { includes: [], excludes: ['t3'] } },
    });
    await one.merge();
    const many = await parsed(all, {
      keepUnknown: true,
      linesHeld: 25,
      filters: { tableFilterPattern: { includes: [], excludes: ['t3'] } },
    });
    await many.merge();
    const sorted = async (run: LineageRun): Promise<string[]> =>
      (await run.lines()).map((line) => JSON.stringify(line)).sort();
    expect(await sorted(many)).to.deep.equal(await sorted(one));
    const counts = countsOf(await one.facts('merged'), 'source');
    expect(counts.filtered).to.be.above(0);
    expect(countsOf(await many.facts('merged'), 'source')).to.deep.equal(counts);
  });

  it('are the same when the merge breaks off at any commit and is taken up again', async () => {
    // Chunks are cut by bytes: long texts make several.
    const all = parts(texts(3_000), 2);
    const settings = {
      keepUnknown: true,
      linesHeld: 2_000,
      filters: { tableFilterPattern: { includes: [], excludes: ['t3'] } },
    };
    const run = await parsed(all, settings);
    await run.merge();
    const expected = await run.lines();
    const facts = await run.facts('merged');
    const chunks = (await lab.store.manifest(run.address('merged'))).length;
    expect(chunks).to.be.above(2);
    for (let commits = 0; commits < chunks; commits += 1) {
      const to = `merged-${commits}`;
      const broken = failingStore(lab.store, commits);
      await run.merge(undefined, broken, to).then(
        () => expect.fail('did not break'),
        (error: unknown) => expect(String(error)).to.contain('the disk is gone')
      );
      await run.merge(undefined, lab.store, to);
      expect(await run.lines(to)).to.deep.equal(expected);
      expect(await run.facts(to)).to.deep.equal(facts);
    }
  }).timeout(120_000);

  it('are the same when parsing breaks off after any chunk, which is not parsed again', async () => {
    const run = lineage();
    await run.read(texts(3_000));
    await run.parse();
    const whole = await recordsOf(lab.store, run.address('parsed'));
    expect(whole.length).to.be.above(1);
    for (let stop = 0; stop < whole.length; stop += 1) {
      const again = lineage();
      await again.read(texts(3_000));
      let left = stop;
      const broken = again.parse('0', 'log', () => {
        left -= 1;
        if (left < 0) throw new Error('the worker is gone');
      });
      await broken.then(
        () => expect.fail('did not break'),
        () => undefined
      );
      const before = await lab.store.manifest(again.address('parsed'));
      expect(before).to.have.length(stop + 1);
      await again.parse();
      expect((await lab.store.manifest(again.address('parsed'))).slice(0, stop + 1)).to.deep.equal(before);
      expect(await recordsOf(lab.store, again.address('parsed'))).to.deep.equal(whole);
    }
  }).timeout(120_000);

  it('of a log that repeats itself are read once, and every row of the log is counted once, also after a break', async () => {
    const distinct = texts(3_000);
    const log = Array.from({ length: 9_000 }, (_, n) => distinct[(n * 7) % 3_000]).filter((each) => each !== undefined);
    const run = lineage();
    await run.read(log);
    expect(countsOf(await run.facts('queries'), 'source').records).to.equal(9_000);
    expect((await recordsOf(lab.store, run.address('queries'))).flat()).to.have.length(3_000);
    const again = new LineageRun(failingStore(lab.store, 1), lab.om.client, lab.pool, {}, 'broken-store');
    await again.read(log).then(
      () => expect.fail('did not break'),
      () => undefined
    );
    const rest = new LineageRun(lab.store, lab.om.client, lab.pool, {}, again.run);
    await rest.read(log);
    expect(countsOf(await rest.facts('queries'), 'source').records).to.equal(9_000);
  }).timeout(120_000);

  it('of one text in two schemas are read for each', async () => {
    const run = lineage();
    const text = 'INSERT INTO a SELECT * FROM b';
    await run.read([query(text, 'shop'), query(text, 'mart'), query(text, 'shop')]);
    expect((await recordsOf(lab.store, run.address('queries'))).flat()).to.have.length(2);
  });

  const edge = (more: Partial<EdgeLine>): EdgeLine => ({
    kind: 'edge',
    from: { kind: 'entity', fqn: 'a', id: '1' },
    to: { kind: 'entity', fqn: 'b', id: '2' },
    columns: [],
    source: 'QueryLineage',
    ...more,
  });

  it('keep the text of the view before those of queries, then the latest', () => {
    const view = edge({ source: 'ViewLineage', sql: 'view' });
    const late = edge({ sql: 'late', startedAt: 9 });
    const early = edge({ sql: 'zzz', startedAt: 3, procedureFqn: 'p' });
    for (const order of [
      [view, late, early],
      [early, late, view],
      [late, view, early],
    ] as const) {
      expect(order.reduce(uniteEdges).sql).to.equal('view');
    }
    expect(uniteEdges(early, late)).to.deep.equal(uniteEdges(late, early));
    expect(uniteEdges(early, late).sql).to.equal('late');
  });

  it('of no slice at all are none, and the stage is complete', async () => {
    const run = lineage();
    const none: SliceAddress[] = [];
    await run.merge(none);
    expect(await run.lines()).to.deep.equal([]);
    expect((await lab.store.manifest(run.address('merged'))).at(-1)?.last).to.equal(true);
  });
});
