import { expect } from 'chai';
import { PermanentError, TransientError } from '../../src/errors/index.js';
import {
  findSource,
  type LogCursor,
  type LogRecord,
  type LogWindow,
  type QueryLogOptions,
  type QueryLogSource,
} from '../../src/sources/index.js';
import { startFakesnow, type Fakesnow } from '../services/fakesnow.js';
import { emulatedConnection } from './sources/snowflake-emulated.js';

const DAY = 24 * 3_600_000;
const ALL: QueryLogOptions = { resultLimit: 0, storedProcedures: true };
/** A day of its own for rows that a test adds. */
const OWN_DAY = Date.UTC(2024, 5, 1);
const HISTORY = 'SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY';

type Load = Extract<LogRecord, { kind: 'load' }>;
type Unreadable = Extract<LogRecord, { kind: 'unreadable' }>;

interface Read {
  /** Texts and edges. */
  readonly records: Exclude<LogRecord, Load | Unreadable>[];
  readonly loads: Load[];
  readonly cursors: LogCursor[];
}

/** The SQL itself, on the seeded emulator; results come in chunks of three rows. */
describe('Snowflake query log on the emulator', () => {
  let fakesnow: Fakesnow;
  let opened: QueryLogSource[] = [];
  let warnings: string[] = [];
  let statements = 0;

  before(async () => {
    fakesnow = await startFakesnow({ chunkRows: 3 });
    await fakesnow.seed();
  });
  afterEach(async () => {
    await Promise.all(opened.map((log) => log.close()));
    await fakesnow.control({ errors: [] });
    [opened, warnings] = [[], []];
  });
  after(() => fakesnow.stop());

  async function open(config: Readonly<Record<string, unknown>> = {}): Promise<QueryLogSource> {
    const { openQueryLog } = findSource('snowflake');
    if (openQueryLog === undefined) throw new Error('snowflake has no query log');
    const log = await openQueryLog(emulatedConnection(fakesnow, config), {
      runTag: 'query log test',
      signal: new AbortController().signal,
      onStatement: () => (statements += 1),
      onWarning: (message) => warnings.push(message),
    });
    opened.push(log);
    return log;
  }

  async function read(window: LogWindow, options: QueryLogOptions = ALL, after?: LogCursor): Promise<Read> {
    const log = await open();
    const [records, loads, cursors]: [Read['records'], Load[], LogCursor[]] = [[], [], []];
    statements = 0;
    for await (const { record, cursor } of log.read(window, options, after)) {
      if (record.kind === 'load') loads.push(record);
      else if (record.kind !== 'unreadable') records.push(record);
      cursors.push(cursor);
    }
    return { records, loads, cursors };
  }

  function today(log: string): LogWindow {
    const day = Math.floor(Date.now() / DAY) * DAY;
    return { from: day - DAY, to: day + DAY, log };
  }
  const ownDay: LogWindow = { from: OWN_DAY, to: OWN_DAY + DAY, log: 'query-history' };

  /** Adds a row of the history; times in seconds after the own day's beginning. */
  async function ran(
    id: string,
    type: string,
    text: string | null,
    {
      at = 0,
      to,
      session = 1,
      status = 'SUCCESS',
    }: { at?: number; to?: number; session?: number; status?: string } = {}
  ): Promise<void> {
    const time = (seconds: number): string => `TO_TIMESTAMP_LTZ(${OWN_DAY + seconds * 1000}, 3)`;
    await fakesnow.execute(
      `INSERT INTO ${HISTORY} (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, SESSION_ID, EXECUTION_STATUS, START_TIME, END_TIME)
       SELECT '${id}', ${text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`}, '${type}', 'DB', 'SCH', ${session}, '${status}', ${time(at)}, ${time(to ?? at)}`
    );
  }
  const forget = (): Promise<unknown> => fakesnow.execute(`DELETE FROM ${HISTORY} WHERE DATABASE_NAME = 'DB'`);

  const texts = ({ records }: Read): string[] => records.map((record) => record.text ?? '');

  it('gives the statements of QUERY_HISTORY that may carry lineage, in order, by one statement', async () => {
    const { records } = await read(today('query-history'));
    expect(statements).to.equal(1);
    // What failed, deleted, selected, or was a plain view, is not among them.
    expect(records.map((record) => (record.kind === 'query' ? record.queryType : record.kind))).to.deep.equal([
      'CREATE_TABLE_AS_SELECT',
      'CREATE_TABLE_AS_SELECT',
      'INSERT',
      'INSERT',
      'MERGE',
      'UPDATE',
      'CREATE_TABLE',
      'ALTER',
      'COPY',
      'COPY',
      'UNLOAD',
      'MULTI_TABLE_INSERT',
      'INSERT',
    ]);
    const times = records.map((record) => record.startedAt ?? 0);
    expect(times).to.deep.equal([...times].sort((left, right) => left - right));
    expect(records.flatMap((record) => (record.procedure === undefined ? [] : [record.procedure]))).to.deep.equal([
      ['FINANCE', 'LEDGER', 'POST_ORDERS'],
    ]);
  });

  it('gives the edges of ACCESS_HISTORY without stages and self-edges, by one statement', async () => {
    const { records } = await read(today('access-history'));
    expect(statements).to.equal(1);
    const ends = records.map((record) =>
      record.kind === 'edge' ? `${record.from.join('.')} → ${record.to.join('.')}` : ''
    );
    expect(ends.sort()).to.deep.equal([
      'ANALYTICS.RAW.CUSTOMERS → ANALYTICS.MART.DIM_CUSTOMER',
      'ANALYTICS.RAW.ORDERS → ANALYTICS.MART.FCT_ORDERS',
      'ANALYTICS.RAW.ORDERS → FINANCE.LEDGER.JOURNAL',
      'ANALYTICS.RAW.ORDER_ITEMS → ANALYTICS.MART.FCT_ORDERS',
      'ANALYTICS.RAW.PRODUCTS → ANALYTICS.MART.DIM_PRODUCT',
    ]);
  });

  for (const log of ['query-history', 'access-history']) {
    it(`resumes after any cursor of ${log} with the same records: without a statement, or with one when the result is gone`, async () => {
      const { records, cursors } = await read(today(log));
      for (const [index, cursor] of cursors.entries()) {
        expect((await read(today(log), ALL, cursor)).records).to.deep.equal(records.slice(index + 1));
        expect(statements).to.equal(0);
        const gone = await read(today(log), ALL, { ...cursor, query: '01b2c3d4-0000-0000-0000-000000000000' });
        expect(gone.records).to.deep.equal(records.slice(index + 1));
        expect(statements).to.equal(1);
      }
    });
  }

  it('reads an empty window', async () => {
    expect((await read({ ...ownDay, from: OWN_DAY - DAY, to: OWN_DAY })).records).to.deep.equal([]);
  });

  it('keeps an order of statements of the same time, and cuts windows at their ends', async () => {
    for (const id of ['c', 'a', 'b']) await ran(id, 'MERGE', `MERGE ${id}`, { at: 5 });
    await ran('before', 'MERGE', 'MERGE before', { at: -1 });
    await ran('first', 'MERGE', 'MERGE first', { at: 0 });
    await ran('next', 'MERGE', 'MERGE next', { at: 86_400 });
    const whole = await read(ownDay);
    expect(texts(whole)).to.deep.equal(['MERGE first', 'MERGE a', 'MERGE b', 'MERGE c']);
    const gone = await read(ownDay, ALL, { ...whole.cursors[1], query: 'gone' });
    expect(texts(gone)).to.deep.equal(['MERGE b', 'MERGE c']);
    expect(texts(await read({ ...ownDay, log: 'query-history:2' }))).to.deep.equal(['MERGE b', 'MERGE c']);
    await forget();
  });

  it('takes the kinds of statements that write from other tables, whatever their case, and leaves out comments of its own and of dbt', async () => {
    const wanted = [
      ['INSERT', 'insert\noverwrite into t select 1 from s'],
      ['ALTER', 'alter table a SWAP with b'],
      ['ALTER_TABLE', 'ALTER TABLE a SWAP WITH b'],
      ['CREATE_TABLE', 'create table a Clone b'],
      ['CREATE_VIEW', 'create or replace temporary view v as select 1 from s'],
      ['MERGE', '/* mine */ merge into t using s'],
    ] as const;
    const unwanted = [
      ['INSERT', 'insert into t values (1)'],
      ['ALTER', 'alter table a add column b int'],
      ['CREATE_TABLE', 'create table a (b int)'],
      ['CREATE_VIEW', 'create view v as select 1 from s'],
      ['DELETE', 'delete from t using s'],
      // its statements have rows of their own
      ['MULTI_STATEMENT', 'merge into t using s; merge into u using t'],
      ['MERGE', '/* {"app": "OpenMetadata", "version": "1"} */ merge into t using s'],
      ['MERGE', '/* {"app": "dbt", "dbt_version": "1"} */ merge into t using s'],
    ] as const;
    for (const [index, [type, text]] of [...wanted, ...unwanted].entries())
      await ran(`k-${index}`, type, text, { at: index });
    await ran('failed', 'MERGE', 'merge that failed', { at: 50, status: 'FAIL' });
    expect(texts(await read(ownDay))).to.deep.equal(wanted.map(([, text]) => text));
    await forget();
  });

  it('finds the innermost procedure of the same session, also of one that began before the window', async () => {
    await ran('outer', 'CALL', 'CALL NIGHTLY()', { at: -3600, to: 300, session: 7 });
    await ran('inner', 'CALL', 'call "load"(1)', { at: 10, to: 20, session: 7 });
    await ran('m-1', 'MERGE', 'in the outer', { at: 5, session: 7 });
    await ran('m-2', 'MERGE', 'in the inner', { at: 15, session: 7 });
    await ran('m-3', 'MERGE', 'in another session', { at: 16, session: 8 });
    await ran('m-4', 'MERGE', 'behind', { at: 400, session: 7 });
    const named = ({ records }: Read): unknown[] => records.map(({ text, procedure }) => [text, procedure?.join('.')]);
    expect(named(await read(ownDay))).to.deep.equal([
      ['in the outer', 'DB.SCH.NIGHTLY'],
      ['in the inner', 'DB.SCH.load'],
      ['in another session', undefined],
      ['behind', undefined],
    ]);
    const without = await read(ownDay, { ...ALL, storedProcedures: false });
    expect(without.records.map(({ procedure }) => procedure)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    await forget();
  });

  it('gives edges from streams and every other kind of table and view that ACCESS_HISTORY names', async () => {
    const kinds = ['Stream', 'Event table', 'Semantic view', 'Interactive table', 'Stage', 'Function'];
    const objects = (all: readonly string[]): string =>
      JSON.stringify(all.map((objectDomain, index) => ({ objectDomain, objectName: `D.S.T${index}`, columns: [] })));
    const table = 'SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY';
    await fakesnow.execute(
      `INSERT INTO ${table} SELECT 'kinds', TO_TIMESTAMP_LTZ(${OWN_DAY}, 3), 'ETL', PARSE_JSON('${objects(kinds)}'), PARSE_JSON('[]'), PARSE_JSON('[{"objectDomain":"Table","objectName":"D.S.W"}]')`
    );
    const { records } = await read({ ...ownDay, log: 'access-history' });
    const from = records.map((record) => (record.kind === 'edge' ? record.from.join('.') : ''));
    expect(from.sort()).to.deep.equal(['D.S.T0', 'D.S.T1', 'D.S.T2', 'D.S.T3']);
    await fakesnow.execute(`DELETE FROM ${table} WHERE QUERY_ID = 'kinds'`);
  });

  it('says of statements without a text that they have no lineage, and reads the others', async () => {
    await ran('n-1', 'MERGE', null, { at: 1 });
    await ran('n-2', 'UPDATE', '', { at: 2 });
    await ran('n-3', 'MERGE', 'with a text', { at: 3 });
    expect(texts(await read(ownDay))).to.deep.equal(['with a text']);
    expect(warnings.join()).to.contain('has 2 statements without a text: no lineage comes from them.');
    await forget();
  });

  it('takes filterConditions of either log', async () => {
    const history = { ...ALL, filterCondition: "USER_NAME = 'ADMIN' OR 1 = 0 -- only these" };
    expect(texts(await read(today('query-history'), history)).map((text) => text.split(' ')[0])).to.deep.equal([
      'CREATE',
      'ALTER',
    ]);
    const access = {
      ...ALL,
      filterCondition: "DOWNSTREAM_TABLE LIKE '%FCT_ORDERS' AND UPSTREAM_TABLE NOT LIKE '%ITEMS'",
    };
    expect((await read(today('access-history'), access)).records).to.have.length(1);
  });

  it('plans the newest statements of the range', async () => {
    const log = await open({ useAccessHistory: false });
    const [window, ...more] = await log.windows(today(''), { ...ALL, resultLimit: 4 });
    expect(more).to.deep.equal([]);
    expect(window?.log).to.equal('query-history:4');
    expect(warnings[0]).to.contain('13 statements').and.contain('newest 4');
    if (window === undefined) return;
    expect((await read(window)).records.at(-1)?.procedure?.[2]).to.equal('POST_ORDERS');
  });

  it('falls back to QUERY_HISTORY without ACCESS_HISTORY, and ends with the grant without both', async () => {
    const refuse = (match: string): Promise<void> =>
      fakesnow.control({ errors: [{ match, code: '002003', message: 'does not exist or not authorized' }] });
    await refuse('ACCESS_HISTORY');
    const log = await open();
    expect((await log.windows(today(''), ALL)).map((window) => window.log)).to.deep.equal([
      'query-history',
      'query-history',
    ]);
    expect(warnings).to.have.length(1);
    await refuse('(ACCESS|QUERY)_HISTORY');
    const error = await log.windows(today(''), ALL).then(
      () => undefined,
      (thrown: unknown) => thrown
    );
    expect(error).to.be.instanceOf(PermanentError).with.property('remedy').that.contains('GRANT IMPORTED PRIVILEGES');
  });

  it('leaves a lost session to a retry', async () => {
    await fakesnow.control({ errors: [{ match: 'QUERY_HISTORY', code: '390112', message: 'expired', times: 1 }] });
    const error = await read(today('query-history')).then(
      () => undefined,
      (thrown: unknown) => thrown
    );
    expect(error).to.be.instanceOf(TransientError);
    expect((await read(today('query-history'))).records).to.have.length(13);
  });

  it('gives loads from external locations, once per location and table, and resumes after any of them', async () => {
    const loaded = "DATEADD('hour', -1, CURRENT_TIMESTAMP())";
    for (const table of ['STG_ORDERS', 'STG_ITEMS']) {
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY VALUES ('f', 's3://logs/', ${loaded}, 1, 'Loaded', 'ANALYTICS', 'RAW', '${table}')`
      );
    }
    const { loads, cursors } = await read(today('copy-history'));
    expect(statements).to.equal(1);
    expect(loads.map(({ location, to }) => `${location} > ${to.join('.')}`).sort()).to.deep.equal([
      's3://logs/ > ANALYTICS.RAW.STG_ITEMS',
      's3://logs/ > ANALYTICS.RAW.STG_ORDERS',
      's3://shop-files/exports/ > ANALYTICS.RAW.STG_ORDERS',
    ]);
    for (const [index, cursor] of cursors.entries()) {
      expect((await read(today('copy-history'), ALL, cursor)).loads).to.deep.equal(loads.slice(index + 1));
      const gone = await read(today('copy-history'), ALL, { ...cursor, query: 'gone' });
      expect(gone.loads).to.deep.equal(loads.slice(index + 1));
    }
    expect(warnings).to.deep.equal([]);
    await fakesnow.execute("DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY WHERE STAGE_LOCATION = 's3://logs/'");
  });
});
