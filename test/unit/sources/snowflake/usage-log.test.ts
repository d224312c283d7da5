import { expect } from 'chai';
import type { LogWindow, UsageLogOptions } from '../../../../src/sources/index.js';
import { openSnowflakeUsageLog } from '../../../../src/sources/snowflake/usage-log.js';
import {
  collect,
  configWith,
  driverError,
  FakeDriver,
  recordedContext,
  type Answer,
  type RecordedContext,
} from './fake-driver.js';

const DAY = 24 * 3_600_000;
const FROM = Date.UTC(2024, 3, 1);
const ALL: UsageLogOptions = { resultLimit: 0, users: { includes: [], excludes: [] } };
const hasAccess = (sql: string): Answer | undefined =>
  sql.includes('ACCESS_HISTORY LIMIT 1') ? [{ QUERY_ID: 'q' }] : undefined;

/** Plans five days and reads each window. */
async function read(
  answers: (sql: string) => Answer | undefined,
  options: UsageLogOptions = ALL,
  config: Readonly<Record<string, unknown>> = {}
): Promise<{ windows: readonly LogWindow[]; lagMs: number; context: RecordedContext; asked: string[] }> {
  const driver = new FakeDriver({ answer: ({ sql }) => answers(sql) });
  const context = recordedContext();
  const log = await openSnowflakeUsageLog(configWith(config), context, driver);
  const windows = await log.windows({ from: FROM, to: FROM + 5 * DAY }, options);
  for (const window of windows) await collect(log.read(window, options));
  await log.close();
  return { windows, lagMs: log.lagMs, context, asked: driver.asked.map(({ sql }) => sql) };
}

describe('Snowflake: the usage log', () => {
  it('is probed once, and what was found is remembered in the windows: a window costs one statement', async () => {
    const { windows, asked } = await read(hasAccess);
    expect(windows.map(({ log }) => log)).to.deep.equal([
      'uses+access+users',
      'uses+access+users',
      'uses+access+users',
    ]);
    expect(asked.filter((sql) => sql.includes('ACCESS_HISTORY LIMIT 1'))).to.have.length(1);
    // Session parameters and identity, three probes, a statement for each two days.
    expect(asked).to.have.length(2 + 3 + 3);
  });

  it('does without ACCESS_HISTORY that is empty or refused, which is said, and does not ask when the recipe does not want it', async () => {
    const refused = driverError('002003', 'Object ACCESS_HISTORY does not exist or not authorized.');
    for (const answer of [undefined, refused]) {
      const { windows, asked, context } = await read((sql) => (sql.includes('ACCESS_HISTORY') ? answer : undefined));
      expect(windows[0]?.log).to.equal('uses+users');
      expect(asked.filter((sql) => sql.includes('ACCESS_HISTORY'))).to.have.length(1);
      expect(context.warnings.join()).to.contain('tables are read from the texts of QUERY_HISTORY');
    }
    const { windows, asked, context } = await read(hasAccess, ALL, { useAccessHistory: false });
    expect(windows[0]?.log).to.equal('uses+users');
    expect(asked.filter((sql) => sql.includes('ACCESS_HISTORY'))).to.deep.equal([]);
    expect(context.warnings).to.deep.equal([]);
  });

  it('is complete three hours behind', async () => {
    expect((await read(hasAccess)).lagMs).to.equal(3 * 3_600_000);
  });

  it('is counted in the warehouse: a row for each text, place, tables, day and user, a text once, users left out there', async () => {
    const users = { includes: ['ana.*', 'etl'], excludes: ['bot'] };
    const { asked } = await read(hasAccess, { ...ALL, users });
    const sql = asked.at(-1) ?? '';
    expect(sql).to.contain('FROM R GROUP BY GROUP_KEY, DAY_NUMBER, USER_NAME');
    expect(sql).to.contain('T.GROUP_KEY = C.GROUP_KEY AND C.PLACE = 1');
    const login = (pattern: string): string => `REGEXP_LIKE(COALESCE(USER_NAME, ''), '^(${pattern}).*', 'is')`;
    expect(sql)
      .to.contain(`(${login('ana.*')} OR ${login('etl')})`)
      .and.to.contain(`NOT ${login('bot')}`);
    expect(sql).to.contain("UPPER(EXECUTION_STATUS) = 'SUCCESS'");
  });
});
