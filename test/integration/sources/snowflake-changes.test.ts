import { expect } from 'chai';
import { findSource, type MetadataSource, type SourceRecord } from '../../../src/sources/index.js';
import { collect } from '../../conformance/metadata-source.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { emulatedConnection } from './snowflake-emulated.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const RAW = { database: 'ANALYTICS', schema: 'RAW' };
const HOUR = 3_600_000;

describe('Snowflake connector: incremental reads and lost rights', () => {
  let fakesnow: Fakesnow;
  let source: MetadataSource;
  const warnings: string[] = [];

  before(async () => {
    fakesnow = await startFakesnow();
    await fakesnow.seed();
  });
  beforeEach(async () => {
    source = await findSource('snowflake').openMetadata(emulatedConnection(fakesnow), {
      runTag: 'openmetadata-temporal-ingestion changes test',
      signal: new AbortController().signal,
      onStatement: () => undefined,
      onWarning: (message) => warnings.push(message),
    });
  });
  afterEach(async () => {
    await source.close();
    await fakesnow.control({ errors: [] });
    warnings.length = 0;
  });
  after(() => fakesnow.stop());

  async function changedSince(time: number): Promise<string[]> {
    const records: SourceRecord[] = await collect(
      source.read(RAW, EVERYTHING, { ...ALL_OPTIONS, includeStoredProcedures: false, changedSince: time })
    );
    return records.map((record) => `${record.kind} ${record.name}`);
  }

  it('give all tables of a window that holds their creation, and what was dropped in it, in order', async () => {
    const records = await changedSince(Date.now() - HOUR);
    expect(records).to.include.members(['table CUSTOMERS', 'table ORDERS', 'deleted OLD_ORDERS']);
    const names = records.map((record) => record.split(' ').slice(1).join(' '));
    expect(names).to.deep.equal([...names].sort());
  });

  it('give only what changed after the window’s start', async () => {
    const start = Date.now() + HOUR;
    await fakesnow.execute(
      `UPDATE SNOWFLAKE.ACCOUNT_USAGE.TABLES SET LAST_DDL = TO_TIMESTAMP_LTZ(${start + 1_000}, 3) WHERE TABLE_NAME = 'PRODUCTS'`
    );
    expect(await changedSince(start)).to.deep.equal(['table PRODUCTS']);
  });

  it('take a table that was dropped and made again as changed, not as gone', async () => {
    const start = Date.now() + 2 * HOUR;
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.TABLES (TABLE_NAME, TABLE_SCHEMA, TABLE_CATALOG, LAST_DDL, DELETED)
       VALUES ('EVENTS', 'RAW', 'ANALYTICS', TO_TIMESTAMP_LTZ(${start + 1_000}, 3), TO_TIMESTAMP_LTZ(${start + 1_000}, 3))`
    );
    expect(await changedSince(start)).to.deep.equal(['table EVENTS']);
  });

  it('ask for the columns of the changed tables only', async () => {
    const start = Date.now() + HOUR;
    const before = (await fakesnow.statements()).length;
    await changedSince(start);
    const statements = (await fakesnow.statements()).slice(before).map(({ sql }) => sql ?? '');
    expect(
      statements.filter((sql) => sql.includes('.COLUMNS')).every((sql) => sql.includes('TABLE_NAME IN ('))
    ).to.equal(true);
  });

  it('go by the catalog alone without the right to read account usage, and say so', async () => {
    await fakesnow.control({ errors: [{ match: 'ACCOUNT_USAGE', code: '002003', message: 'not authorized' }] });
    const records = await changedSince(Date.now() - HOUR);
    expect(records).to.include('table CUSTOMERS').and.not.include('deleted OLD_ORDERS');
    expect(warnings.some((warning) => warning.includes('dropped tables are not noticed'))).to.equal(true);
  });

  it('see a lost grant on a schema, and not the drop of one table of many', async () => {
    for (const table of ['A', 'B'])
      await fakesnow.execute(`GRANT SELECT ON TABLE ANALYTICS.RAW.${table} TO ROLE SYSADMIN`);
    await fakesnow.execute('GRANT USAGE ON SCHEMA ANALYTICS.RAW TO ROLE SYSADMIN');
    const whole = await source.visibility();
    // Snowflake takes the grant away with the table.
    await fakesnow.execute('REVOKE SELECT ON TABLE ANALYTICS.RAW.A FROM ROLE SYSADMIN');
    expect(await source.visibility()).to.equal(whole);
    await fakesnow.execute('REVOKE USAGE ON SCHEMA ANALYTICS.RAW FROM ROLE SYSADMIN');
    expect(await source.visibility()).not.to.equal(whole);
  });

  it('see a grant lost by a role that the session’s role has', async () => {
    await fakesnow.execute('GRANT ROLE ANALYST TO ROLE SYSADMIN');
    await fakesnow.execute('GRANT USAGE ON DATABASE FINANCE TO ROLE ANALYST');
    const whole = await source.visibility();
    await fakesnow.execute('REVOKE USAGE ON DATABASE FINANCE FROM ROLE ANALYST');
    expect(await source.visibility()).not.to.equal(whole);
  });
});
