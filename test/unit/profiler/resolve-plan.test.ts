import { expect } from 'chai';
import { postgresMeasureDialect } from '../../../src/sources/postgres/measure-dialect.js';
import { RecordError } from '../../../src/errors/index.js';
import { momentBefore } from '../../../src/measures/index.js';
import {
  planHash,
  planUnits,
  resolvePlan,
  withAges,
  type ListedTable,
  type PlanSettings,
} from '../../../src/profiler/index.js';
import { isUnchanged, remember } from '../../../src/profiler/remembered.js';
import { sampledByCount } from '../../../src/profiler/sample-by-count.js';
import { serverFilter } from '../../../src/profiler/table-filter.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import { wholeCountSql } from '../../../src/profiler/whole-count.js';
import { readRecipe, type ProfilerRecipe } from '../../../src/recipe/index.js';

const NOW = Date.UTC(2026, 2, 31, 12);

function recipeOf(config = '', processor = '', own = ''): ProfilerRecipe {
  const text = `source:
  type: mysql
  serviceName: s
  serviceConnection: {config: {username: u, hostPort: 'h:1'}}
  sourceConfig: {config: {type: Profiler${config}}}
processor: {type: orm-profiler${processor}}
workflowConfig:
  config: {profiler: {skipUnchanged: true${own}}}
  openMetadataServerConfig: {hostPort: 'http://h/api', authProvider: openmetadata, securityConfig: {jwtToken: '\${T}'}}
`;
  const { recipe } = readRecipe({ text, origin: 'recipe.yaml' }, { environment: { T: 't' } });
  if (recipe.kind !== 'profiler') throw new Error(`a ${recipe.kind} recipe`);
  return recipe;
}

const TABLE = {
  id: '1',
  name: 't',
  fullyQualifiedName: 's.d.m.t',
  tableType: undefined,
  tags: [],
  customMetrics: [],
  tableProfilerConfig: undefined,
  usageSummary: undefined,
  columns: [
    { name: 'id', dataType: 'INT', tags: [], customMetrics: [] },
    { name: 'mail', dataType: 'VARCHAR', tags: [{ tagFQN: 'PII.Sensitive' }], customMetrics: [] },
    { name: 'day', dataType: 'DATE', tags: [], customMetrics: [] },
    { name: 'doc', dataType: 'JSON', tags: [], customMetrics: [] },
  ],
} as unknown as Parameters<typeof resolvePlan>[0];

const settings = (recipe: ProfilerRecipe, more: Partial<PlanSettings> = {}): PlanSettings => ({
  recipe,
  server: undefined,
  database: undefined,
  schema: undefined,
  now: NOW,
  dialect: { backslashIn: '' },
  ...more,
});
const plan = (recipe: ProfilerRecipe, stored: object = {}, more: Partial<PlanSettings> = {}, rows?: number) =>
  resolvePlan(
    { ...TABLE, ...stored },
    rows === undefined ? undefined : { table: 't', isView: false, rows },
    settings(recipe, more)
  );

