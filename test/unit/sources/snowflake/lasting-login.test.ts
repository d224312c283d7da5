import { expect } from 'chai';
import { TransientError } from '../../../../src/errors/index.js';
import { openSnowflakeMeasures } from '../../../../src/sources/snowflake/measures.js';
import { configWith, driverError, FakeDriver, recordedContext, type Answer } from './fake-driver.js';

/** What the server says to statements of sessions before the last log-in. */
const ENDS = ['390111', '390112', '390114', '407002'];

describe('Snowflake: a session that ends while tables are measured', () => {
  async function lab(answer: (sql: string, logins: number) => Answer | undefined) {
    const driver: FakeDriver = new FakeDriver({
      answer: ({ sql }) => (/SESSION|CURRENT_ROLE/.test(sql) ? undefined : answer(sql, driver.created.length)),
    });
    const context = recordedContext();
    const source = await openSnowflakeMeasures(configWith(), context, { statementTimeoutMs: 1_000 }, driver);
    const session = await source.session(context);
    return { driver, source, session };
  }

  for (const code of ENDS)
    it(`is replaced at once where the server says ${code}, by one log-in for all units`, async () => {
      const { driver, source, session } = await lab((_sql, logins) =>
        logins === 1 ? driverError(code, 'over') : [{ QUERY_ID: '1' }]
      );
      const other = await source.session(recordedContext());
      await Promise.all([session.rows('SELECT a'), session.rows('SELECT b'), other.rows('SELECT c')]);
      await session.rows('SELECT d');
      expect(driver.created).to.have.length(2);
      expect(driver.asked.filter(({ sql }) => sql === 'SELECT d')).to.have.length(1);
      expect(await source.endLost('tag', 'D')).to.equal(1);
      await source.close();
      expect(driver.destroyed).to.equal(2);
    });

  it('is replaced for what comes next where its statement may have run', async () => {
    const { driver, source, session } = await lab((_sql, logins) =>
      logins === 1 ? driverError('000605', 'over') : []
    );
    const fault = await session.rows('SELECT a').catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(TransientError);
    expect(driver.asked.filter(({ sql }) => sql === 'SELECT a')).to.have.length(1);
    await session.rows('SELECT a');
    expect(driver.created).to.have.length(2);
    await source.close();
  });

  it('is a fault of the attempt where the new one ends, too; nothing is said of a worker', async () => {
    const { driver, source } = await lab(() => driverError('390114', 'Authentication token has expired.'));
    const fault = await source.endLost('tag', 'D').catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(TransientError);
    expect((fault as Error).message)
      .to.match(/token of the Snowflake session has expired/)
      .and.not.match(/worker/);
    expect(driver.created).to.have.length(2);
    await source.close();
  });

  it('tells the new one which database users mean', async () => {
    let ended = false;
    const { driver, source, session } = await lab((sql) => {
      if (sql !== 'SELECT 2 FROM t' || ended) return [];
      ended = true;
      return driverError('390111', 'gone');
    });
    const users = session.forUsersSql?.({ database: 'SHOP', schema: 'S' }, 'users') ?? session;
    await users.query('SELECT 1 FROM t', 1);
    await users.query('SELECT 2 FROM t', 1);
    const told = driver.asked.map(({ sql }) => sql).filter((sql) => /^USE|FROM t/.test(sql));
    const use = 'USE DATABASE "SHOP"';
    expect(told).to.deep.equal([use, 'SELECT 1 FROM t', 'SELECT 2 FROM t', use, 'SELECT 2 FROM t']);
    await source.close();
  });
});
