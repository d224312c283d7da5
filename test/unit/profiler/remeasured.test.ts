import { expect } from 'chai';
import Database from 'libsql';
import { Measuring } from '../../../src/measures/index.js';
import { profileTable, resolvePlan } from '../../../src/profiler/index.js';
import type { ColumnProfile } from '../../../src/openmetadata/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import type { Cell } from '../../../src/sources/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

describe('Columns that are measured again', () => {
  const database = new Database(':memory:');
  before(() => {
    database.exec('CREATE TABLE t (near INT, huge DOUBLE, usual INT)');
    for (const at of [0, 1, 2, 5])
      database.exec(`INSERT INTO t VALUES (4611686018427387904 + ${at}, 1e300 * (${at} + 1), ${at})`);
  });
  after(() => void database.close());

  async function profiled(
    name: string,
    types: Readonly<Record<string, string>>
  ): Promise<{ profiles: readonly ColumnProfile[]; sent: readonly string[]; missing: readonly string[] }> {
    const sent: string[] = [];
    const rows = async (sql: string): Promise<Cell[][]> => {
      sent.push(sql);
      return database.prepare(sql).raw(true).safeIntegers(true).all() as Cell[][];
    };
    const facts = { table: name, isView: false };
    const record = {
      ...{ id: '1', name, fullyQualifiedName: `s.default.main.${name}`, tags: [], customMetrics: [] },
      columns: Object.entries(types).map(([name, dataType]) => ({ name, dataType, tags: [], customMetrics: [] })),
    } as unknown as Parameters<typeof resolvePlan>[0];
    const recipe = {
      source: {
        ...{ type: 'sqlite', serviceName: 's' },
        sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true } },
      },
      workflowConfig: { config: {} },
    } as unknown as ProfilerRecipe;
    const plan = resolvePlan(record, facts, {
      ...{ recipe, server: undefined, database: undefined, schema: undefined, now: 1, dialect: sqliteMeasureDialect },
    });
    const measuring = new Measuring(
      { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined },
      { signal: new AbortController().signal }
    );
    const told = { dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1 };
    const { request, missing } = await profileTable(plan, told);
    return { profiles: request.columnProfile ?? [], sent, missing: [...missing.keys()] };
  }

  it('take one statement together for aggregates and one for quartiles, those close together and multiples', async () => {
    const { profiles, sent } = await profiled('t', { near: 'BIGINT', huge: 'DOUBLE', usual: 'INT' });
    expect(sent, sent.join('\n\n')).to.have.length(4);
    const [near, huge, usual] = profiles;
    const stddev = Math.sqrt(3.5);
    expect(near?.stddev).to.be.closeTo(stddev, 1e-9);
    expect(near?.interQuartileRange).to.equal(2);
    expect(huge?.mean).to.be.closeTo(3e300, 1e286);
    expect(huge?.stddev).to.be.closeTo(stddev * 1e300, 1e286);
    expect(usual).to.include({ mean: 2, interQuartileRange: 2 });
  });

  it('have means and deviations by their size, however close together they or their quartiles lie', async () => {
    database.exec('CREATE TABLE large (apart DOUBLE, top DOUBLE, tiny DOUBLE, dense DOUBLE)');
    const [low, most] = ['-4.6647887078092056e290', '4.3603877178456456e290'];
    const middle = '-1.0825419953283137e289';
    for (const [at, apart] of [low, middle, middle, middle, most].entries())
      database.exec(
        `INSERT INTO large VALUES (${apart}, ${at === 0 ? '1.7976931348623157e308' : '1.7e308'}, 1e-290 + ${at}e-297, 1e307 + ${at}e300)`
      );
    const types = { apart: 'DOUBLE', top: 'DOUBLE', tiny: 'DOUBLE', dense: 'DOUBLE' };
    const { profiles, missing, sent } = await profiled('large', types);
    const [apart, top, tiny, dense] = profiles;
    const near = (value: unknown, expected: number): void =>
      void expect(Number(value) / expected).to.be.closeTo(1, 1e-6, String(expected));
    near(apart?.stddev, 2.854092580466109e290);
    expect(apart?.interQuartileRange).to.equal(0);
    near(top?.mean, 1.719538626972463e308);
    near(top?.stddev, 3.90772539e306);
    near(tiny?.stddev, Math.SQRT2 * 1e-297);
    near(tiny?.interQuartileRange, 2e-297);
    near(dense?.mean, 1.0000002e307);
    near(dense?.stddev, Math.SQRT2 * 1e300);
    expect(missing).to.deep.equal(['sum top']);
    expect(sent).to.have.length(4);
  });

  it('have a sum that a double holds, though it left doubles on the way', async () => {
    database.exec('CREATE TABLE both (v DOUBLE)');
    for (const v of ['1.7e308', '1.7e308', '-1.7e308', '-1.7e308', '-1.5e308'])
      database.exec(`INSERT INTO both VALUES (${v})`);
    const { profiles, missing, sent } = await profiled('both', { v: 'DOUBLE' });
    expect(Number(profiles[0]?.sum) / -1.5e308).to.be.closeTo(1, 1e-9);
    expect(Number(profiles[0]?.mean) / -3e307).to.be.closeTo(1, 1e-9);
    expect(missing).to.not.include('sum v');
    expect(sent, 'with the mean').to.have.length(3);
  });
});
