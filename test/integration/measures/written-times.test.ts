import { expect } from 'chai';
import { partitionOf } from '../../../src/measures/index.js';
import { sessionFor, type MeasuredColumn } from '../../../src/sources/index.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';

const COLUMNS: readonly MeasuredColumn[] = [
  { name: 'ts', dataType: 'TIMESTAMP' },
  { name: 'dt', dataType: 'DATETIME' },
  { name: 'd', dataType: 'DATE' },
  { name: 'u', dataType: 'UUID' },
  { name: 'l', dataType: 'VARCHAR' },
];
const UUID = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';

describe("A partition's values as somebody writes them (MariaDB)", () => {
  let engine: Engine;

  before(async function () {
    if (!ENGINES.mariadb.available()) this.skip();
    this.timeout(60_000);
    engine = await ENGINES.mariadb.start();
    await engine.run(
      'CREATE TABLE shop.written (ts TIMESTAMP(6) NULL, dt DATETIME(6), d DATE, u UUID, l VARCHAR(9) CHARACTER SET latin1)'
    );
    await engine.run("SET GLOBAL time_zone = '+02:00'");
    await engine.run(
      `SET STATEMENT time_zone = '+00:00' FOR INSERT INTO shop.written VALUES
('2026-01-03 12:00:00', '2026-01-03 14:00:00', '2026-01-03', '${UUID}', 'é'), ('2026-01-03 12:00:00.000007', '2026-01-03 14:00:00.000007', NULL, NULL, NULL)`
    );
  });
  after(async () => {
    await engine?.run("SET GLOBAL time_zone = 'SYSTEM'");
    await engine?.stop();
  });

  async function rows(partitionColumnName: string, ...partitionValues: readonly string[]): Promise<unknown> {
    const keys = { partitionColumnName, partitionIntervalType: 'COLUMN-VALUE', partitionValues };
    const { source, context } = engine;
    const table = engine.ref('written');
    const where = partitionOf(keys, COLUMNS, 0, 'written', source.dialect)?.where;
    const part = { table, isView: false, ...(where === undefined ? {} : { where }) };
    const session = await source.session(context);
    try {
      const [row] = await sessionFor(session, part).rows(`SELECT COUNT(*) ${source.dialect.from(part, 'all')}`);
      return Number(row?.[0]);
    } finally {
      await session.close();
    }
  }
  const refusal = (...of: Parameters<typeof rows>): Promise<string> =>
    rows(...of).then(String, (error: unknown) => String(error));

  for (const text of ['2026-01-03T17:30:00+05:30', '2026-01-03 07:00:00.000 -0500', '2026-01-03T12:00Z'])
    it(`take ${text} for a moment, in columns without a zone what the server's clock showed then`, async () => {
      expect([await rows('ts', text), await rows('dt', text), await rows('d', text)]).to.deep.equal([1, 1, 1]);
    });

  it('keep microseconds of a moment, and times without an offset as they are', async () => {
    expect(await rows('ts', '2026-01-03T14:00:00.000007+02:00')).to.equal(1);
    expect(await rows('dt', '2026-01-03T14:00:00.000007+02:00')).to.equal(1);
    expect(await rows('ts', '2026-01-03 12:00:00', '2026-01-03T12:00:00.000007Z')).to.equal(2);
    expect(await rows('dt', '2026-01-03 14:00:00')).to.equal(1);
    expect(await rows('d', '20260103')).to.equal(1);
    expect(await rows('d', '0000-00-00')).to.equal(0);
  });

  for (const text of [
    '2026-13-45',
    '2026-02-30',
    '2026-01-03 24:00',
    '2026-01-03 12:00:00 Mars',
    '2026-01-03 12:00+99:00',
  ])
    it(`are refused where no calendar has ${text}`, async () => {
      for (const column of ['ts', 'dt', 'd'])
        expect(await refusal(column, text)).to.include(`has "${text}" among its partitionValues, which ${column} (`);
    });

  it('take a UUID in braces', async () => {
    expect(await rows('u', `{${UUID.toUpperCase()}}`)).to.equal(1);
  });

  it('say that no row has characters that the column has not', async () => {
    expect(await rows('l', 'é')).to.equal(1);
    expect(await refusal('l', 'é', '→')).to.match(/can't compare texts of two collations/);
  });
});
