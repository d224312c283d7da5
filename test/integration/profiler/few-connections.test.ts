import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { IngestionError, TransientError } from '../../../src/errors/index.js';
import { isOwnFault } from '../../../src/measures/index.js';
import { findSource, sessionFor, type MeasureSource } from '../../../src/sources/index.js';
import { runUnit, ServiceMeasures } from '../../../src/data-quality/index.js';
import { lineOf, tableOf } from '../data-quality/diff-lab.js';
import { temporaryStore } from '../../unit/metadata/temporary-store.js';
import { attemptOn } from '../../unit/staging/attempt-on.js';
import { counting } from '../data-quality/engines.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';

const SMART = { smartSampling: true };

describe('Measuring with an account that may have one connection', () => {
  let mariadb: TestMariadb | undefined;
  let postgres: TestPostgres | undefined;
  before(async function () {
    if (!hasMariadb() || !hasPostgres()) return this.skip();
    this.timeout(180_000);
    mariadb = await startMariadb();
    await mariadb.run(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT); INSERT INTO shop.t VALUES (1), (2); CREATE USER one@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 1; GRANT SELECT, EXECUTE ON *.* TO one@'%'`
    );
    await mariadb.run(
      `CREATE FUNCTION shop.full() RETURNS INT BEGIN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1040, MESSAGE_TEXT = 'by a function'; RETURN 1; END`
    );
    postgres = await startPostgres();
    await postgres.query(
      `CREATE ROLE one LOGIN PASSWORD 'p' CONNECTION LIMIT 1; CREATE SCHEMA shop; CREATE TABLE shop.t (id INT); INSERT INTO shop.t VALUES (1), (2); CREATE FUNCTION shop.full() RETURNS INT LANGUAGE plpgsql AS $$ BEGIN RAISE 'by a function' USING ERRCODE = '53300'; END $$; GRANT USAGE ON SCHEMA shop TO one; GRANT SELECT ON shop.t TO one`
    );
  });
  after(async () => {
    await mariadb?.stop();
    await postgres?.stop();
  });

  async function opened(type: string, config: unknown, context = counting().context): Promise<MeasureSource> {
    for (let tries = 0; ; tries += 1)
      try {
        const source = await findSource(type).openMeasures?.(config, context, { statementTimeoutMs: 10_000 });
        return source ?? (await Promise.reject(new Error(`${type} measures nothing`)));
      } catch (error) {
        // the server takes a moment to see that the connection of the test before has ended
        if (!(error instanceof TransientError && error.throttled) || tries === 20) throw error;
        await sleep(50);
      }
  }

  const one = { username: 'one', authType: { password: 'p' } };
  const kinds = {
    MariaDB: () => ({ type: 'mysql', config: { ...one, hostPort: mariadb?.hostPort } }),
    PostgreSQL: () => ({
      type: 'postgres',
      config: { ...one, hostPort: postgres?.hostPort, database: 'postgres', sslMode: 'disable' },
    }),
  };
  for (const [name, connection] of Object.entries(kinds)) {
    const database = name === 'MariaDB' ? 'default' : 'postgres';

    it(`tests what a dynamic sample takes of a table (${name})`, async () => {
      const temporary = await temporaryStore();
      const services = new ServiceMeasures(async () => connection(), counting().context, true);
      const columns = [{ name: 'id', dataType: 'INT' }];
      try {
        const [entry] = await runUnit({
          ...attemptOn(temporary.store),
          line: lineOf(tableOf(`s.${database}.shop.t`, columns), 'tableRowCountToEqual', { value: '2' }),
          to: { run: 'one', stage: 'test-results', slice: '0' },
          services,
          client: { tests: {} } as unknown as Parameters<typeof runUnit>[0]['client'],
          config: { type: 'TestSuite', profileSampleConfig: { sampleConfigType: 'DYNAMIC', config: SMART } },
          startedAt: Date.now(),
          storeSamples: true,
          signal: new AbortController().signal,
        });
        expect(entry?.facts).to.deep.include({ tests: { success: 1, failed: 0, aborted: 0 } });
      } finally {
        await services.close();
        await temporary.remove();
      }
    });

    it(`holds one where the run may hold one, though the server allows more (${name})`, async () => {
      const { type, config } = connection();
      const own = name === 'MariaDB' ? mariadb : postgres;
      const account = { username: own?.user, authType: { password: own?.password } };
      const context = { ...counting().context, mostSessions: 1 };
      const source = await opened(type, { ...(config as object), ...account }, context);
      try {
        await source.facts({ database, schema: 'shop' });
        const session = await source.session(context);
        const mine =
          name === 'MariaDB'
            ? `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = '${own?.user}'`
            : `SELECT count(*) FROM pg_stat_activity WHERE usename = '${own?.user}'`;
        expect(Number((await session.rows(mine))[0]?.[0])).to.equal(1);
        await session.close();
        await source.facts({ database, schema: 'shop' });
      } finally {
        await source.close();
      }
    });

    it(`tells a server that has none left from a function that says so (${name})`, async () => {
      const { type, config } = connection();
      const source = await opened(type, config);
      try {
        const session = await source.session(counting().context);
        await session.rows('SELECT 1');
        const second: unknown = await source
          .session(counting().context)
          .then((another) => another.rows('SELECT 1'))
          .catch((error: unknown) => error);
        expect(second).to.be.instanceOf(TransientError).and.to.include({ throttled: true });
        expect(await isOwnFault(second, session, source.dialect)).to.equal(false);
        for (const of of ['ours', 'users'] as const) {
          const table = { database, schema: 'shop', table: 't' };
          const said = sessionFor(session, { table, query: 'SELECT shop.full() AS a' }, of);
          const fault: unknown = await said.rows('SELECT shop.full()').catch((error: unknown) => error);
          expect(fault).to.be.instanceOf(TransientError).and.to.include({ throttled: true });
          expect(await isOwnFault(fault, session, source.dialect)).to.equal(true);
        }
        await session.close();
      } finally {
        await source.close();
      }
    });

    it(`takes turns with the catalogue (${name})`, async () => {
      const { type, config } = connection();
      const source = await opened(type, config);
      const schema = { database, schema: 'shop' };
      try {
        for (let unit = 0; unit < 2; unit += 1) {
          await source.facts(schema);
          await source.endLost('nothing', schema.database);
          const session = await source.session(counting().context);
          expect(await session.rows('SELECT 1')).to.deep.equal([[1]]);
          // another one waits until it ends
          const second: unknown = await source
            .session(counting().context)
            .then((another) => another.rows('SELECT 1'))
            .catch((error: unknown) => error);
          expect(second).to.be.instanceOf(IngestionError).and.to.include({ throttled: true });
          await session.close();
        }
      } finally {
        await source.close();
      }
    });
  }
});
