import { expect } from 'chai';
import type { CheckResult } from '../../../../src/sources/index.js';
import { checkSnowflake } from '../../../../src/sources/snowflake/check.js';
import { collect, configWith, driverError, FakeDriver, recordedContext } from './fake-driver.js';

const PROFILED = {
  includeTables: true,
  includeViews: true,
  includeStoredProcedures: false,
  includeDDL: false,
  includeTags: false,
};

/** What is said of the histories in ACCOUNT_USAGE. @param refused a view that the role can't read */
async function histories(
  rowChanges: boolean,
  config: Readonly<Record<string, unknown>> = {},
  refused = 'none'
): Promise<CheckResult[]> {
  const driver = new FakeDriver({
    answer: ({ sql }) =>
      sql.includes(`.${refused} LIMIT`) ? driverError('002003', 'Object does not exist or not authorized.') : undefined,
  });
  const results = await collect(
    checkSnowflake(configWith(config), recordedContext(), { ...PROFILED, rowChanges }, driver)
  );
  return results.filter(({ name }) => name.endsWith('_HISTORY'));
}

const viewsOf = (results: readonly CheckResult[]): string[] => results.map(({ name }) => name.split('.').at(-1) ?? '');

describe('Snowflake: check of what a system profile is made of', () => {
  it('tries the views that the run would read, and none where the recipe has no system metric', async () => {
    expect(viewsOf(await histories(true))).to.deep.equal([
      'QUERY_HISTORY',
      'ACCESS_HISTORY',
      'DYNAMIC_TABLE_REFRESH_HISTORY',
    ]);
    expect(viewsOf(await histories(true, { useAccessHistory: false }))).not.to.include('ACCESS_HISTORY');
    expect(viewsOf(await histories(false))).to.deep.equal([]);
  });

  it('says of a view that the role can not read what is lacking without it, with the grant', async () => {
    const results = await histories(true, {}, 'DYNAMIC_TABLE_REFRESH_HISTORY');
    const [failed, ...others] = results.filter(({ passed }) => !passed);
    expect(others).to.deep.equal([]);
    expect(failed).to.include({ mandatory: false });
    expect(failed?.message).to.include('system profiles lack the refreshes of dynamic tables');
    expect(failed?.remedy).to.include('GRANT IMPORTED PRIVILEGES');
  });
});
