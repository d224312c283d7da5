import { expect } from 'chai';
import Database from 'libsql';
import { compileMeasures, Measuring } from '../../../src/measures/index.js';
import type { ColumnProfile } from '../../../src/openmetadata/index.js';
import { composeColumn } from '../../../src/profiler/compose-column.js';
import { profileTable } from '../../../src/profiler/index.js';
import { profileAsks } from '../../../src/profiler/profile-asks.js';
import type { ColumnPlan, TablePlan } from '../../../src/profiler/table-plan.js';
import type { Cell } from '../../../src/sources/index.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';
import { snowflakeMeasureDialect } from '../../../src/sources/snowflake/measure-dialect.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

const COLUMNS = [
  ['N', 'INT', 'number'],
  ['M', 'INT', 'number'],
  ['W', 'VARCHAR', 'text'],
] as const;

function planOf(metrics: readonly string[], more: Partial<TablePlan> = {}): TablePlan {
  return {
    ...{ id: '1', fqn: 's.d.m.t', tableMetrics: ['rowCount'], customMetrics: [] },
    rows: { table: { database: 'default', schema: 'main', table: 't' }, isView: false },
    columns: COLUMNS.map(([name, dataType, kind]) => ({
      ...{ column: { name, dataType }, catalogName: name, kind, customMetrics: [] },
      metrics: metrics.filter((metric) => metric !== (kind === 'text' ? 'histogram' : 'cardinalityDistribution')),
    })),
    ...{ approximatePercentiles: false, approximateDistinct: false, movesWithTime: false },
    ...more,
  };
}

describe('Counts of a column that come from statements with other rows', () => {
  function composed(values: Readonly<Record<string, number>>): ColumnProfile {
    const metrics = [
      ...['valuesCount', 'nullCount', 'nullProportion', 'distinctCount', 'distinctProportion'],
      ...['uniqueCount', 'uniqueProportion', 'duplicateCount'],
    ];
    const [column] = planOf(metrics).columns as [ColumnPlan];
    const named = Object.entries(values).map(([key, value]) => [key === 'rows' ? key : `${key} N`, value] as const);
    return composeColumn(column, new Map(named), 1);
  }

  it('do not contradict each other: no more distinct values than values, no proportion above 1', () => {
    expect(composed({ rows: 5000, values: 5000, distinct: 5116 })).to.deep.include({
      ...{ distinctCount: 5000, distinctProportion: 1, duplicateCount: 0 },
    });
    expect(composed({ rows: 5000, values: 5000, distinct: 5008, unique: 5007 })).to.deep.include({
      ...{ distinctCount: 5000, distinctProportion: 1, uniqueCount: 5000, uniqueProportion: 1, duplicateCount: 0 },
    });
    expect(composed({ rows: 5000, values: 5000, distinct: 4865, unique: 5000 })).to.deep.include({
      ...{ distinctCount: 5000, duplicateCount: 0 },
    });
    expect(composed({ rows: 90, values: 100, distinct: 7, unique: 2 })).to.deep.include({
      ...{ nullCount: 0, nullProportion: 0, distinctProportion: 0.07, uniqueProportion: 0.02 },
    });
  });

  it('are not estimated where the values are counted one by one anyway', () => {
    const sql = (metrics: readonly string[]): string => {
      const plan = planOf(metrics, { approximateDistinct: true });
      const { statements } = compileMeasures(snowflakeMeasureDialect, plan.rows, profileAsks(plan));
      return statements.map((each) => each.sql).join();
    };
    expect(sql(['distinctCount'])).to.contain('APPROX_COUNT_DISTINCT');
    expect(sql(['distinctCount', 'uniqueCount']))
      .to.contain('COUNT(v) AS d')
      .and.not.contain('APPROX_COUNT_DISTINCT');
  });

  /** Before the statements of histograms and categories the table loses rows. */
  async function profiled(
    metrics: readonly string[],
    mostExpressions = sqliteMeasureDialect.mostExpressions,
    estimate?: number
  ): Promise<{ columns: readonly ColumnProfile[]; ofBins: readonly string[] }> {
    const database = new Database(':memory:');
    const ofBins: string[] = [];
    try {
      database.exec('CREATE TABLE t (N INT, M INT, W TEXT)');
      const insert = database.prepare('INSERT INTO t VALUES (?, ?, ?)');
      for (let at = 0; at < 700; at += 1) insert.run(at % 20, at % 30, `w${at % 7}`);
      let isFirst = true;
      const rows = async (sql: string): Promise<Cell[][]> => {
        if (sql.includes('>= -1.79')) ofBins.push(sql);
        if (isFirst && (sql.includes('>= -1.79') || sql.includes(' AS f'))) {
          database.exec('DELETE FROM t WHERE rowid % 7 < 3');
          isFirst = false;
        }
        return database.prepare(sql).raw(true).all() as Cell[][];
      };
      const measuring = new Measuring(
        { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined },
        { signal: new AbortController().signal }
      );
      const dialect = {
        ...{ ...sqliteMeasureDialect, mostExpressions },
        ...(estimate === undefined
          ? {}
          : {
              placement: () => 'aggregate' as const,
              expression: (measure: Parameters<typeof sqliteMeasureDialect.expression>[0]) =>
                measure.of === 'distinct' ? String(estimate) : sqliteMeasureDialect.expression(measure),
            }),
      };
      const plan = planOf(metrics, { approximateDistinct: estimate !== undefined });
      const facts = { table: 't', isView: false };
      const { request } = await profileTable(plan, { dialect, measuring, facts, timestamp: 1 });
      return { columns: request.columnProfile ?? [], ofBins };
    } finally {
      database.close();
    }
  }

  it('have no other category than the values that there are, and shares of all of them', async () => {
    const { columns } = await profiled(['valuesCount', 'distinctCount', 'uniqueCount', 'cardinalityDistribution']);
    expect(columns[2]?.valuesCount).to.equal(700);
    expect(columns[2]?.cardinalityDistribution).to.deep.equal({
      ...{ categories: ['w2', 'w3', 'w4', 'w5'], counts: [100, 100, 100, 100], percentages: [25, 25, 25, 25] },
    });
  });

  it('have histograms whose frequencies are of the same rows, in one statement a column', async () => {
    const { columns, ofBins } = await profiled(['valuesCount', 'histogram']);
    for (const { histogram } of columns.slice(0, 2))
      expect(histogram?.frequencies.reduce((sum, each) => sum + each, 0)).to.equal(400);
    expect(ofBins).to.have.length(1);
    const wide = await profiled(['valuesCount', 'histogram'], 12);
    expect(wide.ofBins.map((sql) => /"[NM]"/g.exec(sql)?.[0])).to.deep.equal(['"N"', '"M"']);
    expect(wide.columns.map(({ histogram }) => histogram)).to.deep.equal(columns.map(({ histogram }) => histogram));
  });

  it('are not all called unique for an estimate', async () => {
    const { columns } = await profiled(['valuesCount', 'distinctCount', 'cardinalityDistribution'], 1_000, 700);
    expect(columns[2]?.cardinalityDistribution?.categories).to.deep.equal(['w2', 'w3', 'w4', 'w5']);
  });

  it('are taken as they are where the engine has no window functions', () => {
    const of = (major: number): string =>
      mysqlMeasureDialect({ flavour: 'MySQL', major, minor: 0, patch: 0 } as never).topValuesSelect(
        { index: 0, column: { name: 'W', dataType: 'VARCHAR' }, characters: 257, limit: 5 },
        'FROM t'
      );
    expect(of(5)).not.to.contain('OVER');
    expect(of(8)).to.contain('OVER');
  });
});
