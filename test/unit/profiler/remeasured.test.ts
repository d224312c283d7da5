import { expect } from 'chai';
import Database from 'libsql';
import { Measuring } from '../../../src/measures/index.js';
import { profileTable, resolvePlan } from '../../../src/profiler/index.js';
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

  it('take one statement together for aggregates and one for quartiles, those close together and multiples', async () => {
    const sent: string[] = [];
    const rows = async (sql: string): Promise<Cell[][]> => {
      sent.push(sql);
      return database.prepare(sql).raw(true).safeIntegers(true).all() as Cell[][];
    };
    const facts = { table: 't', isView: false };
    const record = {
      ...{ id: '1', name: 't', fullyQualifiedName: 's.default.main.t', tags: [], customMetrics: [] },
      columns: Object.entries({ near: 'BIGINT', huge: 'DOUBLE', usual: 'INT' }).map(([name, dataType]) => ({
        ...{ name, dataType, tags: [], customMetrics: [] },
      })),
    } as unknown as Parameters<typeof resolvePlan>[0];
    const recipe = {
      source: {
        ...{ type: 'sqlite', serviceName: 's' },
        sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true } },
      },
      workflowConfig: {},
    } as unknown as ProfilerRecipe;
    const plan = resolvePlan(record, facts, {
      ...{ recipe, server: undefined, database: undefined, schema: undefined, now: 1, dialect: sqliteMeasureDialect },
    });
    const measuring = new Measuring(
      { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined },
      { signal: new AbortController().signal }
    );
    const { request } = await profileTable(plan, { dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1 });
    expect(sent, sent.join('\n\n')).to.have.length(4);
    const [near, huge, usual] = request.columnProfile ?? [];
    const stddev = Math.sqrt(3.5);
    expect(near?.stddev).to.be.closeTo(stddev, 1e-9);
    expect(near?.interQuartileRange).to.equal(2);
    expect(huge?.mean).to.be.closeTo(3e300, 1e286);
    expect(huge?.stddev).to.be.closeTo(stddev * 1e300, 1e286);
    expect(usual).to.include({ mean: 2, interQuartileRange: 2 });
  });
});
