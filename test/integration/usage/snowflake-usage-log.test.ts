import { expect } from 'chai';
import {
  findSource,
  type CheckResult,
  type CountedQuery,
  type LogWindow,
  type UsageLogOptions,
  type UsageLogSource,
} from '../../../src/sources/index.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { connectToFakesnow } from '../../services/fakesnow/client.js';
import { parameterizedHash } from '../../services/fakesnow/seed.js';
import { emulatedConnection } from '../sources/snowflake-emulated.js';

const DAY = 24 * 3_600_000;
/** Two days of their own for rows that the test adds. */
const FIRST = Date.UTC(2024, 5, 1);
const ALL: UsageLogOptions = { resultLimit: 0, users: { includes: [], excludes: [] } };

interface Run {
  readonly id: string;
  readonly text: string | null;
  readonly day: number;
  readonly user: string | null;
  readonly type?: string;
  readonly status?: string;
  /** QUERY_TAG of the session. */
  readonly tag?: string;
  /** QUERY_PARAMETERIZED_HASH, if not that of the text. */
  readonly hash?: string | null;
  /** DATABASE_NAME and SCHEMA_NAME. */
  readonly place?: readonly [string, string] | null;
  /** Absent: ACCESS_HISTORY does not have the run. */
  readonly access?: {
    /** `D.S.T`, or with its kind: `Stream D.S.T`. */
    readonly direct: readonly string[];
    readonly base?: readonly string[];
    readonly written?: readonly string[];
  };
}

const RUNS: readonly Run[] = [
  {
    id: 'u1',
    text: 'SELECT * FROM V WHERE ID = 1',
    day: 0,
    user: 'ANALYST',
    access: { direct: ['D.S.V'], base: ['D.S.T'] },
  },
  {
    id: 'u2',
    text: 'SELECT * FROM V WHERE ID = 2',
    day: 0,
    user: 'ETL',
    access: { direct: ['D.S.V'], base: ['D.S.T'] },
  },
  {
    id: 'u3',
    text: 'SELECT * FROM V WHERE ID = 3',
    day: 1,
    user: 'ANALYST',
    access: { direct: ['D.S.V'], base: ['D.S.T'] },
  },
  {
    id: 'u4',
    text: 'INSERT INTO W SELECT * FROM T',
    day: 1,
    user: 'ETL',
    type: 'INSERT',
    access: { direct: ['D.S.T'], written: ['D.S.W'] },
  },
  { id: 'u5', text: 'SELECT * FROM LATE', day: 1, user: 'ANALYST' },
  {
    id: 'u6',
    text: 'SELECT * FROM V WHERE ID = 9',
    day: 1,
    user: 'ANALYST',
    status: 'FAIL',
    access: { direct: ['D.S.V'] },
  },
  { id: 'u7', text: 'SHOW TABLES', day: 1, user: 'ANALYST', type: 'SHOW' },
];

function accessed(name: string): { objectDomain: string; objectName: string } {
  const [, objectDomain = 'Table', objectName = ''] = /^(?:(.*) )?(\S+)$/.exec(name) ?? [];
  return { objectDomain, objectName };
}