describe('The plan of a table', () => {
  it('takes the sample of the first level that has one', () => {
    const own = recipeOf(
      ', profileSampleConfig: {sampleConfigType: STATIC, config: {profileSample: 10}}',
      ', config: {tableConfig: [{fullyQualifiedName: s.d.m.t, profileSample: 50}], schemaConfig: [{fullyQualifiedName: s.d.other, profileSample: 1}]}'
    );
    expect(plan(own).profileSample).to.equal(50);
    const plain = recipeOf(', profileSampleConfig: {sampleConfigType: STATIC, config: {profileSample: 10}}');
    const stored = {
      tableProfilerConfig: { profileSampleConfig: { sampleConfigType: 'STATIC', config: { profileSample: 30 } } },
    };
    expect(plan(plain, stored).profileSample).to.equal(30);
    const schema = { profileSample: 20 } as unknown as NonNullable<PlanSettings['schema']>;
    expect(plan(plain, {}, { schema }).profileSample).to.equal(20);
    expect(plan(plain).profileSample).to.equal(10);
    expect(plan(recipeOf()).rows.sample).to.equal(undefined);
  });

  it('takes the tier of a dynamic sample by the rows that the catalogue knows', () => {
    const smart = recipeOf(', profileSampleConfig: {sampleConfigType: DYNAMIC, config: {smartSampling: true}}');
    const percents = [undefined, 100_000, 100_001, 5e6, 5e7, 5e8, 5e9].map(
      (rows) => plan(smart, {}, {}, rows).profileSample
    );
    expect(percents).to.deep.equal([undefined, undefined, 50, 10, 5, 1, 0.1]);
    const tiers = recipeOf(
      ', profileSampleConfig: {sampleConfigType: DYNAMIC, config: {smartSampling: false, thresholds: [{rowCountThreshold: 100, profileSample: 7}, {rowCountThreshold: 10, profileSample: 9, profileSampleType: ROWS}]}}'
    );
    expect([5, 50, 500].map((rows) => plan(tiers, {}, {}, rows).profileSample)).to.deep.equal([undefined, 9, 7]);
  });

  it('tells of a dynamic sample without known rows, of a view where it was written for that', () => {
    const sample = 'profileSampleConfig: {sampleConfigType: DYNAMIC, config: {smartSampling: true}}';
    const view = { tableType: 'View' };
    const ofAll = recipeOf(`, ${sample}`);
    expect(plan(ofAll).unsized).to.equal(true);
    expect(plan(ofAll, { tableType: 'Foreign' }).unsized).to.equal(true);
    for (const tableType of ['View', 'MaterializedView'])
      expect(plan(ofAll, { tableType }).unsized, tableType).to.equal(undefined);
    const own = recipeOf('', `, config: {tableConfig: [{fullyQualifiedName: s.d.m.t, ${sample}}]}`);
    expect(plan(own, view).unsized).to.equal(true);
    const stored = { profileSampleConfig: { sampleConfigType: 'DYNAMIC', config: { smartSampling: true } } };
    expect(plan(ofAll, { ...view, tableProfilerConfig: stored }).unsized).to.equal(true);
  });

  it('takes the tier of a dynamic sample of a partition or a query by its own rows, which it counts once', async () => {
    const tiers = recipeOf(
      ', profileSampleConfig: {sampleConfigType: DYNAMIC, config: {smartSampling: false, thresholds: [{rowCountThreshold: 100, profileSample: 7}]}}'
    );
    const dialect = { from: () => 'FROM part' };
    for (const stored of [
      { profileQuery: 'SELECT 1 AS id' },
      {
        partitioning: {
          ...{ enablePartitioning: true, partitionColumnName: 'id', partitionIntervalType: 'COLUMN-VALUE' },
          partitionValues: [1],
        },
      },
    ]) {
      const planned = plan(tiers, { tableProfilerConfig: stored }, {}, 5_000);
      expect(planned.rows.sample).to.equal(undefined);
      const sent: string[] = [];
      const chosen = async (rows: number): Promise<TablePlan> =>
        sampledByCount(planned, dialect, {
          rows: async (sql) => {
            sent.push(sql);
            return [[rows]];
          },
        });
      expect((await chosen(11)).rows.sample).to.equal(undefined);
      const many = await chosen(100);
      expect(many.rows.sample).to.include({ by: 'percentage', percent: 7 });
      expect(many).to.include({ profileSample: 7, profileSampleType: 'PERCENTAGE', counted: 100 });
      expect(wholeCountSql(many, dialect, undefined), 'a second count').to.equal(undefined);
      expect(sent).to.deep.equal(['SELECT COUNT(*) FROM part', 'SELECT COUNT(*) FROM part']);
      const later = plan(tiers, { tableProfilerConfig: stored }, { now: 1 }, 5_000);
      expect(planHash(later), 'another seed').to.equal(planHash(planned));
    }
  });

  it('looks at what is stored of partition and query only where the recipe has no entry', () => {
    const stored = {
      tableProfilerConfig: {
        profileQuery: 'SELECT 1 AS id',
        partitioning: {
          enablePartitioning: true,
          partitionColumnName: 'id',
          partitionIntervalType: 'INTEGER-RANGE',
          partitionIntegerRangeStart: 1,
          partitionIntegerRangeEnd: 5,
        },
      },
    };
    expect(plan(recipeOf(), stored).rows).to.have.keys('table', 'isView', 'query', 'where');
    const entry = recipeOf('', ', config: {schemaConfig: [{fullyQualifiedName: s.d.m, profileSample: 50}]}');
    expect(plan(entry, stored).rows).to.have.keys('table', 'isView', 'sample');
  });

  it('keeps to a partition of the recipe unless it is switched off there', () => {
    const partitioned = (enabled: string): object =>
      plan(
        recipeOf(
          '',
          `, config: {tableConfig: [{fullyQualifiedName: s.d.m.t, partitionConfig: {${enabled}partitionColumnName: id, partitionIntervalType: COLUMN-VALUE, partitionValues: [1]}}]}`
        )
      ).rows;
    expect(partitioned('')).to.have.property('where');
    expect(partitioned('enablePartitioning: true, ')).to.have.property('where');
    expect(partitioned('enablePartitioning: false, ')).not.to.have.property('where');
  });

  it('counts windows in time back from the time of the run, by the calendar', () => {
    expect(new Date(momentBefore(NOW, 1, 'MONTH').time).toISOString()).to.equal('2026-02-28T12:00:00.000Z');
    expect(new Date(momentBefore(NOW, 2, 'YEAR').time).toISOString()).to.equal('2024-03-31T12:00:00.000Z');
    expect(new Date(momentBefore(NOW, 36, 'HOUR').time).toISOString()).to.equal('2026-03-30T00:00:00.000Z');
    expect(momentBefore(NOW, 1.5, 'DAY'), 'engines round that').to.deep.equal({ time: NOW - 36 * 3_600_000 });
    expect(momentBefore(NOW, 1500, 'YEAR'), 'they have no such times').to.not.have.property('back');
    const window = recipeOf(
      '',
      ', config: {tableConfig: [{fullyQualifiedName: s.d.m.t, partitionConfig: {enablePartitioning: true, partitionColumnName: DAY, partitionIntervalType: TIME-UNIT, partitionInterval: 3, partitionIntervalUnit: DAY}}]}'
    );
    const made = plan(window);
    expect(made.rows.where).to.deep.equal({
      op: 'compare',
      column: { name: 'day', dataType: 'DATE' },
      is: '>=',
      value: { time: NOW - 3 * 86_400_000, back: { from: NOW, amount: 3, unit: 'DAY' } },
    });
    expect(made.movesWithTime).to.equal(true);
  });

  it('refuses a query that writes, and a partition by a column that is not there', () => {
    const entry = (keys: string) => recipeOf('', `, config: {tableConfig: [{fullyQualifiedName: s.d.m.t, ${keys}}]}`);
    const stored = { tableProfilerConfig: { profileQuery: 'DELETE FROM t' } };
    expect(() => plan(recipeOf(), stored)).to.throw(RecordError, 'only reads');
    const query = (sql: string) => ({ tableProfilerConfig: { profileQuery: sql } });
    const path = query(String.raw`SELECT 'C:\' AS a; DELETE FROM t`);
    expect(() => plan(recipeOf(), path), 'a backslash ends no quote here').to.throw(
      RecordError,
      'more than one statement'
    );
    expect(() => plan(recipeOf(), query(String.raw`SELECT 'C:\' AS a, ';' AS b`))).not.to.throw();
    const gone =
      'partitionConfig: {enablePartitioning: true, partitionColumnName: x, partitionIntervalType: COLUMN-VALUE, partitionValues: [1]}';
    expect(() => plan(entry(gone))).to.throw(RecordError, 'a column that the table has not');
  });

  it('finds columns of the configuration by their names in OpenMetadata and in the source', () => {
    const column = { name: 'a__reserved__quote__b', dataType: 'INT', tags: [], customMetrics: [] };
    for (const name of ['a"b', 'a__reserved__quote__b']) {
      const stored = { columns: [...TABLE.columns, column], tableProfilerConfig: { excludeColumns: [name] } };
      const metrics = plan(recipeOf(), stored).columns.map((each) => each.metrics.length > 0);
      expect(metrics).to.deep.equal([true, true, true, true, false]);
      const included = { columns: stored.columns, tableProfilerConfig: { includeColumns: [{ columnName: name }] } };
      const only = plan(recipeOf(), included).columns.filter((each) => each.metrics.length > 0);
      expect(only.map((each) => each.column.name)).to.deep.equal(['a"b']);
    }
  });

  it('has the values of a partition as its column has them, and takes no word for a number', () => {
    const columns = ['TINYINT', 'BOOLEAN', 'DECIMAL', 'VARCHAR', 'BIT'].map((dataType) => ({
      ...{ name: `${dataType}__reserved__quote__`, dataType, tags: [], customMetrics: [] },
    }));
    let dialect: PlanSettings['dialect'] = { backslashIn: '' };
    const whereOf = (partitionColumnName: string, ...partitionValues: unknown[]): unknown => {
      const partitioning = { enablePartitioning: true, partitionIntervalType: 'COLUMN-VALUE' };
      const tableProfilerConfig = { partitioning: { ...partitioning, partitionColumnName, partitionValues } };
      const { where } = plan(recipeOf(), { columns, tableProfilerConfig }, { dialect }).rows;
      return where?.op === 'in' ? where.values : where;
    };
    expect(whereOf('TINYINT"', 'true', '0', 2)).to.deep.equal([1, { decimal: '0' }, 2]);
    expect(whereOf('BOOLEAN__reserved__quote__', 'true', false, '0')).to.deep.equal([true, 'true', false, '0']);
    const long = '12345678901234567890.5';
    expect(whereOf('DECIMAL"', long, '7')).to.deep.equal([{ decimal: long }, { decimal: '7' }]);
    expect(whereOf('VARCHAR"', 'true', '7')).to.deep.equal(['true', '7']);
    expect(() => whereOf('DECIMAL"', 'x')).to.throw(
      RecordError,
      'has "x" among its partitionValues, which is no number'
    );
    expect(whereOf('BIT"', 'true', '1', '5')).to.deep.equal([1, { decimal: '1' }, { decimal: '5' }]);
    expect(() => whereOf('BIT"', 'x')).to.throw(RecordError, 'which is no number');
    dialect = { ...dialect, hasNonFinite: () => true };
    expect(whereOf('DECIMAL"', 'NaN', '-Infinity')).to.deep.equal(['NaN', '-Infinity']);
    expect(() => whereOf('DECIMAL"', 'x')).to.throw(RecordError, 'which is no number');
    dialect = { ...dialect, isUntyped: true };
    expect(whereOf('DECIMAL"', 'x')).to.deep.equal(['x']);
    dialect = postgresMeasureDialect;
    expect(whereOf('BIT"', '001', 'B101', 'x1F')).to.deep.equal(['001', 'B101', 'x1F']);
    expect(() => whereOf('BIT"', 101)).to.throw(
      RecordError,
      '101 among its partitionValues, which BIT" (BIT) can\'t have'
    );
    expect(whereOf('BOOLEAN"', 'Tru', ' off ', 1, false)).to.deep.equal([true, false, true, false]);
    expect(() => whereOf('BOOLEAN"', 'o')).to.throw(RecordError, 'it may have true and false');
  });

  it('has the text of a value of another type, and says which a column can not have', () => {
    const types = ['VARCHAR', 'ENUM', 'DATE', 'TIMESTAMP', 'TIME', 'UUID', 'IPV4', 'INET', 'JSON'];
    const columns = types.map((dataType) => ({ name: dataType, dataType, tags: [], customMetrics: [] }));
    const whereOf = (dialect: object, partitionColumnName: string, ...partitionValues: unknown[]): unknown => {
      const partitioning = { enablePartitioning: true, partitionIntervalType: 'COLUMN-VALUE' };
      const tableProfilerConfig = { partitioning: { ...partitioning, partitionColumnName, partitionValues } };
      const settings = { dialect: { backslashIn: '', ...dialect } };
      const { where } = plan(recipeOf(), { columns, tableProfilerConfig }, settings).rows;
      return where?.op === 'in' ? where.values : where;
    };
    for (const dialect of [{}, postgresMeasureDialect, { isUntyped: true }]) {
      expect(whereOf(dialect, 'VARCHAR', 1, 2024, true, 'x')).to.deep.equal(['1', '2024', 'true', 'x']);
      expect(whereOf(dialect, 'ENUM', 1)).to.deep.equal(['1']);
      expect(whereOf(dialect, 'DATE', '2026-01-31')).to.deep.equal(['2026-01-31']);
    }
    for (const dialect of [{}, postgresMeasureDialect]) {
      for (const type of ['DATE', 'TIMESTAMP', 'TIME', 'UUID', 'IPV4'])
        expect(() => whereOf(dialect, type, 'abc'), type)
          .to.throw(RecordError, `has "abc" among its partitionValues, which ${type} (${type}) can't have; it may have`)
          .with.property('remedy')
          .that.includes('Mend partitionConfig');
      expect(() => whereOf(dialect, 'DATE', true)).to.throw(RecordError, 'true among its partitionValues');
    }
    expect(whereOf({}, 'DATE', 20260131)).to.deep.equal([20260131]);
    expect(whereOf(postgresMeasureDialect, 'DATE', 20260131, 'epoch')).to.deep.equal(['20260131', 'epoch']);
    expect(whereOf(postgresMeasureDialect, 'INET', 1)).to.deep.equal(['1']);
    expect(whereOf(postgresMeasureDialect, 'JSON', true)).to.deep.equal(['true']);
    expect(whereOf({ isUntyped: true }, 'DATE', 'abc', 1)).to.deep.equal(['abc', 1]);
    const uuid = '{A0EEBC99-9C0B4EF8-BB6D-6BB9BD380A11}';
    expect(whereOf({}, 'UUID', uuid)).to.deep.equal([uuid]);
  });

  it('refuses windows of time and ranges of numbers of columns that have none', () => {
    const partOf = (dataType: string, keys: object, dialect: object = {}): unknown => {
      const columns = [{ name: 'C', dataType, tags: [], customMetrics: [] }];
      const tableProfilerConfig = { partitioning: { enablePartitioning: true, partitionColumnName: 'c', ...keys } };
      return plan(recipeOf(), { columns, tableProfilerConfig }, { dialect: { backslashIn: '', ...dialect } }).rows
        .where;
    };
    const window = { partitionInterval: 1, partitionIntervalUnit: 'DAY' };
    const windows = ['TIME-UNIT', 'INGESTION-TIME'].map((of) => ({ partitionIntervalType: of, ...window }));
    const bounds = { partitionIntegerRangeStart: 1, partitionIntegerRangeEnd: 2 };
    const range = { partitionIntervalType: 'INTEGER-RANGE', ...bounds };
    for (const keys of windows) {
      for (const type of ['INT', 'BIGINT', 'VARCHAR', 'YEAR', 'BOOLEAN', 'TIME', 'DECIMAL', 'JSON', 'INTERVAL'])
        expect(() => partOf(type, keys), type)
          .to.throw(
            RecordError,
            `The partition of s.d.m.t is by the times of C (${type}), which has none; name a column`
          )
          .with.property('remedy')
          .that.includes('Mend partitionConfig');
      for (const type of ['DATE', 'DATETIME', 'TIMESTAMP', 'TIMESTAMPZ', 'UNKNOWN'])
        expect(partOf(type, keys), type).to.have.property('op', 'compare');
      for (const type of ['INT', 'VARCHAR', 'BOOLEAN'])
        expect(partOf(type, keys, { isUntyped: true }), type).to.have.property('op', 'compare');
    }
    for (const type of ['VARCHAR', 'DATE', 'TIMESTAMP', 'BOOLEAN', 'UUID', 'ENUM', 'JSON'])
      expect(() => partOf(type, range), type).to.throw(
        RecordError,
        `The partition of s.d.m.t is by a range of numbers of C (${type}), which has none`
      );
    for (const type of ['TINYINT', 'BIGINT', 'DECIMAL', 'NUMBER', 'DOUBLE', 'YEAR', 'MONEY', 'UINT', 'BIT', 'UNKNOWN'])
      expect(partOf(type, range), type).to.have.property('op', 'and');
    expect(() => partOf('BIT', range, postgresMeasureDialect)).to.throw(RecordError, 'which has none');
    expect(() => partOf('TEXT', range, { isUntyped: true })).to.throw(RecordError, 'which has none');
    expect(partOf('DATETIME', range, { isUntyped: true })).to.have.property('op', 'and');
  });

  it('measures the columns and metrics that are asked for, as far as their types have them', () => {
    const some = recipeOf(
      ', metrics: [min, histogram, cardinalityDistribution, valuesCount]',
      ', config: {tableConfig: [{fullyQualifiedName: s.d.m.t, columnConfig: {includeColumns: [{columnName: id, metrics: [MIN]}, {columnName: mail}]}}]}',
      ', maskSensitiveMetrics: true'
    );
    expect(plan(some).columns.map(({ metrics }) => metrics)).to.deep.equal([['min'], ['valuesCount'], [], []]);
    const disabled = {
      metricConfiguration: [
        { dataType: 'INT', disabled: true },
        { dataType: 'DATE', metrics: ['min'] },
        { dataType: 'VARCHAR', metrics: [] },
      ],
    } as unknown as NonNullable<PlanSettings['server']>;
    const made = plan(recipeOf(', metrics: [min, valuesCount]'), {}, { server: disabled });
    expect(made.columns.map(({ metrics }) => metrics)).to.deep.equal([
      [],
      ['valuesCount', 'min'],
      ['min'],
      ['valuesCount'],
    ]);
  });

  it('has the same hash in the next run, and another one when it asks for something else', () => {
    const sampled = recipeOf(', profileSampleConfig: {sampleConfigType: STATIC, config: {profileSample: 10}}');
    expect(planHash(plan(sampled))).to.equal(planHash(plan(sampled, {}, { now: NOW + 1 })));
    const windowOf = (partitionInterval: number, now: number): string => {
      const keys = { enablePartitioning: true, partitionColumnName: 'day', partitionIntervalType: 'TIME-UNIT' };
      const partitioning = { ...keys, partitionInterval, partitionIntervalUnit: 'DAY' };
      return planHash(plan(recipeOf(), { tableProfilerConfig: { partitioning } }, { now }));
    };
    expect(windowOf(3, NOW)).to.equal(windowOf(3, NOW + 1));
    expect(windowOf(3, NOW)).not.to.equal(windowOf(4, NOW));
    const valuesOf = (...partitionValues: string[]): string => {
      const keys = { enablePartitioning: true, partitionColumnName: 'mail', partitionIntervalType: 'COLUMN-VALUE' };
      return planHash(plan(recipeOf(), { tableProfilerConfig: { partitioning: { ...keys, partitionValues } } }));
    };
    expect(valuesOf('b', 'a'), 'values in another order').to.equal(valuesOf('a', 'b'));
    expect(valuesOf('b', 'a')).not.to.equal(valuesOf('a', 'c'));
    expect(planHash(plan(sampled))).to.not.equal(planHash(plan(recipeOf())));
    const measures = (metrics: string): string => planHash(plan(recipeOf(`, metrics: [${metrics}]`)));
    expect(measures('max, rowCount, min'), 'metrics in another order').to.equal(measures('rowCount, min, max'));
    expect(measures('rowCount, min')).to.not.equal(measures('rowCount, min, max'));
    const [small, large, larger] = [9, 11, 12].map((rows) =>
      planHash(plan(recipeOf('', '', ', maxRows: 10'), {}, {}, rows))
    );
    expect(larger, 'an estimate of rows that moved').to.equal(large).and.not.to.equal(small);
  });

  it('shows no sensitive column in sample data, and none where the server forbids it', () => {
    const wanted = recipeOf(', generateSampleData: true');
    expect(plan(wanted).sampleData?.columns.map(({ catalogName }) => catalogName)).to.deep.equal(['id', 'day', 'doc']);
    for (const key of ['storeSampleData', 'readSampleData']) {
      const server = { metricConfiguration: [], sampleDataConfig: { [key]: false } } as unknown as NonNullable<
        PlanSettings['server']
      >;
      expect(plan(wanted, {}, { server }).sampleData, key).to.equal(undefined);
    }
  });
});

