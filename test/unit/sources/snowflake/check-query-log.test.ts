import { expect } from 'chai';
import type { CheckResult, QueryLogOptions } from '../../../../src/sources/index.js';
import { checkSnowflakeQueryLog } from '../../../../src/sources/snowflake/history/check-query-log.js';
import { collect, configWith, driverError, FakeDriver, recordedContext, type Answer } from './fake-driver.js';

const ALL: QueryLogOptions = { resultLimit: 0, storedProcedures: true };
const GRANT = 'GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE READER;';
const REFUSED = driverError('002003', 'Object does not exist or not authorized.');

/** Checks with a log that has something in it, but for what `answers` says. */
function check(
  answers: (sql: string) => Answer | undefined,
  options = ALL,
  config: Readonly<Record<string, unknown>> = {}
): Promise<CheckResult[]> {
  const access = (sql: string): Answer | undefined =>
    sql.includes('ACCESS_HISTORY LIMIT 1') ? [{ QUERY_ID: 'q' }] : undefined;
  const driver = new FakeDriver({ answer: ({ sql }) => answers(sql) ?? access(sql) });
  return collect(checkSnowflakeQueryLog(configWith(config), recordedContext(), options, driver));
}

const failures = (results: readonly CheckResult[]): unknown[] =>
  results.filter(({ passed }) => !passed).map(({ name, mandatory, remedy }) => [name, mandatory, remedy]);

describe('Snowflake: check of the query log', () => {
  it('passes when the views can be read', async () => {
    const results = await check(() => undefined);
    expect(failures(results)).to.deep.equal([]);
    expect(results.map(({ name }) => name).slice(3)).to.deep.equal(
      ['QUERY_HISTORY', 'ACCESS_HISTORY', 'COPY_HISTORY'].map((view) => `SNOWFLAKE.ACCOUNT_USAGE.${view}`)
    );
  });

  it('names each view that is missing with its grant; only without QUERY_HISTORY there is no run', async () => {
    for (const [view, mandatory] of [
      ['QUERY_HISTORY', true],
      ['ACCESS_HISTORY', false],
      ['COPY_HISTORY', false],
    ] as const) {
      const results = await check((sql) => (sql.includes(`.${view} LIMIT`) ? REFUSED : undefined));
      expect(failures(results)).to.deep.equal([[`SNOWFLAKE.ACCOUNT_USAGE.${view}`, mandatory, GRANT]]);
    }
  });

  it("doubts a schema that is not Snowflake's own, since a refusal does not tell whether it is there", async () => {
    const refused = (sql: string): Answer | undefined => (sql.includes('.QUERY_HISTORY LIMIT') ? REFUSED : undefined);
    for (const accountUsageSchema of ['SNOWFLAKE.NOPE', 'AUDIT.USAGE']) {
      const [failure] = failures(
        await check(refused, ALL, { accountUsageSchema, useAccessHistory: false })
      ) as string[][];
      expect(failure?.[2]).to.match(
        /^GRANT .* TO ROLE READER; If there is no schema (SNOWFLAKE\.NOPE|AUDIT\.USAGE), name another one/
      );
    }
  });

  it('asks for QUERY_HISTORY alone when the recipe does not use the others', async () => {
    const results = await check(() => undefined, ALL, { useAccessHistory: false });
    expect(results.map(({ name }) => name).slice(3)).to.deep.equal(['SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY']);
  });

  it('tries the filterCondition on the view that a run would read', async () => {
    const options = { ...ALL, filterCondition: 'NO_SUCH = 1' };
    const isTried = (sql: string): boolean => sql.includes('NO_SUCH');
    const onAccess = await check((sql) => (isTried(sql) ? REFUSED : undefined), options);
    expect(onAccess.at(-1)).to.include({ name: 'filterCondition', passed: false, mandatory: true });
    expect(onAccess.at(-1)?.remedy).to.contain('over ACCESS_HISTORY');
    const empty = await check(
      (sql) => (sql.includes('ACCESS_HISTORY LIMIT 1') ? [] : isTried(sql) ? REFUSED : undefined),
      options
    );
    expect(empty.at(-1)?.remedy).to.contain('over QUERY_HISTORY');
    expect(empty.find(({ name }) => name.endsWith('ACCESS_HISTORY'))).to.include({ passed: false, mandatory: false });
  });
});
