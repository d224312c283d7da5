import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import {
  findSource,
  type MetadataOptions,
  type MetadataSource,
  type SourceRecord,
} from '../../../src/sources/index.js';
import { collect } from '../../conformance/metadata-source.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { emulatedConnection } from './snowflake-emulated.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const GOLDEN = 'test/data/snowflake/seeded-warehouse.json';
const RAW = { database: 'ANALYTICS', schema: 'RAW' };
const MART = { database: 'ANALYTICS', schema: 'MART' };
const LEDGER = { database: 'FINANCE', schema: 'LEDGER' };
const ALL_KINDS = { includeStreams: true, includeStages: true, includeSemanticViews: true };

describe('Snowflake connector: what is read of the seeded warehouse', () => {
  let fakesnow: Fakesnow;
  let warnings: string[] = [];
  let opened: MetadataSource[] = [];

  before(async () => {
    fakesnow = await startFakesnow();
    await fakesnow.seed();
  });
  afterEach(async () => {
    await Promise.all(opened.map((source) => source.close()));
    await fakesnow.control({ errors: [] });
    opened = [];
    warnings = [];
  });
  after(() => fakesnow.stop());

  async function open(values: Readonly<Record<string, unknown>> = {}): Promise<MetadataSource> {
    const source = await findSource('snowflake').openMetadata(emulatedConnection(fakesnow, values), {
      runTag: 'openmetadata-temporal-ingestion records test',
      signal: new AbortController().signal,
      onStatement: () => undefined,
      onWarning: (message) => warnings.push(message),
    });
    opened.push(source);
    return source;
  }

  async function read(
    schema: typeof RAW,
    options: Partial<MetadataOptions> = {},
    values = {}
  ): Promise<SourceRecord[]> {
    return collect((await open(values)).read(schema, EVERYTHING, { ...ALL_OPTIONS, ...options }));
  }

  function record(records: readonly SourceRecord[], name: string): SourceRecord | undefined {
    return records.find((one) => one.name === name);
  }

  /** Statements sent while `action` runs, without those of the test itself. */
  async function statementsOf(action: () => Promise<unknown>): Promise<string[]> {
    const before = (await fakesnow.statements()).length;
    await action();
    return (await fakesnow.statements()).slice(before).flatMap(({ sql }) => (sql === null ? [] : [sql]));
  }

  // UPDATE_GOLDEN=1 writes the file anew; read the difference before it is committed.
  it('is exactly the golden file: databases, schemas and every kind of object, with DDL', async () => {
    const source = await open(ALL_KINDS);
    const scopes = await collect(
      source.scopes({ ...EVERYTHING, database: (name) => (name === 'SNOWFLAKE' ? 'system' : undefined) })
    );
    const records: Record<string, SourceRecord[]> = {};
    for (const schema of [MART, RAW, LEDGER]) {
      const rows = await collect(source.read(schema, EVERYTHING, { ...ALL_OPTIONS, includeDDL: true }));
      records[`${schema.database}.${schema.schema}`] = rows.map(withoutTime);
    }
    const found: unknown = JSON.parse(JSON.stringify({ scopes, records }));
    if (process.env['UPDATE_GOLDEN'] !== undefined) await writeFile(GOLDEN, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).to.deep.equal(JSON.parse(await readFile(GOLDEN, 'utf8')));
  });

  it('reads streams, stages and semantic views only when the recipe asks for them', async () => {
    const kinds = async (values: object): Promise<Set<string>> =>
      new Set((await read(RAW, {}, values)).flatMap((one) => (one.kind === 'table' ? [one.tableType] : [])));
    expect([...(await kinds({}))]).not.to.include.oneOf(['Stream', 'Stage']);
    expect([...(await kinds(ALL_KINDS))]).to.include.members(['Stream', 'Stage']);
  });

  it('tells transient tables apart and leaves them out when the recipe says so', async () => {
    expect(record(await read(RAW), 'STG_ORDERS')).to.include({ kind: 'table', tableType: 'Transient' });
    expect(record(await read(RAW, {}, { includeTransientTables: false }), 'STG_ORDERS')).to.include({
      kind: 'unselected',
      entity: 'table',
    });
  });

  it('gives the creation time of a table', async () => {
    const orders = record(await read(RAW), 'ORDERS');
    expect(orders)
      .to.have.property('createdAt')
      .that.is.within(Date.now() - 3_600_000, Date.now());
  });

  it('reads no tags when the recipe wants none, neither of tables nor of scopes', async () => {
    const source = await open();
    const scopes = await collect(source.scopes(EVERYTHING, { includeTags: false }));
    const records = await collect(source.read(MART, EVERYTHING, { ...ALL_OPTIONS, includeTags: false }));
    expect(JSON.stringify([scopes, records])).not.to.contain('"tags"');
  });

  it('leaves out a tag whose value OpenMetadata cannot hold, with a warning', async () => {
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES VALUES ('ANALYTICS', 'RAW', 'ODD', 'say "hi"', 'FINANCE', 'LEDGER', 'ACCOUNTS', NULL, 'TABLE', NULL)`
    );
    const records = await read(LEDGER);
    expect(record(records, 'ACCOUNTS')).not.to.have.property('tags');
    expect(warnings.filter((warning) => warning.includes('ODD'))).to.have.length(1);
    await fakesnow.execute(`DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES WHERE TAG_NAME = 'ODD'`);
  });

  it('asks for a missing body by DESC, and says how many were asked for', async () => {
    await fakesnow.execute(
      `UPDATE SNOWFLAKE.ACCOUNT_USAGE.PROCEDURES SET PROCEDURE_DEFINITION = NULL WHERE PROCEDURE_NAME = 'POST_ORDERS'`
    );
    const procedure = record(await read(LEDGER), 'POST_ORDERS');
    expect(procedure).to.have.property('code').that.contains('INSERT INTO FINANCE.LEDGER.JOURNAL');
    expect(warnings.join()).to.contain('bodies of procedures and functions were asked for one by one: 1');
  });

  it('makes one record of overloads, with every body', async () => {
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.FUNCTIONS VALUES ('NET', 'LEDGER', 'FINANCE', 'SYSADMIN', 'SQL', 'AMOUNT / RATE', '(AMOUNT NUMBER, RATE NUMBER)', NULL, NULL)`
    );
    const net = (await read(LEDGER)).filter((one) => one.name === 'NET');
    expect(net).to.have.length(1);
    expect(net[0]).to.have.property(
      'code',
      '-- FUNCTION NET(AMOUNT NUMBER)\nAMOUNT / 1.2\n\n-- FUNCTION NET(AMOUNT NUMBER, RATE NUMBER)\nAMOUNT / RATE'
    );
  });

  it('asks GET_DDL for many objects in one statement, and says for how many', async () => {
    const statements = await statementsOf(() => read(RAW, { includeDDL: true }));
    const asking = statements.filter((sql) => sql.includes('GET_DDL'));
    expect(asking).to.have.length(1);
    expect(asking[0]?.match(/GET_DDL/g)).to.have.length.above(5);
    expect(
      warnings.filter((warning) => /GET_DDL was asked for \d+ objects in 1 statement\./.test(warning))
    ).to.have.length(1);
  });

  it('warns of a table whose DDL cannot be had and gives it for the others', async () => {
    await fakesnow.control({
      errors: [{ match: `GET_DDL.*"ORDERS"`, code: '002003', message: 'does not exist or not authorized' }],
    });
    const records = await read(RAW, { includeDDL: true });
    expect(record(records, 'ORDERS')).to.have.property('warnings').that.has.length(1);
    expect(record(records, 'CUSTOMERS')).to.have.property('definition').that.contains('CREATE');
  });

  it('sends no statement for tables when it resumes after a procedure', async () => {
    const source = await open();
    const statements = await statementsOf(() =>
      collect(source.read(LEDGER, EVERYTHING, ALL_OPTIONS, { part: 'procedures', name: 'NET' }))
    );
    expect(statements.filter((sql) => /INFORMATION_SCHEMA|SHOW|GET_DDL/.test(sql))).to.deep.equal([]);
  });

  it('asks for columns, keys and texts only when a table is left to read', async () => {
    const source = await open();
    const statements = await statementsOf(() =>
      collect(
        source.read(
          LEDGER,
          EVERYTHING,
          { ...ALL_OPTIONS, includeStoredProcedures: false },
          { part: 'tables', name: 'V_BALANCE' }
        )
      )
    );
    expect(statements).to.have.length(1);
  });

  it('finds the database of the recipe in any case and reads no other', async () => {
    const scopes = await collect((await open({ database: 'finance' })).scopes(EVERYTHING));
    expect(new Set(scopes.map((scope) => (scope.kind === 'database' ? scope.name : scope.database)))).to.deep.equal(
      new Set(['FINANCE'])
    );
  });

  it('tells a database that may not be used as a problem and goes on with the others', async () => {
    await fakesnow.control({
      errors: [
        {
          match: '"FINANCE".INFORMATION_SCHEMA',
          code: '002003',
          message: "Database 'FINANCE' does not exist or not authorized.",
        },
      ],
    });
    const scopes = await collect((await open()).scopes(EVERYTHING));
    const problem = scopes.find((scope) => scope.kind === 'problem');
    expect(problem).to.include({ entity: 'database', database: 'FINANCE' });
    expect(problem).to.have.property('message').that.contains('GRANT USAGE ON DATABASE FINANCE TO ROLE SYSADMIN');
    expect(scopes.some((scope) => scope.kind === 'schema' && scope.name === 'RAW')).to.equal(true);
  });

  it('reads account usage from where the recipe says it is', async () => {
    const statements = await statementsOf(() => read(MART, {}, { accountUsageSchema: 'snowflake.account_usage' }));
    expect(statements.some((sql) => sql.includes('"SNOWFLAKE"."ACCOUNT_USAGE".TAG_REFERENCES'))).to.equal(true);
    await fakesnow.execute('CREATE SCHEMA ANALYTICS.USAGE_COPY');
    await fakesnow.execute(
      'CREATE TABLE ANALYTICS.USAGE_COPY.TAG_REFERENCES AS SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES'
    );
    const tables = await read(MART, { includeStoredProcedures: false }, { accountUsageSchema: 'ANALYTICS.USAGE_COPY' });
    expect(record(tables, 'FCT_ORDERS'))
      .to.have.property('tags')
      .that.deep.includes({ classification: 'TIER', tag: 'silver' });
  });
});

/** The time a table was made differs from run to run. */
function withoutTime(record: SourceRecord): SourceRecord {
  if (record.kind !== 'table') return record;
  const { createdAt, ...rest } = record;
  return createdAt === undefined ? record : rest;
}
