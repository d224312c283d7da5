import { expect } from 'chai';
import { IngestionError } from '../../../src/errors/index.js';
import { findSource, type MeasureSource } from '../../../src/sources/index.js';
import { counting } from '../data-quality/engines.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';

describe('Measuring with an account that may have one connection', () => {
  let mariadb: TestMariadb | undefined;
  let postgres: TestPostgres | undefined;
  before(async function () {
    if (!hasMariadb() || !hasPostgres()) return this.skip();
    this.timeout(180_000);
    mariadb = await startMariadb();
    await mariadb.run(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT); CREATE USER one@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 1; GRANT SELECT ON *.* TO one@'%'`
    );
    postgres = await startPostgres();
  });
  after(async () => {
    await mariadb?.stop();
    await postgres?.stop();
  });

  async function opened(type: string, config: unknown): Promise<MeasureSource> {
    const source = await findSource(type).openMeasures?.(config, counting().context, { statementTimeoutMs: 10_000 });
    return source ?? Promise.reject(new Error(`${type} measures nothing`));
  }

  const kinds = {
    MariaDB: async (): Promise<MeasureSource> =>
      opened('mysql', { username: 'one', authType: { password: 'p' }, hostPort: mariadb?.hostPort }),
    PostgreSQL: async (): Promise<MeasureSource> => {
      await postgres?.query(`CREATE ROLE one LOGIN PASSWORD 'p' CONNECTION LIMIT 1`);
      const config = { database: 'postgres', sslMode: 'disable' };
      return opened('postgres', {
        username: 'one',
        authType: { password: 'p' },
        hostPort: postgres?.hostPort,
        ...config,
      });
    },
  };
  for (const [name, open] of Object.entries(kinds)) {
    it(`takes turns with the catalogue (${name})`, async () => {
      const source = await open();
      const schema = { database: name === 'MariaDB' ? 'default' : 'postgres', schema: 'shop' };
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
