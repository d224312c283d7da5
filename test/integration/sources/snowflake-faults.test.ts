import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { AuthenticationError, IngestionError, PermanentError, TransientError } from '../../../src/errors/index.js';
import { findSource, type CheckResult, type MetadataSource } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { startTcpProxy, type TcpProxy } from '../../services/tcp-proxy.js';
import { emulatedConnection } from './snowflake-emulated.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const PASSWORD = 'right horse battery';
const WRONG_PASSWORD = 'wrong horse battery';
const RAW = { database: 'ANALYTICS', schema: 'RAW' };
const MANY = { database: 'ANALYTICS', schema: 'MANY' };
/** More tables than three chunks of rows hold. */
const MANY_TABLES = 40;
const CHUNK_ROWS = 10;

describe('Snowflake connector: what goes wrong', () => {
  let fakesnow: Fakesnow;
  let proxy: TcpProxy;
  const spec = findSource('snowflake');

  before(async () => {
    fakesnow = await startFakesnow({ password: PASSWORD, chunkRows: CHUNK_ROWS });
    await fakesnow.seed();
    await fakesnow.execute('CREATE SCHEMA ANALYTICS.MANY');
    for (let index = 0; index < MANY_TABLES; index += 1) {
      await fakesnow.execute(`CREATE TABLE ANALYTICS.MANY.T${String(index).padStart(2, '0')} (ID NUMBER(38,0))`);
    }
    proxy = await startTcpProxy(fakesnow.port);
  });
  afterEach(async () => {
    proxy.mend();
    await fakesnow.control({ warehouses: null, roles: null, errors: [] });
  });
  after(async () => {
    await proxy.close();
    await fakesnow.stop();
  });

  function config(
    values: Readonly<Record<string, unknown>> = {},
    driverArguments: Readonly<Record<string, unknown>> = {}
  ): Record<string, unknown> {
    return emulatedConnection(fakesnow, { password: PASSWORD, ...values }, driverArguments);
  }

  function open(
    values: Readonly<Record<string, unknown>> = {},
    driverArguments: Readonly<Record<string, unknown>> = {}
  ): Promise<MetadataSource> {
    return spec.openMetadata(config(values, driverArguments), countingContext());
  }

  async function failureOf(work: Promise<unknown>): Promise<IngestionError> {
    try {
      await work;
    } catch (error) {
      if (error instanceof IngestionError) return error;
      throw error;
    }
    throw new Error('nothing failed');
  }

  function check(values: Readonly<Record<string, unknown>> = {}): Promise<CheckResult[]> {
    return collect(spec.check(config(values), countingContext(), ALL_OPTIONS));
  }

  it('a wrong password is one clear message without the password', async () => {
    const error = await failureOf(open({ password: WRONG_PASSWORD }));
    expect(error).to.be.instanceOf(AuthenticationError);
    expect(error.message).to.contain('fakesnow').and.contain('390100');
    expect(JSON.stringify([error.message, error.remedy, error.cause, error.stack])).not.to.contain(WRONG_PASSWORD);
  });

  it('a missing warehouse is named with the grant to paste', async () => {
    await fakesnow.control({ warehouses: ['COMPUTE_WH'] });
    const error = await failureOf(open({ warehouse: 'NO_SUCH_WH' }));
    expect(error).to.be.instanceOf(PermanentError);
    expect(error.describe())
      .to.contain('NO_SUCH_WH')
      .and.contain('GRANT USAGE ON WAREHOUSE NO_SUCH_WH TO ROLE SYSADMIN;');
  });

  it('a role that is not granted is refused at the login', async () => {
    await fakesnow.control({ roles: ['SYSADMIN'] });
    const error = await failureOf(open({ role: 'GHOST' }));
    expect(error).to.be.instanceOf(PermanentError);
    expect(error.describe()).to.contain('GRANT ROLE');
  });

  it('a database that is not there is named with the grant to paste', async () => {
    const source = await open({ database: 'NOWHERE' });
    const error = await failureOf(collect(source.scopes(EVERYTHING)));
    await source.close();
    expect(error).to.be.instanceOf(PermanentError);
    expect(error.describe()).to.contain('NOWHERE').and.contain('GRANT USAGE ON DATABASE NOWHERE TO ROLE SYSADMIN;');
  });

  it('an unknown host is said to be unreachable, not a wrong password', async () => {
    const error = await failureOf(open({}, { host: 'no-such-account.invalid', login_timeout: 20 }));
    // Where no name server answers at all the name may yet exist, which is transient.
    expect(error).not.to.be.instanceOf(AuthenticationError);
    expect(error.message).to.match(/account fakesnow failed: .*(ENOTFOUND|EAI_AGAIN|host)/);
  });

  it('a server that refuses connections is transient', async () => {
    proxy.cut();
    const error = await failureOf(open({}, { port: proxy.port, login_timeout: 10 }));
    expect(error).to.be.instanceOf(TransientError);
  });

  it('a connection dropped between two chunks of a result is transient, and a new one resumes after what was read', async () => {
    const source = await open({}, { port: proxy.port, network_timeout: 2 });
    proxy.onRequest((line) => {
      if (line.startsWith('GET /chunks/')) proxy.cut();
    });
    const names: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const record of source.read(MANY, EVERYTHING, ALL_OPTIONS)) names.push(record.name);
      })()
    );
    proxy.onRequest(() => undefined);
    proxy.mend();
    await source.close();
    expect(error).to.be.instanceOf(TransientError);
    expect(names.length).to.be.lessThan(MANY_TABLES);

    const again = await open();
    const last = names.at(-1);
    const after = last === undefined ? undefined : ({ part: 'tables', name: last } as const);
    const rest = await collect(again.read(MANY, EVERYTHING, ALL_OPTIONS, after));
    await again.close();
    expect(names.length + rest.length).to.equal(MANY_TABLES);
  });

  it('a short drop is got over by the driver without a word', async () => {
    const source = await open({}, { port: proxy.port });
    let cuts = 0;
    proxy.onRequest((line) => {
      if (!line.startsWith('GET /chunks/') || cuts > 0) return;
      cuts += 1;
      proxy.cut();
      setTimeout(() => proxy.mend(), 200);
    });
    const records = await collect(source.read(MANY, EVERYTHING, ALL_OPTIONS));
    proxy.onRequest(() => undefined);
    await source.close();
    expect(cuts).to.equal(1);
    expect(records).to.have.length(MANY_TABLES);
  });

  it('a warehouse that is lost on the way is named', async () => {
    const source = await open();
    await fakesnow.control({
      errors: [
        {
          match: 'INFORMATION_SCHEMA.TABLES',
          code: '000606',
          message: 'No active warehouse selected in the current session.',
        },
      ],
    });
    const error = await failureOf(collect(source.read(RAW, EVERYTHING, ALL_OPTIONS)));
    await source.close();
    expect(error).to.be.instanceOf(PermanentError);
    expect(error.describe()).to.contain('ANALYTICS.RAW').and.contain('GRANT USAGE ON WAREHOUSE');
  });

  it('a session that expires on the way is transient', async () => {
    const source = await open();
    await fakesnow.control({
      errors: [{ match: 'INFORMATION_SCHEMA.COLUMNS', code: '390114', message: 'Authentication token has expired.' }],
    });
    const error = await failureOf(collect(source.read(RAW, EVERYTHING, ALL_OPTIONS)));
    await source.close();
    expect(error).to.be.instanceOf(TransientError);
  });

  it('without account usage, tags are left out with a warning and procedures come from the catalog or fail, never silently', async () => {
    await fakesnow.control({ errors: [{ match: 'ACCOUNT_USAGE', code: '002003', message: 'not authorized' }] });
    const context = countingContext();
    const warnings: string[] = [];
    const source = await spec.openMetadata(config(), { ...context, onWarning: (message) => warnings.push(message) });
    const tables = await collect(source.read(RAW, EVERYTHING, { ...ALL_OPTIONS, includeStoredProcedures: false }));
    expect(tables.some((record) => record.name === 'ORDERS')).to.equal(true);
    expect(warnings.filter((warning) => warning.includes('Tags are not read'))).to.have.length(1);
    // The emulator has no INFORMATION_SCHEMA.PROCEDURES to fall back to.
    const error = await failureOf(collect(source.read(RAW, EVERYTHING, ALL_OPTIONS)));
    await source.close();
    expect(error.message).to.contain('procedures');
  });

  describe('check', () => {
    it('ends with the connection when that fails', async () => {
      const results = await check({ password: WRONG_PASSWORD });
      expect(results).to.have.length(1);
      expect(results[0]).to.include({ name: 'connection', passed: false, mandatory: true });
      expect(JSON.stringify(results)).not.to.contain(WRONG_PASSWORD);
    });

    it('gives the grant for every account usage view that cannot be read, and calls none of them mandatory', async () => {
      await fakesnow.control({ errors: [{ match: 'ACCOUNT_USAGE', code: '002003', message: 'not authorized' }] });
      const failed = (await check()).filter((result) => !result.passed);
      expect(failed.map((result) => result.name)).to.deep.equal(
        ['TAG_REFERENCES', 'PROCEDURES', 'FUNCTIONS'].map((view) => `SNOWFLAKE.ACCOUNT_USAGE.${view}`)
      );
      for (const result of failed) {
        expect(result).to.include({
          mandatory: false,
          remedy: 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE SYSADMIN;',
        });
      }
    });

    it('gives the grants for a database that may not be used', async () => {
      await fakesnow.control({
        errors: [{ match: '"FINANCE".INFORMATION_SCHEMA', code: '002003', message: 'not authorized' }],
      });
      const finance = (await check()).find((result) => result.name === 'database FINANCE');
      expect(finance).to.include({ passed: false });
      expect(finance?.remedy).to.contain('GRANT USAGE ON DATABASE FINANCE TO ROLE SYSADMIN;');
    });

    it('gives the grants for a database whose tables cannot be seen', async () => {
      await fakesnow.execute('CREATE DATABASE HOLLOW');
      await fakesnow.execute('CREATE SCHEMA HOLLOW.S');
      const hollow = (await check({ database: 'HOLLOW' })).find((result) => result.name === 'database HOLLOW');
      expect(hollow).to.include({ passed: false, mandatory: false });
      expect(hollow?.remedy).to.contain('GRANT REFERENCES ON ALL TABLES IN DATABASE HOLLOW TO ROLE SYSADMIN;');
    });

    it('fails for a database of the recipe that is not there', async () => {
      const results = await check({ database: 'NOWHERE' });
      expect(results.find((result) => result.name === 'databases')).to.include({ passed: false, mandatory: true });
    });
  });

  it('the driver writes no log file into the working directory', () => {
    expect(existsSync('snowflake.log')).to.equal(false);
  });
});
