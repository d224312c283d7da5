import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../../src/errors/index.js';
import type { LogCursor, LogWindow, QueryLogOptions } from '../../../../src/sources/index.js';
import { openSnowflakeQueryLog } from '../../../../src/sources/snowflake/query-log.js';
import {
  collect,
  configWith,
  driverError,
  FakeDriver,
  recordedContext,
  thrownBy,
  type Answer,
  type FakeRow,
  type RecordedContext,
} from './fake-driver.js';

const DAY = 24 * 3_600_000;
const FROM = Date.UTC(2024, 3, 1);
const RANGE = { from: FROM, to: FROM + 5 * DAY };
const ALL: QueryLogOptions = { resultLimit: 0, storedProcedures: true };
const REFUSED = driverError('002003', 'Object ACCESS_HISTORY does not exist or not authorized.');

async function plan(
  answers: (sql: string) => Answer | undefined,
  options: QueryLogOptions = ALL,
  config: Readonly<Record<string, unknown>> = {}
): Promise<{ windows: readonly LogWindow[]; context: RecordedContext; driver: FakeDriver }> {
  const driver = new FakeDriver({ answer: ({ sql }) => answers(sql) });
  const context = recordedContext();
  const log = await openSnowflakeQueryLog(configWith(config), context, driver);
  const windows = await log.windows(RANGE, options);
  await log.close();
  return { windows, context, driver };
}

/** The windows' days and log: `1-2 access-history`. */
function shape(windows: readonly LogWindow[]): string[] {
  return windows.map(({ from, to, log }) => `${(from - FROM) / DAY}-${(to - FROM) / DAY} ${log}`);
}

