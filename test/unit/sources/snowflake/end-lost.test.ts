import { expect } from 'chai';
import { endLost } from '../../../../src/sources/snowflake/end-lost.js';
import { openSnowflakeMeasures } from '../../../../src/sources/snowflake/measures.js';
import { openConnection } from '../../../../src/sources/snowflake/session/connection.js';
import { configWith, driverError, FakeDriver, recordedContext, type Answer } from './fake-driver.js';

describe('Snowflake: what a lost worker left', () => {
  async function ended(history: Answer) {
    const driver = new FakeDriver({
      answer: ({ sql }) => (sql.includes('QUERY_HISTORY_BY_USER') ? history : undefined),
    });
    const context = recordedContext();
    const { session } = await openConnection(configWith(), context, driver);
    const set = driver.asked.length;
    const count = await endLost(session, ['the lost run'], 'Shop "1"', context);
    return { count, asked: driver.asked.slice(set), warnings: context.warnings };
  }

  it('is looked for by its tag in the catalogue of the database whose tables it measured', async () => {
    const { count, asked, warnings } = await ended([{ QUERY_ID: 'q1' }, { QUERY_ID: 'q2' }]);
    const [look, ...cancels] = asked;
    expect(look?.sql).to.include('TABLE("Shop ""1"""."INFORMATION_SCHEMA".QUERY_HISTORY_BY_USER(');
    expect(String(look?.binds[0])).to.include('the lost run');
    expect(cancels.map(({ sql, binds }) => [sql, ...binds])).to.deep.equal([
      ['SELECT SYSTEM$CANCEL_QUERY(?)', 'q1'],
      ['SELECT SYSTEM$CANCEL_QUERY(?)', 'q2'],
    ]);
    expect([count, warnings]).to.deep.equal([2, []]);
  });

  it('is whatever is not over: it may wait for its warehouse, a lock or others', async () => {
    const { asked } = await ended([]);
    const [, statuses = ''] = /EXECUTION_STATUS\) IN \(([^)]*)\)/.exec(asked[0]?.sql ?? '') ?? [];
    expect(statuses.split(', ')).to.include.members(["'RUNNING'", "'QUEUED'", "'RESUMING_WAREHOUSE'", "'BLOCKED'"]);
    expect(statuses).to.not.match(/SUCCESS|FAIL|ABORT/);
  });

  it('is looked for once where several units of a database come back together', async () => {
    const driver = new FakeDriver({});
    const context = recordedContext();
    const source = await openSnowflakeMeasures(configWith(), context, { statementTimeoutMs: 1_000 }, driver);
    const set = driver.asked.length;
    await Promise.all([
      source.endLost('unit 1', 'SHOP'),
      source.endLost('unit 2', 'SHOP'),
      source.endLost('unit 3', 'DEPOT'),
    ]);
    const looks = driver.asked.slice(set).map(({ sql, binds }) => [/"(\w+)"\."INFO/.exec(sql)?.[1], ...binds].join());
    expect(looks.sort()).to.have.length(2);
    expect(looks[0]).to.match(/^DEPOT,.*unit 3/);
    expect(looks[1]).to.match(/^SHOP,.*unit 1.*,.*unit 2/);
    await source.endLost('unit 1', 'SHOP');
    expect(driver.asked.slice(set), 'a later one is looked for again').to.have.length(3);
    await source.close();
  });

  it('is left to the server, with a warning, where the history can not be read', async () => {
    const { count, warnings } = await ended(driverError('002003', 'Object does not exist or not authorized.'));
    expect(count).to.equal(0);
    expect(warnings.join()).to.match(
      /^Statements that an earlier attempt left running could not be looked for: .*not authorized/
    );
  });
});
