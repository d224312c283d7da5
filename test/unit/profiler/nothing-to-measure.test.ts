import { expect } from 'chai';
import Database from 'libsql';
import { PermanentError } from '../../../src/errors/index.js';
import type { CreateTableProfileRequest } from '../../../src/openmetadata/index.js';
import { listTables, profileUnit, type ProfileUnitStage, type RememberedTable } from '../../../src/profiler/index.js';
import { rememberedOf } from '../../../src/profiler/unit-lines.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { failuresOf, PartRecorder } from '../../../src/report/index.js';
import type { Cell } from '../../../src/sources/index.js';
import { snowflakeMeasureDialect } from '../../../src/sources/snowflake/measure-dialect.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';
import { temporaryStore } from '../metadata/temporary-store.js';
import { attemptOn } from '../staging/attempt-on.js';

const FQN = 's.default.main.t';
const BOTH = { computeTableMetrics: true, computeColumnMetrics: true };
const NEITHER = { computeTableMetrics: false, computeColumnMetrics: false };

interface Given {
  readonly config: object;
  readonly sensitive?: readonly string[];
  readonly customMetrics?: readonly object[];
  readonly entry?: object;
  readonly server?: object;
  readonly own?: object;
  readonly facts?: object;
  readonly refuses?: RegExp;
  readonly suspects?: readonly string[];
}

function recordOf({ sensitive = [], customMetrics = [] }: Given): object {
  const columns = ['ID', 'SSN'].map((name) => ({
    ...{ name, dataType: 'VARCHAR', customMetrics: [] },
    tags: sensitive.includes(name) ? [{ tagFQN: 'PII.Sensitive' }] : [],
  }));
  return { id: '7', name: 't', fullyQualifiedName: FQN, tags: [], columns, customMetrics };
}

function recipeOf({ config, entry, own = {} }: Given, type = 'sqlite'): ProfilerRecipe {
  return {
    ...{ kind: 'profiler', source: { type, serviceName: 's', sourceConfig: { config } } },
    processor: { config: { tableConfig: entry === undefined ? [] : [{ fullyQualifiedName: FQN, ...entry }] } },
    workflowConfig: { config: { profiler: own } },
  } as unknown as ProfilerRecipe;
}