describe('Snowflake: windows of the query log', () => {
  const hasAccess = (sql: string): Answer | undefined =>
    sql.includes('ACCESS_HISTORY LIMIT 1') ? [{ QUERY_ID: 'q' }] : undefined;

  it('are of ACCESS_HISTORY where one probe can read it, then of COPY_HISTORY', async () => {
    const { windows, context, driver } = await plan(hasAccess);
    expect(shape(windows)).to.deep.equal([
      '0-2 access-history',
      '2-4 access-history',
      '4-5 access-history',
      '0-5 copy-history',
    ]);
    expect(context.warnings).to.deep.equal([]);
    // Session parameters and identity, then the probe.
    expect(driver.asked).to.have.length(3);
    const { windows: larger } = await plan(hasAccess, ALL, { accessHistoryChunkSize: 5 });
    expect(shape(larger)).to.deep.equal(['0-5 access-history', '0-5 copy-history']);
  });

  it('are days of QUERY_HISTORY when ACCESS_HISTORY is refused, with a warning that says why and what to grant', async () => {
    const { windows, context } = await plan((sql) => (sql.includes('ACCESS_HISTORY') ? REFUSED : undefined));
    expect(shape(windows)).to.deep.equal([0, 1, 2, 3, 4].map((day) => `${day}-${day + 1} query-history`));
    expect(context.warnings).to.have.length(1);
    expect(context.warnings[0])
      .to.contain('ACCESS_HISTORY does not exist')
      .and.contain('QUERY_HISTORY')
      .and.contain('GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE READER;');
  });

  it('are days of QUERY_HISTORY when ACCESS_HISTORY is empty, which is said', async () => {
    const { windows, context } = await plan(() => undefined);
    expect(windows[0]?.log).to.equal('query-history');
    expect(context.warnings[0]).to.contain('ACCESS_HISTORY is empty');
  });

  it('are not decided by an error that passes', async () => {
    const lost = driverError('000604', 'cancelled');
    const error = await thrownBy(() => plan((sql) => (sql.includes('ACCESS_HISTORY') ? lost : undefined)));
    expect(error).to.be.instanceOf(TransientError);
  });

  it('do not ask for ACCESS_HISTORY when the recipe does not want it', async () => {
    const { windows, driver, context } = await plan(() => undefined, ALL, { useAccessHistory: false });
    expect(windows).to.have.length(5);
    expect(driver.asked.filter(({ sql }) => sql.includes('ACCESS_HISTORY'))).to.deep.equal([]);
    expect(context.warnings).to.deep.equal([]);
  });

  it('end the run with the grant when QUERY_HISTORY can’t be read', async () => {
    const error = await thrownBy(() =>
      plan((sql) => (sql.includes('QUERY_HISTORY') ? REFUSED : undefined), ALL, { useAccessHistory: false })
    );
    expect(error).to.be.instanceOf(PermanentError).with.property('remedy').that.contains('GRANT IMPORTED PRIVILEGES');
  });

  const counts =
    (rows: readonly FakeRow[]) =>
    (sql: string): Answer | undefined =>
      sql.includes('COUNT(*)') ? rows : undefined;

  it('give resultLimit to the newest statements, and leave out days of which none is left', async () => {
    const rows = [
      { DAY_NUMBER: 1, TEXTS: 50 },
      { DAY_NUMBER: 2, TEXTS: 30 },
      { DAY_NUMBER: 4, TEXTS: 20 },
    ];
    const { windows, context } = await plan(counts(rows), { ...ALL, resultLimit: 40 }, { useAccessHistory: false });
    expect(shape(windows)).to.deep.equal(['2-3 query-history:20', '4-5 query-history:20']);
    expect(context.warnings).to.deep.equal([
      'SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY has 100 statements that may carry lineage; resultLimit reads the newest 40 of them. 0 reads all.',
    ]);
  });

  it('are whole days when all statements fit into resultLimit', async () => {
    const { windows, context } = await plan(
      counts([{ DAY_NUMBER: 1, TEXTS: 40 }]),
      { ...ALL, resultLimit: 40 },
      { useAccessHistory: false }
    );
    expect(shape(windows)).to.deep.equal([0, 1, 2, 3, 4].map((day) => `${day}-${day + 1} query-history`));
    expect(context.warnings).to.deep.equal([]);
  });

  it('refuse a filterCondition that the chosen log does not take, and name the columns it has', async () => {
    const invalid = driverError('000904', "invalid identifier 'USERNAME'");
    const answers = (sql: string): Answer | undefined => (sql.includes('(USERNAME = 1\n)') ? invalid : hasAccess(sql));
    const options = { ...ALL, filterCondition: 'USERNAME = 1' };
    const access = await thrownBy(() => plan(answers, options));
    expect(access)
      .to.be.instanceOf(PermanentError)
      .with.property('remedy')
      .that.contains('UPSTREAM_TABLE, DOWNSTREAM_TABLE');
    const history = await thrownBy(() => plan(answers, options, { useAccessHistory: false }));
    expect(history).to.be.instanceOf(PermanentError).with.property('remedy').that.contains('QUERY_TEXT');
    expect(history).to.have.property('where', 'source.sourceConfig.config.filterCondition');
  });
});