describe('Tables that did not change', () => {
  const before = { hash: 'h', asOf: 1_000, timestamp: 1 };

  it('are those whose last change lies wholly before the last measuring, by an equal plan', () => {
    expect(isUnchanged(before, 'h', { time: 1_000 })).to.equal(true);
    expect(isUnchanged({ ...before, lacks: true }, 'h', { time: 1_000 }), 'a custom metric failed').to.equal(false);
    expect(isUnchanged(before, 'h', { time: 1_001 })).to.equal(false);
    expect(isUnchanged(before, 'other', { time: 1 })).to.equal(false);
    expect(isUnchanged(undefined, 'h', { time: 1 })).to.equal(false);
  });

  it('are not those with another time of the last change, though it is an earlier one than the last measuring', () => {
    const known = remember('h', { asOf: 1_000 }, { time: 700 }, 1);
    expect(isUnchanged(known, 'h', { time: 700 })).to.equal(true);
    expect(isUnchanged(known, 'h', { time: 800 })).to.equal(false);
    expect(isUnchanged(known, 'h', { time: 600 })).to.equal(false);
  });

  it('are not those of which the source tells nothing', () => {
    expect(isUnchanged(before, 'h', undefined)).to.equal(false);
    expect(isUnchanged({ ...before, mark: 'm' }, 'h', { mark: 'm' })).to.equal(true);
    expect(isUnchanged({ ...before, mark: 'm' }, 'h', { mark: 'n' })).to.equal(false);
  });
});

