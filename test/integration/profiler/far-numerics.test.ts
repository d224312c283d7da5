import { expect } from 'chai';
import type { ColumnProfile } from '../../../src/openmetadata/index.js';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { planOfColumn, profiledOn } from './profiled-column.js';

const BEYOND = 'beyond what OpenMetadata holds, a double';
const METRICS = ['valuesCount', 'min', 'max', 'mean', 'sum', 'stddev', 'median', 'nonParametricSkew', 'histogram'];

describe('Numbers of PostgreSQL beyond the ends of doubles', () => {
  let engine: Engine;
  before(async function () {
    if (!ENGINES.postgres.available()) this.skip();
    this.timeout(180_000);
    engine = await ENGINES.postgres.start();
  });
  after(() => engine?.stop());

  const profiled = async (
    table: string,
    values: readonly string[],
    metrics = METRICS
  ): Promise<{ readonly profile: Partial<ColumnProfile>; readonly lines: readonly string[] }> => {
    const path = engine.source.dialect.tablePath(engine.ref(table));
    await engine.run(`CREATE TABLE ${path} (x NUMERIC)`);
    await engine.run(`INSERT INTO ${path} VALUES ${values.map((each) => `(${each})`).join(', ')}`);
    const plan = planOfColumn(engine, table, { name: 'x', dataType: 'NUMERIC' }, metrics);
    const found = await profiledOn(engine, plan);
    return { profile: found.request.columnProfile?.[0] ?? {}, lines: describeProblems(plan, found.missing) };
  };

  it('have no histogram if one of them is above the largest, and the report says so', async () => {
    const values = ['1', '1.7976931348623157e308', '1.7976931348623159e308'];
    const { profile, lines } = await profiled('edge', values);
    expect(profile).to.include({ valuesCount: 3, min: 1, median: 1.7976931348623157e308 });
    expect(profile).to.not.have.any.keys('max', 'sum', 'histogram');
    expect(lines).to.deep.equal([`column x has no max, sum, histogram: ${BEYOND}`]);
    expect(
      (
        await profiled(
          'least',
          values.map((each) => `-${each}`),
          ['min', 'max']
        )
      ).lines
    ).to.deep.equal([`column x has no min: ${BEYOND}`]);
    expect((await profiled('all', ['1e400', '2e400'], ['min', 'max'])).lines).to.deep.equal([
      `column x has no values: ${BEYOND}`,
    ]);
  });

  it('have no skew if they differ by less than the smallest, and the report says so', async () => {
    const { profile, lines } = await profiled('small', ['1e-400', '2e-400', '3e-400', '5e-400', '8e-400']);
    expect(profile).to.include({ min: 0, max: 0, mean: 0, stddev: 0 });
    expect(profile.histogram?.frequencies).to.deep.equal([3, 2]);
    expect(lines).to.deep.equal([
      'column x has no nonParametricSkew: its values lie closer together than a double tells',
    ]);
    expect((await profiled('same', ['1e-400', '1e-400'])).lines).to.deep.equal([]);
    expect((await profiled('skew', ['1e-400', '2e-400'], ['nonParametricSkew', 'distinctCount'])).lines).to.have.length(
      1
    );
  });
});
