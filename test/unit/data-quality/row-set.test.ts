import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { stagedTable } from '../../../src/data-quality/list-tests.js';
import { rowSetOf } from '../../../src/data-quality/row-set.js';
import { rowsKnown } from '../../../src/data-quality/rows-known.js';
import type { StagedTable } from '../../../src/data-quality/staged-lines.js';
import { tableUnderTestRecord } from '../../../src/openmetadata/index.js';
import type { TestSuiteConfig } from '../../../src/recipe/index.js';
import type { MeasureSession } from '../../../src/sources/index.js';
import { postgresMeasureDialect } from '../../../src/sources/postgres/measure-dialect.js';

const tableWith = (profilerConfig?: Record<string, unknown>): StagedTable => ({
  fqn: 'shop.default.main.orders',
  isView: false,
  service: 'shop',
  columns: [
    { name: 'id', dataType: 'INT', tags: [] },
    { name: 'at', dataType: 'DATETIME', tags: [] },
  ],
  primaryKey: [],
  uniqueColumns: [],
  ...(profilerConfig === undefined ? {} : { profilerConfig }),
});
const RECIPE: TestSuiteConfig = {
  type: 'TestSuite',
  profileSampleConfig: { sampleConfigType: 'STATIC', config: { profileSample: 20, profileSampleType: 'PERCENTAGE' } },
};
const dynamic = (config: Record<string, unknown>): StagedTable =>
  tableWith({ profileSampleConfig: { sampleConfigType: 'DYNAMIC', config } });
const asked = (rows: number, counted?: number): Parameters<typeof rowsKnown>[0] => ({
  source: {
    facts: async () => ({ asOf: 0, tables: new Map([['orders', { table: 'orders', isView: false, rows }]]) }),
    dialect: { from: ({ query = '' }) => `FROM (${query})` },
  },
  ...(counted === undefined ? {} : { session: async () => countingSession(counted) }),
  now: 0,
});
/** Where a connection reads one database alone: another than the table's counts nothing. */
const countingSession = (counted: number): MeasureSession => {
  const of = (database: string): MeasureSession => ({
    rows: async (sql) => (database === 'default' && sql === 'SELECT COUNT(*) FROM (SELECT 1)' ? [[counted]] : []),
    query: async () => ({ columns: [], rows: [] }),
    in: of,
    close: async () => undefined,
  });
  return of('home');
};