describe('Units of tables', () => {
  const table = (fqn: string, rows: number, more: Partial<ListedTable> = {}): ListedTable => ({
    fqn,
    schema: fqn.slice(0, 1),
    facts: { table: fqn, isView: false, rows },
    asOf: 0,
    statements: 2,
    use: 0,
    ...more,
  });

  it('hold tables of one schema, the largest first', () => {
    const units = planUnits([table('a1', 10), table('b1', 1e6), table('a2', 5e6), table('a3', 20)], 2, false);
    expect(units.map((unit) => unit.map(({ fqn }) => fqn))).to.deep.equal([['a2'], ['b1'], ['a3', 'a1']]);
  });

  it('count a view, whose size nobody knows, as a large table: several are for several lanes', () => {
    const view = (fqn: string): ListedTable => table(fqn, 0, { facts: { table: fqn, isView: true } });
    const small = Array.from({ length: 8 }, (_, at) => table(`at${at}`, 10));
    const units = planUnits([...small, view('av1'), view('av2'), view('av3')], 2, false);
    expect(units.map((unit) => unit.length)).to.deep.equal([1, 1, 1, 5, 3]);
    const many = Array.from({ length: 1_000 }, (_, at) => view(`a${at}`));
    expect(planUnits(many, 2, false).length, 'however many').to.be.at.most(30);
  });

  it('are as many as there are lanes, of small tables too, if there are two tables for each', () => {
    const units = (tables: number, lanes: number): number[] =>
      planUnits(
        Array.from({ length: tables }, (_, at) => table(`a${at}`, 10)),
        lanes,
        false
      ).map((unit) => unit.length);
    expect(units(14, 4)).to.deep.equal([4, 4, 3, 3]);
    expect(units(9, 4)).to.deep.equal([3, 2, 2, 2]);
    expect(units(14, 1)).to.deep.equal([14]);
    expect(units(5, 4)).to.deep.equal([2, 2, 1]);
    expect(units(500, 4)).to.deep.equal(Array<number>(10).fill(50));
  });

  it('begin with what has no profile or the oldest, among them the most used, when not all may get their turn', () => {
    const tables = [
      table('a1', 1, { lastProfile: 9 }),
      table('a2', 1, { use: 1 }),
      table('a3', 1, { use: 7 }),
      table('a4', 1, { lastProfile: 3 }),
    ];
    expect(
      planUnits(tables, 1, true)
        .flat()
        .map(({ fqn }) => fqn)
    ).to.deep.equal(['a3', 'a2', 'a4', 'a1']);
  });

  it('take the ages that are not remembered here from the catalog', async () => {
    const asked: string[] = [];
    const latestProfile = async (fqn: string): Promise<number | undefined> => {
      asked.push(fqn);
      return fqn === 'a2' ? 5 : undefined;
    };
    const tables = [table('a1', 1, { lastProfile: 9 }), table('a2', 1), table('a3', 1)];
    const aged = await withAges(tables, { profiles: { latestProfile } }, new AbortController().signal);
    expect(aged.map(({ lastProfile }) => lastProfile)).to.deep.equal([9, 5, undefined]);
    expect(asked).to.deep.equal(['a2', 'a3']);
  });
});

describe('Patterns of a profiler recipe', () => {
  it('are found anywhere in a name, and includes win over excludes', () => {
    const filter = serverFilter('tableFilterPattern', { includes: ['ord'], excludes: ['orders'] });
    expect(['ORDERS', 'my_order', 'x'].map((name) => filter.reason([name]))).to.deep.equal([
      undefined,
      undefined,
      'filtered by tableFilterPattern.includes, none of which matches',
    ]);
    const tmp = serverFilter('k', { excludes: ['^tmp'] });
    expect([tmp.reason(['x_tmp']), tmp.reason(['tmp_x'])]).to.deep.equal([undefined, 'filtered by k.excludes: ^tmp']);
    expect(serverFilter('k', undefined).reason(['x'])).to.equal(undefined);
  });
});
