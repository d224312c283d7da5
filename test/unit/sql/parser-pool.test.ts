import { expect } from 'chai';
import { ParserPool, type PoolQuery } from '../../../src/sql/index.js';
import { shapeOf } from './lineage-shape.js';

/** Slow on purpose: every level of every union is resolved, far beyond the deadline of the tests. */
const SLOW = `SELECT a FROM t ${'UNION SELECT a FROM t '.repeat(60_000)}`;

function harmless(count: number): PoolQuery[] {
  return Array.from({ length: count }, (_, index) => ({
    sql: `INSERT INTO t${index} SELECT a FROM s${index}`,
    dialect: 'mysql' as const,
  }));
}

describe('ParserPool', () => {
  let pool: ParserPool;

  afterEach(async () => {
    await pool.close();
  });

  it('answers in the order of the queries', async () => {
    pool = new ParserPool({ threads: 1, batchSize: 10 });
    const lineages = await pool.parseBatch(harmless(35));
    expect(lineages.map((lineage) => shapeOf(lineage).targets.join())).to.deep.equal(
      Array.from({ length: 35 }, (_, index) => `t${index}`)
    );
  });

  it('ends the thread of a text that overstays and reads the others', async () => {
    pool = new ParserPool({ threads: 1, deadlineMs: 100 });
    await pool.warmUp();
    const lineages = await pool.parseBatch([...harmless(3), { sql: SLOW, dialect: 'mysql' }, ...harmless(3)]);
    expect(lineages.map((lineage) => lineage.poisoned?.reason)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      'deadline',
      undefined,
      undefined,
      undefined,
    ]);
    expect(shapeOf(lineages[6] ?? expect.fail('no lineage')).targets).to.deep.equal(['t2']);
    expect(pool.report()).to.deep.include({ threadsEnded: 1 });
  });

  it('remembers such a text by its hash and does not try it again', async () => {
    pool = new ParserPool({ threads: 1, deadlineMs: 100 });
    await pool.warmUp();
    await pool.parseBatch([{ sql: SLOW, dialect: 'mysql' }]);
    const started = performance.now();
    const [again] = await pool.parseBatch([{ sql: SLOW, dialect: 'mysql' }]);
    expect(again?.poisoned).to.include({ reason: 'deadline', characters: SLOW.length });
    expect(again?.poisoned?.hash).to.match(/^[0-9a-f]{16}$/);
    expect(performance.now() - started).to.be.below(100);
    expect(pool.report()).to.deep.include({ threadsEnded: 1 });
  });

  it('stops when its caller does', async () => {
    pool = new ParserPool({ threads: 1 });
    await pool.warmUp();
    const abort = new AbortController();
    const running = pool.parseBatch([{ sql: SLOW, dialect: 'mysql' }], abort.signal).then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.name : 'odd')
    );
    abort.abort();
    expect(await running).to.equal('AbortError');
  });

  it('refuses more batches than may wait', async () => {
    pool = new ParserPool({ threads: 1, maxWaiting: 1 });
    const calls = [pool.parseBatch(harmless(1)), pool.parseBatch(harmless(1)), pool.parseBatch(harmless(1))].map(
      (call) =>
        call.then(
          () => 'read',
          (error: unknown) => String(error)
        )
    );
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter((outcome) => outcome === 'read')).to.have.length(2);
    expect(outcomes.find((outcome) => outcome !== 'read')).to.match(/waiting for the parser threads/);
  });

  it('reads what it was given before it closes, and refuses what comes later', async () => {
    pool = new ParserPool({ threads: 1 });
    const reading = pool.parseBatch(harmless(2));
    await pool.close();
    expect(await reading).to.have.length(2);
    const late = pool.parseBatch(harmless(1)).then(
      () => 'read',
      (error: unknown) => String(error)
    );
    expect(await late).to.match(/closed/);
  });
});