describe('The sample that tests see', () => {
  const sampleOf = (table: StagedTable, rows?: number): unknown =>
    rowSetOf(table, RECIPE, { now: 0, seed: 7, rows }).sample;

  it("is the table's own, else the recipe's", () => {
    const own = tableWith({ profileSampleConfig: { config: { profileSample: 50, profileSampleType: 'ROWS' } } });
    expect(sampleOf(own)).to.deep.equal({ by: 'rows', rows: 50, randomized: false, seed: 7 });
    expect(sampleOf(tableWith())).to.deep.equal({ by: 'percentage', percent: 20, seed: 7 });
    expect(sampleOf(tableWith({ profileSampleConfig: { config: { profileSample: 100 } } }))).to.equal(undefined);
  });

  it('goes by the rows of the table where it is a dynamic one', () => {
    const smart = dynamic({ smartSampling: true });
    expect([sampleOf(smart, 100_000), sampleOf(smart)]).to.deep.equal([undefined, undefined]);
    expect(sampleOf(smart, 5_000_000)).to.deep.equal({ by: 'percentage', percent: 10, seed: 7 });
    const thresholds = [
      { rowCountThreshold: 1_000, profileSample: 30, profileSampleType: 'PERCENTAGE' },
      { rowCountThreshold: 10_000, profileSample: 100, profileSampleType: 'ROWS' },
    ];
    const tiers = dynamic({ smartSampling: false, thresholds });
    expect(sampleOf(tiers, 2_000)).to.deep.equal({ by: 'percentage', percent: 30, seed: 7 });
    expect(sampleOf(tiers, 20_000)).to.deep.equal({ by: 'rows', rows: 100, randomized: false, seed: 7 });
  });

  it('is a dynamic one of the recipe too, where the table has none', () => {
    const recipe = {
      type: 'TestSuite',
      profileSampleConfig: { sampleConfigType: 'DYNAMIC', config: { smartSampling: true } },
    } as const;
    const sample = (rows: number): unknown => rowSetOf(tableWith(), recipe, { now: 0, seed: 7, rows }).sample;
    expect([sample(100_000), sample(5_000_000)]).to.deep.equal([undefined, { by: 'percentage', percent: 10, seed: 7 }]);
  });

  it('of a foreign table is taken by a hash: PostgreSQL samples the blocks of its own tables alone', () => {
    const from = (tableType: string): string => {
      const record = { id: 't', name: 'far', fullyQualifiedName: 'pg.shop.public.far', tableType };
      const table = stagedTable(tableUnderTestRecord.parse(record));
      return postgresMeasureDialect.from(rowSetOf(table, RECIPE, { now: 0, seed: 7 }), 'all');
    };
    expect(from('Regular')).to.include('TABLESAMPLE BERNOULLI (20)');
    expect(from('Foreign')).to.match(/WHERE \(hashtextextended/);
  });

  it('asks the source for rows only then', async () => {
    const { source, now } = asked(5);
    const never = { ...source, facts: () => Promise.reject(new Error('asked')) };
    expect(await rowsKnown({ source: never, now }, tableWith(), RECIPE)).to.equal(undefined);
    expect(await rowsKnown(asked(5), dynamic({ smartSampling: true }), RECIPE)).to.equal(5);
  });

  it('counts the rows of a partition or a query for it, where it may read', async () => {
    const profileSampleConfig = { sampleConfigType: 'DYNAMIC', config: { smartSampling: true } };
    const table = tableWith({ profileQuery: 'SELECT 1', profileSampleConfig });
    expect(await rowsKnown(asked(5_000_000, 11), table, RECIPE)).to.equal(11);
    expect(await rowsKnown(asked(5_000_000), table, RECIPE)).to.equal(undefined);
  });
});

describe('The partition that tests see', () => {
  const whereOf = (partitioning: Record<string, unknown>): unknown =>
    rowSetOf(tableWith({ partitioning }), RECIPE, { now: Date.UTC(2026, 2, 31), seed: 7 }).where;
  const byMonth = { partitionIntervalType: 'TIME-UNIT', partitionInterval: 1, partitionIntervalUnit: 'MONTH' };

  it('is one that is enabled, with the month before a longer one cut', () => {
    const column = { name: 'at', dataType: 'DATETIME' };
    const keys = { enablePartitioning: true, partitionColumnName: 'AT', ...byMonth };
    const back = { from: Date.UTC(2026, 2, 31), amount: 1, unit: 'MONTH' };
    const value = { time: Date.UTC(2026, 1, 28), back };
    expect(whereOf(keys)).to.deep.equal({ op: 'compare', column, is: '>=', value });
    expect(whereOf({ ...keys, enablePartitioning: false })).to.equal(undefined);
    expect(whereOf({ partitionColumnName: 'AT', ...byMonth })).to.equal(undefined);
    expect(() => whereOf({ ...keys, partitionColumnName: 'id' })).to.throw(
      PermanentError,
      'is by the times of id (INT), which has none'
    );
  });

  it('has of a numeric column numbers, as no engine shall take a text for one', () => {
    const keys = { enablePartitioning: true, partitionColumnName: 'id', partitionIntervalType: 'COLUMN-VALUE' };
    const values = [{ decimal: '1' }, 1, 0, { decimal: '2.5' }, 3, { decimal: '9007199254740993' }];
    const given = ['1', 'true', 'False', '2.5', 3, '9007199254740993'];
    const column = { name: 'id', dataType: 'INT' };
    expect(whereOf({ ...keys, partitionValues: given })).to.deep.equal({ op: 'in', column, values });
    const odd = { ...keys, partitionValues: ['1', 'x'] };
    expect(() => whereOf(odd)).to.throw(PermanentError, 'has "x" among its partitionValues, which is no number');
  });

  it('has YAML’s numbers in other bases of a numeric column', () => {
    const keys = { enablePartitioning: true, partitionColumnName: 'id', partitionIntervalType: 'COLUMN-VALUE' };
    const values = ['16', '15', '9007199254740993', '1e3', '+5'].map((decimal) => ({ decimal }));
    const given = ['0x10', '0o17', '0x20000000000001', '1e3', '+5'];
    expect(whereOf({ ...keys, partitionValues: given })).to.deep.include({ values });
    for (const odd of ['-0x10', '0b11', '0o18', '0X10', '0x'])
      expect(() => whereOf({ ...keys, partitionValues: [odd] })).to.throw(PermanentError, `has "${odd}" among`);
  });

  it('is by the server’s own clock where a column has no zone, which its words in the catalog tell', () => {
    const named = (name: string, dataTypeDisplay: string): object => ({ name, dataType: 'TIMESTAMP', dataTypeDisplay });
    const record = {
      ...{ id: 't', name: 'o', fullyQualifiedName: 'pg.shop.public.o' },
      columns: [named('own', 'timestamp without time zone'), named('zoned', 'timestamp with time zone')],
    };
    const sqlOf = (partitionColumnName: string): string => {
      const tableProfilerConfig = { partitioning: { enablePartitioning: true, partitionColumnName, ...byMonth } };
      const table = stagedTable(tableUnderTestRecord.parse({ ...record, tableProfilerConfig }));
      return postgresMeasureDialect.from(rowSetOf(table, { type: 'TestSuite' }, { now: 0, seed: 7 }), 'all');
    };
    expect(sqlOf('own')).to.include('AT TIME ZONE');
    expect(sqlOf('zoned')).to.match(/"zoned" >= '1969-12-01 00:00:00.000'/);
  });

  it('aborts them where it names a column that the table has not', () => {
    const keys = { enablePartitioning: true, partitionColumnName: 'gone', ...byMonth };
    expect(() => whereOf(keys)).to.throw(PermanentError, 'is by gone, a column that the table has not');
  });
});
