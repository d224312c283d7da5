import { expect } from 'chai';
import { PermanentError } from '../../../../src/errors/index.js';
import type { LogCursor, LogRecord, LogWindow } from '../../../../src/sources/index.js';
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

const FROM = Date.UTC(2024, 3, 1);
const WINDOW: LogWindow = { from: FROM, to: FROM + 2 * 24 * 3_600_000, log: 'access-history' };

function edgeRow(key: string, values: FakeRow = {}): FakeRow {
  return {
    EDGE_KEY: key,
    UPSTREAM_TABLE: 'DB.RAW.ORDERS',
    DOWNSTREAM_TABLE: 'DB.MART."Daily Orders"',
    COLUMN_PAIRS: '[["TOTAL","REVENUE"],["ID","ID"],["\\"tax\\"","REVENUE"]]',
    QUERY_TEXT: 'MERGE INTO X',
    STARTED_MS: FROM + 5,
    CALL_TEXT: null,
    ...values,
  };
}

async function reading(answer: Answer): Promise<{
  driver: FakeDriver;
  context: RecordedContext;
  read: (after?: LogCursor, window?: LogWindow) => Promise<{ record: LogRecord; cursor: LogCursor }[]>;
}> {
  const driver = new FakeDriver({ answer: ({ sql }) => (sql.includes('_HISTORY') ? answer : undefined) });
  const context = recordedContext();
  const log = await openSnowflakeQueryLog(configWith(), context, driver);
  return {
    driver,
    context,
    read: (after, window = WINDOW) => collect(log.read(window, { resultLimit: 0, storedProcedures: true }, after)),
  };
}

describe('Snowflake: a window of ACCESS_HISTORY', () => {
  it('is one statement, each row an edge with sorted columns, newest text and procedure', async () => {
    const call = { CALL_TEXT: 'CALL LOAD()', CALL_DATABASE: 'DB', CALL_SCHEMA: 'ETL' };
    const { read, context } = await reading([
      edgeRow('a', call),
      edgeRow('b', { COLUMN_PAIRS: null, QUERY_TEXT: null }),
    ]);
    const before = context.statements.length;
    const [first, second] = (await read()).map(({ record }) => record);
    expect(context.statements.length - before).to.equal(1);
    expect(first).to.deep.equal({
      kind: 'edge',
      from: ['DB', 'RAW', 'ORDERS'],
      to: ['DB', 'MART', 'Daily Orders'],
      columns: [
        ['ID', 'ID'],
        ['TOTAL', 'REVENUE'],
        ['tax', 'REVENUE'],
      ],
      text: 'MERGE INTO X',
      startedAt: FROM + 5,
      procedure: ['DB', 'ETL', 'LOAD'],
    });
    expect(second).to.deep.include({ columns: [] }).and.not.to.have.any.keys('text', 'procedure');
  });

  it('leaves out what is no table in a schema', async () => {
    const { read } = await reading([edgeRow('a', { UPSTREAM_TABLE: 'DB.ORDERS' }), edgeRow('b')]);
    expect((await read()).map(({ cursor }) => cursor['id'])).to.deep.equal(['b']);
  });

  it('resumes after a cursor from the same result, or by the edge’s key when that is gone', async () => {
    const { read, driver } = await reading([edgeRow('a'), edgeRow('b'), edgeRow('c')]);
    const [first] = await read();
    const asked = driver.asked.length;
    expect((await read(first?.cursor)).map(({ cursor }) => cursor['id'])).to.deep.equal(['b', 'c']);
    expect(driver.asked).to.have.length(asked);
    driver.forgets = true;
    await read(first?.cursor);
    expect(driver.asked.at(-1)?.sql).to.contain("N.EDGE_KEY > 'a'");
  });

  it('throws for columns that cannot be read', async () => {
    const { read } = await reading([edgeRow('a', { COLUMN_PAIRS: '[["ID"]]' })]);
    expect(await thrownBy(() => read()))
      .to.be.instanceOf(PermanentError)
      .with.property('message')
      .that.contains('DB.RAW.ORDERS');
  });
});

describe('Snowflake: the window of COPY_HISTORY', () => {
  const copies = { ...WINDOW, log: 'copy-history' };
  const load = (n: number): FakeRow => ({
    LOAD_KEY: `key${n}`,
    STAGE_LOCATION: `s3://bucket/${n}/`,
    TABLE_CATALOG_NAME: 'DB',
    TABLE_SCHEMA_NAME: 'RAW',
    TABLE_NAME: `T${n}`,
  });

  it('has one record per location and table, with the cursor after it', async () => {
    const { read, context } = await reading([1, 2].map(load));
    const found = await read(undefined, copies);
    expect(found.map(({ record }) => record)).to.deep.equal([
      { kind: 'load', location: 's3://bucket/1/', to: ['DB', 'RAW', 'T1'] },
      { kind: 'load', location: 's3://bucket/2/', to: ['DB', 'RAW', 'T2'] },
    ]);
    expect(found[1]?.cursor).to.include({ row: 2, id: 'key2' });
    expect(context.warnings).to.deep.equal([]);
  });

  it('says nothing where nothing was loaded, and ends no run when it can’t be read', async () => {
    const nothing = await reading([]);
    await nothing.read(undefined, copies);
    expect(nothing.context.warnings).to.deep.equal([]);
    const refused = await reading(driverError('002003', 'not authorized'));
    await refused.read(undefined, copies);
    expect(refused.context.warnings[0]).to.contain('COPY_HISTORY can');
  });
});
