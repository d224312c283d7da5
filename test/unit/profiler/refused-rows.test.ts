import { expect } from 'chai';
import Database from 'libsql';
import { PermanentError } from '../../../src/errors/index.js';
import { Measuring } from '../../../src/measures/index.js';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { listTables, planHash, profileTable, resolvePlan, type RememberedTable } from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { PartRecorder } from '../../../src/report/index.js';
import type { Cell } from '../../../src/sources/index.js';
import { snowflakeMeasureDialect } from '../../../src/sources/snowflake/measure-dialect.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

const FQN = 's.default.main.t';
const TABLE = {
  ...{ id: '1', name: 't', fullyQualifiedName: FQN, tags: [], customMetrics: [] },
  columns: ['a', 'b', 'c', 'd'].map((name) => ({ name, dataType: 'INT', tags: [], customMetrics: [] })),
} as unknown as Parameters<typeof resolvePlan>[0];

function recipeOf(profileSample: number | undefined, type = 'sqlite'): ProfilerRecipe {
  const sample = { profileSampleConfig: { config: { profileSample, profileSampleType: 'ROWS' } } };
  const config = {
    ...{ computeTableMetrics: true, computeColumnMetrics: true },
    ...(profileSample === undefined ? {} : sample),
  };
  return {
    ...{ source: { type, serviceName: 's', sourceConfig: { config } }, workflowConfig: {} },
  } as unknown as ProfilerRecipe;
}

function settingsOf(recipe: ProfilerRecipe): Parameters<typeof resolvePlan>[2] {
  return { recipe, server: undefined, database: undefined, schema: undefined, now: 1, dialect: sqliteMeasureDialect };
}

describe('A table whose rows the source refuses', () => {
  const database = new Database(':memory:');
  before(() => void database.exec('CREATE TABLE t (a INT, b INT, c INT, d INT)'));
  after(() => void database.close());

  async function profiled(
    profileSample: number | undefined,
    refuses: RegExp
  ): Promise<{ error: string; sent: number }> {
    const facts = { table: 't', isView: false, rows: 2 };
    let sent = 0;
    const rows = async (sql: string): Promise<Cell[][]> => {
      sent += 1;
      if (refuses.test(sql)) throw new PermanentError('SQL compilation error: invalid value.');
      return database.prepare(sql).raw(true).all() as Cell[][];
    };
    const measuring = new Measuring(
      { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined },
      { signal: new AbortController().signal }
    );
    const plan = resolvePlan(TABLE, facts, settingsOf(recipeOf(profileSample)));
    const taken = profileTable(plan, { dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1 });
    return { error: await taken.then(() => 'none', String), sent };
  }

  it('with its sample fails after a statement and a look, and nothing is held against its columns', async () => {
    const { error, sent } = await profiled(1_000, /om_row/);
    expect(error).to.contain('SQL compilation error: invalid value.');
    expect(sent).to.equal(2);
  });

  it('of each column fails, with the reason', async () => {
    const { error } = await profiled(undefined, /"[abcd]"/);
    expect(error).to.match(/None of its columns can be measured: SQL compilation error/);
    expect((await profiled(undefined, /"[abc]"/)).error).to.equal('none');
  });

  it('has each run say the same of a column all of which is refused: it has no values', async () => {
    const facts = { table: 't', isView: false, rows: 2 };
    const rows = async (sql: string): Promise<Cell[][]> => {
      if (/"b"/.test(sql)) throw new PermanentError('SELECT is not granted on b.');
      return database.prepare(sql).raw(true).all() as Cell[][];
    };
    const plan = resolvePlan(TABLE, facts, settingsOf(recipeOf(undefined)));
    const run = async (suspects: readonly string[]): Promise<Awaited<ReturnType<typeof profileTable>>> => {
      const session = { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined };
      const measuring = new Measuring(session, { signal: new AbortController().signal });
      return profileTable(plan, {
        ...{ dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1, suspects: new Set(suspects) },
      });
    };
    const said = ['column b has no values: SELECT is not granted on b.'];
    const first = await run([]);
    expect(describeProblems(plan, first.missing)).to.deep.equal(said);
    const second = await run(first.suspects);
    expect(describeProblems(plan, second.missing)).to.deep.equal(said);
    expect([...second.suspects].sort()).to.deep.equal([...first.suspects].sort());
  });

  async function listed(
    recipe: ProfilerRecipe,
    before: Partial<RememberedTable> & { readonly hash: string },
    stored: object = {}
  ): Promise<{ suspects: readonly string[] | undefined; notes: readonly string[]; failures: number }> {
    const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
      yield records;
    };
    const container = (fqn: string): object => ({ id: fqn, name: fqn.split('.').at(-1), fullyQualifiedName: fqn });
    const recorder = new PartRecorder();
    const tables = await listTables({
      client: {
        profiles: {
          databases: () => page([container('s.default')]),
          schemas: () => page([container('s.default.main')]),
          tables: () => page([{ ...TABLE, tableProfilerConfig: stored }]),
        },
      } as unknown as Parameters<typeof listTables>[0]['client'],
      ...{ recipe, recorder, signal: new AbortController().signal },
      remembered: new Map([[FQN, { asOf: 1, timestamp: 1, ...before }]]),
      settings: { server: undefined, now: 1 },
      source: {
        dialect: sqliteMeasureDialect,
        facts: async () => ({ asOf: 1, tables: new Map([['t', { table: 't', isView: false, rows: 2 }]]) }),
      },
    });
    const { notes, steps } = recorder.take();
    return { suspects: tables[0]?.suspects, notes, failures: steps['profiler']?.counts.errors ?? 0 };
  }

  it('has what was refused remembered for the configuration that it was refused with', async () => {
    const recipe = recipeOf(1_000);
    const facts = { table: 't', isView: false, rows: 2 };
    const hash = planHash(resolvePlan(TABLE, facts, settingsOf(recipe)));
    const same = await listed(recipe, { hash, suspects: ['sum a'] });
    expect(same.suspects).to.deep.equal(['sum a']);
    expect(same.notes.join(), 'why it is profiled again').to.match(/does not say whether these changed .*: s\.default/);
    expect((await listed(recipe, { hash, lacks: true })).notes).to.deep.equal([]);
    expect((await listed(recipeOf(999), { hash, suspects: ['sum a'] })).suspects).to.equal(undefined);
  });

  it('for more rows of a sample than it takes is asked for so many, and a note says so', async () => {
    const rows = { table: { database: 'D', schema: 'S', table: 'T' }, isView: false };
    const sample = { by: 'rows', rows: 1_500_000, randomized: false, seed: 1 } as const;
    expect(snowflakeMeasureDialect.from({ ...rows, sample }, [])).to.contain('SAMPLE ROW (1000000 ROWS)');
    const recipe = recipeOf(1_500_000, 'snowflake');
    const plan = resolvePlan(TABLE, undefined, settingsOf(recipe));
    expect(plan).to.deep.include({ profileSample: 1_000_000, profileSampleType: 'ROWS' });
    expect((await listed(recipe, { hash: '' })).notes).to.deep.equal([
      `The source samples 1000000 rows at most, and so many are measured of tables whose profileSample is larger: ${FQN}. A PERCENTAGE may be more.`,
    ]);
    expect((await listed(recipeOf(1_000_000, 'snowflake'), { hash: '' })).notes).to.deep.equal([]);
  });

  it('has a failure of a negative sample that OpenMetadata keeps for it', async () => {
    expect((await listed(recipeOf(undefined), { hash: '' }, { profileSample: -5 })).failures).to.equal(1);
  });
});