describe('Snowflake usage log on the emulator', () => {
  let fakesnow: Fakesnow;
  let warnings: string[] = [];
  let opened: UsageLogSource[] = [];
  let statements = 0;

  before(async () => {
    fakesnow = await startFakesnow({ chunkRows: 3 });
    await fakesnow.seed();
    for (const run of RUNS) await runs(run);
  });
  afterEach(async () => {
    await Promise.all(opened.map((log) => log.close()));
    opened = [];
    warnings = [];
  });
  after(() => fakesnow.stop());

  async function runs(run: Run): Promise<void> {
    const time = ({ day }: Run): string => `TO_TIMESTAMP_LTZ(${FIRST + day * DAY + 3_600_000}, 3)`;
    const objects = (names: readonly string[] = []): string => JSON.stringify(names.map(accessed));
    const { id, text, user, type = 'SELECT', status = 'SUCCESS', tag = null, access, place = ['D', 'S'] } = run;
    const { hash = parameterizedHash(text ?? '') } = run;
    const value = (of: string | null = null): string => (of === null ? 'NULL' : `'${of.replaceAll("'", "''")}'`);
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME, SESSION_ID, EXECUTION_STATUS, START_TIME, END_TIME, TOTAL_ELAPSED_TIME, CREDITS_USED_CLOUD_SERVICES, QUERY_PARAMETERIZED_HASH, QUERY_TAG)
       SELECT '${id}', ${value(text)}, '${type}', ${value(place?.[0])}, ${value(place?.[1])}, ${value(user)}, 1, '${status}', ${time(run)}, ${time(run)}, 100, 0.5, ${value(hash)}, ${value(tag)}`
    );
    if (access !== undefined) {
      await fakesnow.execute(
        `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY SELECT '${id}', ${time(run)}, ${value(user)}, PARSE_JSON('${objects(access.direct)}'), PARSE_JSON('${objects(access.base)}'), PARSE_JSON('${objects(access.written)}')`
      );
    }
  }

  async function open(config: Readonly<Record<string, unknown>> = {}): Promise<UsageLogSource> {
    const { openUsageLog } = findSource('snowflake');
    if (openUsageLog === undefined) throw new Error('snowflake has no usage log');
    const log = await openUsageLog(emulatedConnection(fakesnow, config), {
      runTag: 'usage test',
      signal: new AbortController().signal,
      onStatement: () => (statements += 1),
      onWarning: (message) => warnings.push(message),
    });
    opened.push(log);
    return log;
  }

  async function read(
    config: Readonly<Record<string, unknown>> = {},
    options = ALL,
    range = { from: FIRST, to: FIRST + 2 * DAY }
  ): Promise<CountedQuery[]> {
    const log = await open(config);
    const windows: readonly LogWindow[] = await log.windows(range, options);
    statements = 0;
    const records: CountedQuery[] = [];
    for (const window of windows) {
      for await (const { record } of log.read(window, options)) if (record.kind === 'counted') records.push(record);
    }
    return records.sort((left, right) => (left.text < right.text ? -1 : 1));
  }

  const days = (runs: readonly [day: number, runs: number][]): unknown =>
    runs.map(([day, count]) => ({
      day: FIRST + day * DAY,
      runs: count,
      durationMs: 100 * count,
      cost: 0.5 * 3.3 * count,
    }));

  it('counts by text, tables, day and user inside the warehouse: views and what is under them, and what ACCESS_HISTORY lacks', async () => {
    const [insert, late, view] = await read();
    expect(statements).to.equal(1);
    expect(insert).to.deep.include({
      access: { read: [['D', 'S', 'T']], written: [['D', 'S', 'W']] },
      days: days([[1, 1]]),
    });
    expect(late?.access).to.equal(undefined);
    expect(late?.days).to.deep.equal(days([[1, 1]]));
    expect(view).to.deep.include({
      access: {
        read: [
          ['D', 'S', 'T'],
          ['D', 'S', 'V'],
        ],
        written: [],
      },
      days: days([
        [0, 2],
        [1, 1],
      ]),
      users: [
        { login: 'ANALYST', email: 'jane@example.com' },
        { login: 'ETL', email: 'etl@example.com' },
      ],
      newestAt: FIRST + DAY + 3_600_000,
      newestUser: 'ANALYST',
    });
    expect(view?.text).to.equal('SELECT * FROM V WHERE ID = 3');
  });

  it('reads QUERY_HISTORY alone when the recipe says so', async () => {
    const records = await read({ useAccessHistory: false });
    expect(records.map(({ text, access }) => [text.slice(0, 15), access])).to.deep.equal([
      ['INSERT INTO W S', undefined],
      ['SELECT * FROM L', undefined],
      ['SELECT * FROM V', undefined],
    ]);
  });

  it('has objects of every kind that may be a table of the catalog, but no stages, functions and services', async () => {
    const kinds = [
      ...['Table', 'View', 'Materialized view', 'Dynamic Table', 'EXTERNAL TABLE', 'Iceberg table', 'Event table'],
      ...['Interactive table', 'Semantic view', 'Stream'],
    ];
    const others = ['Stage', 'Function', 'FUNCTION', 'Procedure', 'Table function', 'Cortex search service'];
    const direct = [...kinds, ...others].map((kind, index) => `${kind} D.S.${'ABCDEFGHIJKLMNOPQ'.charAt(index)}`);
    const access = { direct, base: ['Stream D.S.J', 'D.S.T'] };
    await runs({ id: 'k1', text: 'SELECT 1 FROM A', day: 30, user: 'ANALYST', access });
    const [record, ...more] = await read({}, ALL, { from: FIRST + 30 * DAY, to: FIRST + 31 * DAY });
    expect(more).to.deep.equal([]);
    const names = record?.access?.read.map(([, , name]) => name);
    expect(names).to.deep.equal([...'ABCDEFGHIJ', 'T']);
  });

  it('counts what has no text by ACCESS_HISTORY, and tells what it cannot count', async () => {
    const day = 40;
    const [t, v] = [{ direct: ['D.S.T'] }, { direct: ['D.S.V'] }];
    const rows: readonly Omit<Run, 'day'>[] = [
      { id: 'n1', text: null, hash: null, user: 'ANALYST', access: t },
      { id: 'n2', text: '', hash: '', user: null, place: null, access: v },
      { id: 'n3', text: '', hash: null, user: 'ANALYST' },
      { id: 'n4', text: null, hash: null, user: null },
      // of one hash, the newest without a text
      { id: 'n5', text: 'SELECT 5 FROM W', hash: 'five', user: 'ETL', access: { direct: ['D.S.W'] } },
      { id: 'n6', text: null, hash: 'five', user: 'ETL', access: { direct: ['D.S.W'] } },
      // hashes that are none
      { id: 'n7', text: 'SELECT 7 FROM U', hash: '', user: '', place: ['D', ''] },
      { id: 'n8', text: 'SELECT 8 FROM U', hash: '', user: null, place: ['D', ''] },
    ];
    for (const row of rows) await runs({ ...row, day });
    const range = { from: FIRST + day * DAY, to: FIRST + (day + 1) * DAY };
    const short = (records: readonly CountedQuery[]): unknown =>
      records
        .map(({ text, access, days: [of], newestUser = '', database = '' }) =>
          [text, access?.read.map(([, , name]) => name).join(), of?.runs, newestUser, database].join('|')
        )
        .sort();
    expect(short(await read({}, ALL, range))).to.deep.equal([
      'SELECT 5 FROM W|W|2|ETL|D',
      'SELECT 7 FROM U||1||D',
      'SELECT 8 FROM U||1||D',
      '|T|1|ANALYST|D',
      '|V|1||',
    ]);
    const day40 = 'From 2024-07-11 on, QUERY_HISTORY has';
    expect(warnings).to.deep.equal([
      `${day40} 4 runs without a text: their joins don't count; ACCESS_HISTORY lacks 2 of them, which count for nothing.`,
    ]);
    warnings = [];
    expect(short(await read({ useAccessHistory: false }, ALL, range))).to.deep.equal([
      'SELECT 5 FROM W||2|ETL|D',
      'SELECT 7 FROM U||1||D',
      'SELECT 8 FROM U||1||D',
    ]);
    expect(warnings).to.deep.equal([`${day40} 4 runs without a text, which count for nothing.`]);
  });

  it('leaves out statements of dbt and of ingestions, and texts whose statements have rows of their own', async () => {
    const dbt = '/* {"app": "dbt", "dbt_version": "1.7.4", "node_id": "model.shop.fct"} */';
    const own = 'openmetadata-temporal-ingestion/0.1.0 profiler 1';
    const access = { direct: ['D.S.T'] };
    const rows: readonly Omit<Run, 'day' | 'user' | 'access'>[] = [
      { id: 'd1', text: `SELECT 1 FROM T\n${dbt};` },
      { id: 'd2', text: `SELECT 2 FROM T /* {"app":"dbt"} */` },
      { id: 'd3', text: `-- ${dbt}\nSELECT 3 FROM T` },
      { id: 'd4', text: 'SELECT COUNT(*) FROM T', tag: own },
      { id: 'd5', text: 'SELECT ID FROM T; INSERT INTO W SELECT 5', type: 'MULTI_STATEMENT' },
      { id: 'd6', text: 'SELECT ID FROM T' },
      { id: 'd7', text: 'EXECUTE IMMEDIATE $$\nBEGIN SELECT MAX(ID) FROM T; END $$', type: 'CALL' },
      { id: 'd11', text: 'WITH P AS PROCEDURE ()\nAS $$ BEGIN SELECT MAX(ID) FROM T; END $$ CALL P()', type: 'CALL' },
      { id: 'd12', text: "-- n\n/* x */ EXECUTE IMMEDIATE 'SELECT MAX(ID) FROM T'", type: 'SELECT' },
      { id: 'd8', text: 'SELECT MAX(ID) FROM T' },
      { id: 'd9', text: `SELECT '${dbt}' FROM T`, tag: 'nightly' },
      { id: 'd10', text: `SELECT 1 FROM T ${dbt} WHERE ID > 1` },
    ];
    for (const row of rows) await runs({ ...row, day: 20, user: 'ANALYST', access });
    const range = { from: FIRST + 20 * DAY, to: FIRST + 21 * DAY };
    for (const useAccessHistory of [true, false]) {
      const records = await read({ useAccessHistory }, ALL, range);
      expect(records.map(({ text }) => text)).to.deep.equal(
        ['d9', 'd10', 'd6', 'd8'].map((wanted) => rows.find(({ id }) => id === wanted)?.text)
      );
      expect(records.every(({ days: [day] }) => day?.runs === 1)).to.equal(true);
    }
  });

  it('asks once a window of accessHistoryChunkSize days, and counts the same', async () => {
    const whole = await read();
    const uses = (records: readonly CountedQuery[]): unknown =>
      records.flatMap(({ text, days: of }) => of.map(({ day, runs }) => `${text.slice(0, 15)} ${day} ${runs}`)).sort();
    const parts = await read({ accessHistoryChunkSize: 1 });
    expect(statements).to.equal(2);
    expect(uses(parts)).to.deep.equal(uses(whole));
  });

  it('is checked view by view: what can be done without each, and its grant', async () => {
    const { checkUsageLog } = findSource('snowflake');
    if (checkUsageLog === undefined) throw new Error('snowflake has no check of its usage log');
    const check = async (refused: string, options = ALL, code = '002003'): Promise<CheckResult[]> => {
      await fakesnow.control({
        errors: [{ match: refused, code, message: 'does not exist or not authorized' }],
      });
      const context = {
        ...{ runTag: 'usage test', signal: new AbortController().signal },
        ...{ onStatement: () => undefined, onWarning: () => undefined },
      };
      const found: CheckResult[] = [];
      for await (const each of checkUsageLog(emulatedConnection(fakesnow), context, options)) found.push(each);
      await fakesnow.control({ errors: [] });
      return found.filter(({ name }) => /ACCOUNT_USAGE|filterCondition/.test(name));
    };
    const short = ({ name, passed, mandatory }: CheckResult): string =>
      `${name.split('.').at(-1)} ${passed ? 'ok' : 'lacks'}${mandatory ? '' : ', optional'}`;
    const all = ['QUERY_HISTORY ok', 'ACCESS_HISTORY ok, optional', 'USERS ok, optional'];
    expect((await check('nothing at all')).map(short)).to.deep.equal(all);

    const narrow = await check('ACCOUNT_USAGE\\W+(ACCESS_HISTORY|USERS)');
    expect(narrow.map(short).slice(1)).to.deep.equal(['ACCESS_HISTORY lacks, optional', 'USERS lacks, optional']);
    expect(narrow[1]?.message).to.contain('Without it tables are read from the texts of QUERY_HISTORY');
    expect(narrow[2]?.remedy).to.contain('GRANT IMPORTED PRIVILEGES');

    const hashless = await check('QUERY_PARAMETERIZED_HASH', ALL, '000904');
    expect(hashless.map(short)[0]).to.equal('QUERY_HISTORY lacks');
    expect(hashless[0]?.remedy).to.contain('has not all columns').and.not.to.contain('GRANT');
    const refused = await check('COLOUR', { ...ALL, filterCondition: "COLOUR = 'red'" });
    expect(refused.map(short).at(-1)).to.equal('filterCondition lacks');
  });

  it('leaves out users, in the statement where the pattern allows it and in the reader in any case', async () => {
    for (const excludes of [['etl'], ['(?=etl)']]) {
      const records = await read({}, { ...ALL, users: { includes: [], excludes } });
      expect(records.flatMap(({ users }) => users.map(({ login }) => login))).to.deep.equal(['ANALYST', 'ANALYST']);
    }
  });

  it('resumes after any record, and gives the rest', async () => {
    const log = await open();
    const [window] = await log.windows({ from: FIRST, to: FIRST + 2 * DAY }, ALL);
    if (window === undefined) throw new Error('no window');
    const all: { text: string; cursor: Readonly<Record<string, string | number>> }[] = [];
    for await (const { record, cursor } of log.read(window, ALL))
      if (record.kind === 'counted') all.push({ text: record.text, cursor });
    for (const [index, { cursor }] of all.entries()) {
      const rest: string[] = [];
      for await (const { record } of log.read(window, ALL, cursor))
        if (record.kind === 'counted') rest.push(record.text);
      expect(rest).to.deep.equal(all.slice(index + 1).map(({ text }) => text));
    }
  });

  /** Rows that the statement of a reading fetches, sent once more as it was. */
  async function fetched(): Promise<number> {
    await read();
    const sent = (await fakesnow.statements()).at(-1);
    const connection = await connectToFakesnow(fakesnow.url, 'any');
    try {
      return (await connection.execute(sent?.sql ?? '', sent?.binds as (string | number)[])).length;
    } finally {
      await connection.close();
    }
  }

  it('fetches as many rows for ten times the queries of the same tables and users', async () => {
    const before = await fetched();
    expect(before).to.be.above(0);
    const copies = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `SELECT ${n} AS N`).join(' UNION ALL ');
    for (const [view, columns] of [
      [
        'QUERY_HISTORY',
        'QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, USER_NAME, SESSION_ID, EXECUTION_STATUS, START_TIME, END_TIME, TOTAL_ELAPSED_TIME, CREDITS_USED_CLOUD_SERVICES, QUERY_PARAMETERIZED_HASH',
      ],
      [
        'ACCESS_HISTORY',
        'QUERY_START_TIME, USER_NAME, DIRECT_OBJECTS_ACCESSED, BASE_OBJECTS_ACCESSED, OBJECTS_MODIFIED',
      ],
    ] as const) {
      const table = `SNOWFLAKE.ACCOUNT_USAGE.${view}`;
      await fakesnow.execute(
        `INSERT INTO ${table} (QUERY_ID, ${columns}) SELECT QUERY_ID || '-' || N, ${columns} FROM ${table} CROSS JOIN (${copies}) WHERE QUERY_ID IN ('u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7')`
      );
    }
    const records = await read();
    expect(records.flatMap((record) => record.days).reduce((sum, day) => sum + day.runs, 0)).to.equal(50);
    expect(await fetched()).to.equal(before);
  });
});