describe('Snowflake: a window of QUERY_HISTORY', () => {
  const WINDOW: LogWindow = { from: FROM, to: FROM + DAY, log: 'query-history' };
  const rows = [0, 1, 2, 3].map((n) => ({
    QUERY_ID: `q-${n}`,
    QUERY_TEXT: `INSERT INTO T SELECT ${n} FROM S`,
    QUERY_TYPE: 'INSERT',
    DATABASE_NAME: n === 0 ? null : 'DB',
    SCHEMA_NAME: n === 0 ? null : 'SCH',
    USER_NAME: 'ETL',
    STARTED_MS: FROM + n,
    TOTAL_ELAPSED_TIME: '250',
    CALL_TEXT: n === 3 ? 'CALL LOAD(1)' : null,
    CALL_DATABASE: 'DB',
    CALL_SCHEMA: 'SCH',
  }));

  async function reading(answer: (sql: string) => Answer | undefined = () => rows): Promise<{
    driver: FakeDriver;
    read: (
      after?: LogCursor,
      window?: LogWindow,
      options?: QueryLogOptions
    ) => Promise<{ texts: string[]; cursors: LogCursor[] }>;
    statements: () => string[];
  }> {
    const driver = new FakeDriver({ answer: ({ sql }) => (sql.includes('_HISTORY') ? answer(sql) : undefined) });
    const log = await openSnowflakeQueryLog(configWith(), recordedContext(), driver);
    return {
      driver,
      read: async (after, window = WINDOW, options = ALL) => {
        const all = await collect(log.read(window, options, after));
        return {
          texts: all.map(({ record }) => ('text' in record ? record.text : '')),
          cursors: all.map(({ cursor }) => cursor),
        };
      },
      statements: () => driver.asked.map(({ sql }) => sql).filter((sql) => sql.includes('_HISTORY')),
    };
  }

  it('is one statement, whose rows become texts with their place, time, user and procedure', async () => {
    const driver = new FakeDriver({ answer: ({ sql }) => (sql.includes('_HISTORY') ? rows : undefined) });
    const context = recordedContext();
    const log = await openSnowflakeQueryLog(configWith(), context, driver);
    const before = context.statements.length;
    const records = (await collect(log.read(WINDOW, ALL))).map(({ record }) => record);
    expect(context.statements.length - before).to.equal(1);
    expect(records[0]).to.deep.equal({
      kind: 'query',
      text: 'INSERT INTO T SELECT 0 FROM S',
      startedAt: FROM,
      durationMs: 250,
      user: 'ETL',
      queryType: 'INSERT',
    });
    expect(records[3]).to.deep.include({ database: 'DB', schema: 'SCH', procedure: ['DB', 'SCH', 'LOAD'] });
  });

  it('resumes after any cursor from the same result, without a statement', async () => {
    const { driver, read, statements } = await reading();
    const { texts, cursors } = await read();
    for (const [index, cursor] of cursors.entries()) {
      expect((await read(cursor)).texts).to.deep.equal(texts.slice(index + 1));
      expect(JSON.stringify(cursor).length).to.be.below(1024);
    }
    expect(statements()).to.have.length(1);
    expect(new Set(driver.fetched).size).to.equal(1);
  });

  it('runs again after the last row when Snowflake no longer has the result, and its cursors belong to the new one', async () => {
    const { driver, read, statements } = await reading((sql) => (sql.includes("> 'q-1'") ? rows.slice(2) : rows));
    const { texts, cursors } = await read();
    driver.forgets = true;
    const rest = await read(cursors[1]);
    expect(rest.texts).to.deep.equal(texts.slice(2));
    expect(statements()[1]).to.contain(
      `Q.STARTED_MS > ${FROM + 1} OR (Q.STARTED_MS = ${FROM + 1} AND Q.QUERY_ID > 'q-1')`
    );
    driver.forgets = false;
    expect((await read(rest.cursors[0])).texts).to.deep.equal(texts.slice(3));
    expect(statements()).to.have.length(2);
  });

  it('throws when its result is cut short', async () => {
    const { read } = await reading(() => ({ rows: rows.slice(0, 2), claimed: 4 }));
    expect(await thrownBy(() => read()))
      .to.be.instanceOf(TransientError)
      .with.property('message')
      .that.contains('2 of 4');
  });

  it('takes the newest statements of a limited window in the order they ran', async () => {
    const { read, statements } = await reading();
    await read(undefined, { ...WINDOW, log: 'query-history:2' });
    expect(statements()[0]).to.contain('ORDER BY STARTED_MS DESC, QUERY_ID DESC LIMIT 2');
    expect(statements()[0]).to.match(/ORDER BY Q\.STARTED_MS, Q\.QUERY_ID$/);
  });

  it('looks for procedures only when they are wanted, and keeps a condition in its brackets', async () => {
    const { read, statements } = await reading();
    const options = { resultLimit: 0, storedProcedures: false, filterCondition: "USER_NAME = 'ETL' -- only this" };
    await read(undefined, WINDOW, options);
    expect(statements()[0]).not.to.contain("'CALL'");
    expect(statements()[0]).to.contain("AND (USER_NAME = 'ETL' -- only this\n)");
  });
});