describe('A table of which nothing is measured', () => {
  const database = new Database(':memory:');
  before(() => void database.exec(`CREATE TABLE t (ID TEXT, SSN TEXT); INSERT INTO t VALUES ('a', '123')`));
  after(() => void database.close());

  async function profiled(given: Given): Promise<{
    readonly profiles: readonly CreateTableProfileRequest[];
    readonly samples: readonly string[];
    readonly failures: readonly string[];
    readonly notes: readonly string[];
    readonly sent: readonly string[];
    readonly remembered: RememberedTable | undefined;
  }> {
    const temporary = await temporaryStore();
    const attempt = attemptOn(temporary.store);
    const seen = { profiles: new Array<CreateTableProfileRequest>(), samples: new Array<string>() };
    const told = { failures: new Array<string>(), notes: new Array<string>(), sent: new Array<string>() };
    let remembered: RememberedTable | undefined;
    const rows = async (sql: string): Promise<Cell[][]> => {
      told.sent.push(sql);
      if (given.refuses?.test(sql) === true) throw new PermanentError('no such right.');
      return database.prepare(sql).raw(true).all() as Cell[][];
    };
    try {
      await profileUnit({
        ...attempt,
        takeFacts: () => {
          const part = attempt.recorder.take();
          told.notes.push(...part.notes);
          told.failures.push(...failuresOf(part, 'profiler').map(({ error }) => error));
          return part;
        },
        signal: new AbortController().signal,
        client: {
          profiles: {
            table: async () => recordOf(given),
            hasProfile: async () => false,
            putProfile: async (_: unknown, request: CreateTableProfileRequest) => void seen.profiles.push(request),
            putSampleData: async (_: string, data: string) => void seen.samples.push(data),
          },
        } as unknown as ProfileUnitStage['client'],
        recipe: recipeOf(given),
        server: given.server as ProfileUnitStage['server'],
        tables: [
          {
            fqn: FQN,
            facts: { table: 't', isView: false, rows: 1, ...given.facts },
            asOf: 1,
            statements: 1,
            suspects: [...(given.suspects ?? [])],
          },
        ],
        source: { dialect: sqliteMeasureDialect } as unknown as ProfileUnitStage['source'],
        openSession: async () => ({
          rows,
          query: async (sql: string) => ({ columns: [], rows: await rows(sql) }),
          close: async () => undefined,
        }),
        ...{ now: 1, timestamp: 1_700_000_000_000 },
        profiles: { run: 'r', stage: 'profiles', slice: '0' },
        published: { run: 'r', stage: 'published-profiles', slice: '0' },
      });
      for (const entry of await temporary.store.manifest({ run: 'r', stage: 'profiles', slice: '0' }))
        for (const line of await temporary.store.read(entry)) remembered = rememberedOf(line)?.remember ?? remembered;
    } finally {
      await temporary.remove();
    }
    return { ...seen, ...told, remembered };
  }

  it('gives its rows if they alone are wanted', async () => {
    const found = await profiled({ config: { ...NEITHER, generateSampleData: true } });
    expect(found.failures).to.deep.equal([]);
    expect(found.profiles).to.deep.equal([]);
    expect(found.samples).to.deep.equal(['{"columns":["ID","SSN"],"rows":[["a","123"]]}']);
    expect(found.sent).to.have.length(1);
    expect(found.remembered).to.be.an('object').and.not.have.property('lacks');
  });

  it('is asked for no rows to show where it was counted and has none', async () => {
    const partition = { enablePartitioning: true, partitionIntervalType: 'COLUMN-VALUE', partitionColumnName: 'ID' };
    const empty = { entry: { partitionConfig: { ...partition, partitionValues: ['none'] } } };
    const config = { ...BOTH, metrics: ['rowCount', 'valuesCount'], generateSampleData: true };
    const found = await profiled({ config, ...empty, suspects: ['shown SSN'] });
    expect(found.profiles[0]?.tableProfile.rowCount).to.equal(0);
    expect(found.samples).to.deep.equal(['{"columns":["ID","SSN"],"rows":[]}']);
    expect(found.sent.filter((sql) => sql.includes('LIMIT'))).to.deep.equal([]);
    expect(found.remembered?.suspects).to.deep.equal(['shown SSN']);
    const sampled = { entry: { ...empty.entry, profileSample: 50 } };
    expect((await profiled({ config, ...sampled })).sent.filter((sql) => sql.includes('LIMIT'))).to.have.length(1);
  });

  it('fails if nothing else is wanted of it', async () => {
    const found = await profiled({ config: { ...BOTH, metrics: ['histogram'] } });
    expect(found.failures.join()).to.match(/^No profile data computed/);
    const sampled = await profiled({ config: { ...BOTH, metrics: ['histogram'] }, entry: { profileSample: 50 } });
    expect(sampled.failures.join()).to.match(/^No profile data computed/);
  });

  it('leaves no row in OpenMetadata that may not be shown any more', async () => {
    const config = { ...BOTH, metrics: ['rowCount'], generateSampleData: true };
    const empty = '{"columns":[],"rows":[]}';
    const all = await profiled({ config, sensitive: ['ID', 'SSN'] });
    expect(all.samples).to.deep.equal([empty]);
    expect(all.profiles).to.have.length(1);
    expect((await profiled({ config, entry: { sampleDataCount: 0 } })).samples).to.deep.equal([empty]);
    for (const key of ['storeSampleData', 'readSampleData'])
      expect((await profiled({ config, server: { sampleDataConfig: { [key]: false } } })).samples).to.deep.equal([
        empty,
      ]);
    const other = { profileQuery: 'SELECT 1 AS other' };
    expect((await profiled({ config, entry: other })).samples).to.deep.equal([empty]);
    const some = await profiled({ config, sensitive: ['SSN'] });
    expect(some.samples).to.deep.equal(['{"columns":["ID"],"rows":[["a"]]}']);
    expect((await profiled({ config: BOTH, sensitive: ['ID', 'SSN'] })).samples).to.deep.equal([]);
  });

  it('shows no row where the source refuses all columns that may be shown', async () => {
    const config = { ...BOTH, metrics: ['max'], generateSampleData: true };
    const found = await profiled({ config, sensitive: ['SSN'], refuses: /"ID"/ });
    expect(found.failures).to.deep.equal([]);
    expect(found.profiles[0]?.columnProfile?.map(({ name }) => name)).to.deep.equal(['SSN']);
    expect(found.samples).to.deep.equal(['{"columns":[],"rows":[]}']);
  });

  it('shows its rows without a column that the source refuses, and the next run knows that', async () => {
    const config = { ...NEITHER, generateSampleData: true };
    const found = await profiled({ config, refuses: /"SSN"/ });
    expect(found.failures).to.deep.equal([]);
    expect(found.samples).to.deep.equal(['{"columns":["ID"],"rows":[["a"]]}']);
    expect(found.notes).to.deep.equal([
      `${FQN}: its rows are shown without SSN, as the source refuses that: no such right.`,
    ]);
    expect(found.sent, 'both, the rows, each column, and what can be read').to.have.length(5);
    const { suspects, lacks } = found.remembered ?? {};
    expect([suspects, lacks]).to.deep.equal([['shown SSN'], undefined]);
    const next = await profiled({ config, refuses: /"SSN"/, suspects: ['shown SSN'] });
    expect(next.samples).to.deep.equal(found.samples);
    expect(next.notes).to.deep.equal([`${FQN}: its rows are shown without SSN, as the source refuses that.`]);
    expect([next.sent.length, next.remembered?.suspects]).to.deep.equal([2, ['shown SSN']]);
    const mended = await profiled({ config, suspects: ['shown SSN'] });
    expect(mended.samples).to.deep.equal(['{"columns":["ID","SSN"],"rows":[["a","123"]]}']);
    expect([mended.sent.length, mended.notes, mended.remembered?.suspects]).to.deep.equal([2, [], undefined]);
    const none = await profiled({ config, refuses: /./ });
    expect(none.failures.join()).to.contain('no such right');
    expect(none.sent, 'no column is looked for').to.have.length(2);
    const beside = await profiled({
      config: { ...config, computeTableMetrics: true, metrics: ['rowCount'] },
      refuses: /"(ID|SSN)"/,
    });
    expect(beside.failures.join()).to.match(/^Its rows can't be shown: no such right/);
  });

  it('has no value of a custom metric whose SELECT gives NULL or no row, and that is no failure', async () => {
    const customMetrics = [
      { name: 'late', expression: "SELECT SUM(1) FROM t WHERE ID = 'late'" },
      { name: 'none', expression: "SELECT 1 FROM t WHERE ID = 'late'" },
      { name: 'two', expression: 'SELECT 2' },
    ];
    const found = await profiled({ config: { ...BOTH, metrics: ['rowCount'] }, customMetrics });
    expect(found.failures).to.deep.equal([]);
    expect(found.profiles[0]?.tableProfile.customMetrics).to.deep.equal([{ name: 'two', value: 2 }]);
    expect(found.notes).to.deep.equal([
      `${FQN}: custom metrics without a value, as their SELECT gives NULL, NaN, an infinity or no row: late, none.`,
    ]);
    expect(found.remembered, 'an unchanged table is left alone').to.be.an('object').and.not.have.property('lacks');
    const alone = await profiled({ config: { ...BOTH, metrics: [] }, customMetrics: customMetrics.slice(0, 1) });
    expect([alone.failures, alone.profiles]).to.deep.equal([[], []]);
  });

  it('that is larger than maxRows sends no custom metric', async () => {
    const given = {
      own: { maxRows: 10 },
      facts: { rows: 11 },
      customMetrics: [{ name: 'two', expression: 'SELECT 2' }],
    };
    const found = await profiled({ ...given, config: { ...BOTH, metrics: ['rowCount'] } });
    expect(found.profiles[0]?.tableProfile).to.deep.equal({
      timestamp: 1_700_000_000_000,
      rowCount: 11,
      profileSampleType: 'PERCENTAGE',
    });
    expect(found.sent).to.deep.equal([]);
  });

  it('as it is larger than maxRows and no metric comes for nothing is left out, with a note', async () => {
    const listed = async (
      config: object
    ): Promise<{ tables: number; statements: number; notes: readonly string[]; failed: number }> => {
      const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
        yield records;
      };
      const container = (fqn: string): object => ({ id: fqn, name: fqn.split('.').at(-1), fullyQualifiedName: fqn });
      const given = { config: { ...BOTH, ...config }, own: { maxRows: 10 } };
      const recorder = new PartRecorder();
      const left: (string | undefined)[] = [];
      const tables = await listTables({
        client: {
          profiles: {
            databases: () => page([container('s.default')]),
            schemas: () => page([container('s.default.main')]),
            tables: () => page([recordOf(given)]),
          },
        } as unknown as Parameters<typeof listTables>[0]['client'],
        ...{ recipe: recipeOf(given, 'snowflake'), recorder, signal: new AbortController().signal },
        ...{ remembered: new Map(), settings: { server: undefined, now: 1 } },
        source: {
          dialect: snowflakeMeasureDialect,
          facts: async () => ({ asOf: 1, tables: new Map([['t', { table: 't', isView: false, rows: 11 }]]) }),
        },
        onLeftOut: ({ outcome }) => void left.push(outcome),
      });
      const part = recorder.take();
      expect(left).to.deep.equal([tables.length === 0 ? 'filtered' : 'incomplete']);
      const statements = tables[0]?.statements ?? 0;
      return { tables: tables.length, statements, notes: part.notes, failed: failuresOf(part, 'profiler').length };
    };
    expect(await listed({ metrics: ['mean', 'stddev'] })).to.deep.equal({
      ...{ tables: 0, statements: 0, failed: 0 },
      notes: [`${FQN} is not profiled: 11 rows are more than maxRows (10), and none of its metrics comes for nothing.`],
    });
    // Snowflake counts values without reading a row
    for (const metric of ['nullCount', 'rowCount', 'columnCount'])
      expect(await listed({ metrics: ['mean', metric] })).to.include({ tables: 1, failed: 0 });
    // and rows to show are one statement, here as in the run
    const shown = { metrics: ['mean'], computeTableMetrics: false, generateSampleData: true };
    expect(await listed(shown)).to.include({ tables: 1, statements: 1 });
  });
});
