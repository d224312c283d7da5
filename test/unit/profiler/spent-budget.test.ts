import { expect } from 'chai';
import Database from 'libsql';
import { stagedValues } from '../../../src/activities/profiler/profiled-units.js';
import { PermanentError } from '../../../src/errors/index.js';
import {
  listTables,
  planUnits,
  profilerJournal,
  profileUnit,
  readMemory,
  rememberRun,
  type ListInput,
  type ProfiledUnit,
  type ProfileUnitStage,
} from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import type { Cell, TableFacts } from '../../../src/sources/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';
import { attemptOn } from '../staging/attempt-on.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const PLAIN = ['b0', 'b1', 'b2', 'b3', 'b4'];

describe('A table that takes more statements than the budget has left', () => {
  let temporary: TemporaryStore;
  const database = new Database(':memory:');
  before(async () => {
    temporary = await temporaryStore();
    database.exec('CREATE TABLE a_near (c0 INT); CREATE TABLE a_bad (c0 INT, c1 INT, c2 INT, c3 INT, c4 INT, c5 INT)');
    database.exec('INSERT INTO a_near VALUES (9223372036854775807), (9223372036854775805), (9223372036854775800)');
    database.exec('INSERT INTO a_bad VALUES (1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 7)');
    for (const name of PLAIN) database.exec(`CREATE TABLE ${name} (c0 INT); INSERT INTO ${name} VALUES (1), (2)`);
  });
  after(async () => {
    database.close();
    await temporary.remove();
  });

  /** What one run sends and puts: a unit after another, as long as the budget lasts. */
  async function run(
    service: string,
    at: number,
    statements: number,
    names: readonly string[],
    refuses = /(?=.*"a_bad").*SUM\(/s,
    { isView = false, endsAt = Infinity }: { isView?: boolean; endsAt?: number } = {}
  ): Promise<{ sent: string[]; put: string[]; said: string[]; skipped: string[]; columns: number; left: string[] }> {
    const seen = { sent: new Array<string>(), put: new Array<string>(), said: new Array<string>() };
    let columns = 0;
    const tableOf = (fqn: string): string => fqn.split('.').at(-1) ?? '';
    const recipe = {
      kind: 'profiler',
      source: {
        type: 'sqlite',
        serviceName: service,
        sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true } },
      },
      workflowConfig: { config: { profiler: { budget: { statements } } } },
    } as unknown as ProfilerRecipe;
    const record = (name: string): object => ({
      ...{ id: name, name, fullyQualifiedName: `${service}.default.main.${name}`, tags: [], customMetrics: [] },
      columns: database
        .prepare(`SELECT name FROM pragma_table_info('${name}')`)
        .all()
        .map((column) => ({ ...(column as object), dataType: 'BIGINT', tags: [], customMetrics: [] })),
    });
    const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
      yield records;
    };
    const container = (fqn: string): object => ({ id: fqn, name: tableOf(fqn), fullyQualifiedName: fqn });
    const client = {
      profiles: {
        databases: () => page([container(`${service}.default`)]),
        schemas: () => page([container(`${service}.default.main`)]),
        tables: () => page(names.map(record)),
        table: async (fqn: string) => record(tableOf(fqn)),
        hasProfile: async () => false,
        putProfile: async ({ fqn }: { fqn: string }, { columnProfile = [] }: { columnProfile?: readonly object[] }) => {
          seen.put.push(tableOf(fqn));
          columns += columnProfile.length;
        },
      },
    } as unknown as ListInput['client'];
    const facts = (): Map<string, TableFacts> =>
      new Map(names.map((table) => [table, { table, isView, ...(isView ? {} : { changed: { time: 1 } }) }]));
    const own = attemptOn(temporary.store);
    const takeFacts = (): object => {
      const taken = own.recorder.take();
      seen.said.push(...taken.notes, ...Object.values(taken.steps).flatMap(({ failures }) => failures.map(String)));
      return taken;
    };
    const version = { run: `${service}-${at}`, startedAt: at };
    const ending = new AbortController();
    const { signal } = ending;
    const skipped: string[] = [];
    const source = { dialect: sqliteMeasureDialect, facts: async () => ({ asOf: at, tables: facts() }) };
    const listed = await listTables({
      ...{ client, recipe, recorder: own.recorder, signal, settings: { server: undefined, now: 1 }, source },
      remembered: (await readMemory(temporary.store, service)) ?? new Map(),
      onLeftOut: ({ fqn, outcome, reason }) => {
        if (outcome === 'filtered') skipped.push(`${tableOf(fqn)}: ${reason}`);
      },
    });
    const profiles = { run: version.run, stage: 'profiles', slice: '0' };
    const published = { run: version.run, stage: 'published-profiles', slice: '0' };
    const [tables = []] = planUnits(listed, 1, true);
    const measuring = profileUnit({
      ...{ ...own, takeFacts, signal, client, recipe, server: undefined, tables, profiles, published },
      source: source as unknown as ProfileUnitStage['source'],
      openSession: async () => ({
        rows: async (sql: string) => {
          seen.sent.push(/"(a_near|a_bad|b\d)"/.exec(sql)?.[1] ?? '-');
          if (seen.sent.length === endsAt) {
            ending.abort(new Error('cancelled'));
            throw signal.reason;
          }
          if (refuses.test(sql)) throw new PermanentError('integer overflow');
          return database.prepare(sql).safeIntegers(true).raw(true).all() as Cell[][];
        },
        query: async () => ({ columns: [], rows: [] }),
        close: async () => undefined,
      }),
      ...{ now: 1, timestamp: 1_700_000_000_000 + at * 1_000, allowance: { statements } },
    });
    await measuring.catch((error: unknown) => {
      if (error !== signal.reason) throw error;
    });
    const units = async function* (): AsyncGenerator<ProfiledUnit> {
      const [measured, sent] = [stagedValues(temporary.store, profiles), stagedValues(temporary.store, published)];
      yield { tables, profiles: measured, published: sent, ended: !signal.aborted };
    };
    const { left } = await rememberRun({ store: temporary.store, service, version, units: units() });
    const nothing = async function* (): AsyncGenerator<unknown> {
      yield* [];
    };
    for await (const { fqn, outcome, reason } of profilerJournal({ leftOut: nothing(), units: units() }))
      if (outcome === 'filtered') skipped.push(`${tableOf(fqn)}: ${reason}`);
    return { ...seen, skipped, columns, left: left.map(tableOf) };
  }

  it('comes behind all others in the next run, which knows what was refused, and is profiled in the end', async () => {
    const names = ['a_bad', ...PLAIN];
    const first = await run('refused', 1, 8, names);
    expect(first.sent, 'what the others are planned with is kept').to.deep.equal(
      ['a_bad', 'b0', 'b1', 'b2'].flatMap((name) => [name, name])
    );
    expect(first.put).to.deep.equal(PLAIN.slice(0, 3));
    expect(first.left).to.deep.equal(['a_bad', 'b3', 'b4']);
    expect(first.skipped[0]).to.equal(
      'a_bad: the budget of the run was spent in its midst; in the next one it comes behind the tables that had no turn'
    );
    const second = await run('refused', 2, 8, names);
    expect(second.put).to.deep.equal(['b3', 'b4']);
    const put: string[] = [];
    for (let at = 3; at < 8; at += 1) put.push(...(await run('refused', at, 8, names)).put);
    expect(put).to.deep.equal(['a_bad']);
  });

  it('of which the source refused every column is profiled whole as soon as it can be', async () => {
    const runs = [];
    for (let at = 1; at < 8; at += 1) runs.push(await run('denied', at, 8, ['a_bad'], /"c\d"/));
    expect(runs.flatMap(({ put }) => put)).to.deep.equal([]);
    const { put, columns, said } = await run('denied', 8, 8, ['a_bad'], /nothing/);
    expect({ put, columns, said }).to.deep.equal({ put: ['a_bad'], columns: 6, said: [] });
  });

  it('is left out when it takes more than a whole budget, and the report says how much', async () => {
    const names = ['a_near', ...PLAIN];
    const runs = [];
    for (let at = 1; at < 9; at += 1) runs.push(await run('close', at, 3, names));
    expect(runs[0]?.sent).to.deep.equal(['a_near', 'a_near']);
    expect(runs.flatMap(({ put }) => put)).to.deep.equal(PLAIN);
    expect(runs.at(-1)?.skipped).to.deep.equal([
      'a_near: its profile takes 4 statements or more, as an earlier run saw, which is more than a whole run may send (workflowConfig.config.profiler.budget.statements: 3). Raise the budget to 6 or more, or measure less of the table (columnConfig, metrics).',
    ]);
    expect((await run('close', 10, 8, names)).put).to.deep.equal(['a_near']);
  });

  it('is asked for a column that may not be read by one statement while nothing changes, until it may', async () => {
    const denied = /(?=.*"a_bad").*"c[14]"/s;
    const first = await run('granted', 100, 1_000, ['a_bad', 'b0'], denied);
    expect({ put: first.put, columns: first.columns }).to.deep.equal({ put: ['a_bad', 'b0'], columns: 5 });
    for (let at = 101; at < 104; at += 1) {
      const { sent, put, said, skipped, left } = await run('granted', at, 1_000, ['a_bad', 'b0'], denied);
      expect({ sent, put, said, skipped, left }).to.deep.equal({
        ...{ sent: ['a_bad'], put: [], said: [], skipped: [], left: [] },
      });
    }
    // the turn is that of either
    const granted = await run('granted', 104, 1_000, ['a_bad', 'b0'], /nothing/);
    expect({ put: granted.put, columns: granted.columns }).to.deep.equal({ put: ['a_bad'], columns: 6 });
    expect((await run('granted', 105, 1_000, ['a_bad', 'b0'], /nothing/)).sent).to.deep.equal([]);
  });

  it('reserves one statement for the look at a table that did not change, and its plan only when that is answered', async () => {
    const denied = /(?=.*"a_bad").*"c[14]"/s;
    await run('looked', 100, 1_000, ['a_bad'], denied);
    const { sent, put, left } = await run('looked', 101, 3, ['a_bad', 'b0'], denied);
    expect({ sent, put, left }).to.deep.equal({ sent: ['b0', 'b0', 'a_bad'], put: ['b0'], left: [] });
    const small = await run('looked', 102, 1, ['a_bad'], denied);
    expect({ sent: small.sent, skipped: small.skipped }).to.deep.equal({ sent: ['a_bad'], skipped: [] });
    expect((await run('looked', 103, 2, ['a_bad'], /nothing/)).put).to.deep.equal([]);
    const { put: whole, columns } = await run('looked', 104, 8, ['a_bad'], /nothing/);
    expect({ whole, columns }).to.deep.equal({ whole: ['a_bad'], columns: 6 });
  });

  it('is gone on with where a run that is cancelled left it, and one that learnt nothing leaves nothing', async () => {
    const refuses = /(?=.*"a_bad").*(?:MIN|MAX|AVG|TOTAL)\([^,]*"c[14]"/s;
    const whole = (await run('whole', 1, 1_000, ['a_bad'], refuses)).sent.length;
    const before = (await run('cancelled', 1, 1_000, ['a_bad'], refuses, { endsAt: 15 })).skipped;
    expect(before).to.deep.equal(['a_bad: the run ended in its midst; the next one goes on there']);
    const { put, columns, sent } = await run('cancelled', 2, 1_000, ['a_bad'], refuses);
    expect({ put, columns }).to.deep.equal({ put: ['a_bad'], columns: 6 });
    // what was answered is one statement again, and so is the one that was ended
    expect(sent.length).to.be.at.most(whole - 15 + 4);
    expect((await run('at-first', 1, 1_000, ['a_bad'], refuses, { endsAt: 1 })).skipped).to.deep.equal([
      'a_bad: the run ended before its turn',
    ]);
    expect(await readMemory(temporary.store, 'at-first')).to.equal(undefined);
  });

  it('comes before those that were profiled since, which prove nothing of what they hold', async () => {
    const refuses = /(?=.*"a_bad").*(?:MIN|MAX|AVG|TOTAL)\([^,]*"c[14]"/s;
    const names = ['a_bad', ...PLAIN.slice(0, 4)];
    const runs: string[][] = [];
    for (let at = 1; at < 20 && !runs.flat().includes('a_bad'); at += 1)
      runs.push((await run('views', at, 9, names, refuses, { isView: true })).put);
    const before = runs.flat().slice(0, runs.flat().indexOf('a_bad'));
    expect(before, JSON.stringify(runs)).to.have.members(PLAIN.slice(0, 4));
    expect(runs.length).to.be.above(2);
  });

  it('goes on where its split was cut, so that each run needs fewer statements', async () => {
    const refuses = /(?=.*"a_bad").*(?:MIN|MAX|AVG|TOTAL)\([^,]*"c[14]"/s;
    const whole = await run('at-once', 1, 1_000, ['a_bad'], refuses);
    expect(whole.put).to.deep.equal(['a_bad']);
    const sent: number[] = [];
    let put: string[] = [];
    for (let at = 1; put.length === 0 && at < 20; at += 1) {
      const seen = await run('in-parts', at, 9, ['a_bad'], refuses);
      sent.push(seen.sent.length);
      ({ put } = seen);
    }
    expect(put, String(sent)).to.deep.equal(['a_bad']);
    expect(Math.max(...sent)).to.be.at.most(9);
    // the first run beside, each asks for what is known to be answered, for what was refused, and for what it probes
    const again = 4 * (sent.length - 1);
    expect(
      sent.reduce((sum, each) => sum + each) - again,
      `${whole.sent.length} at once; ${String(sent)}`
    ).to.be.at.most(whole.sent.length);
  });
});
