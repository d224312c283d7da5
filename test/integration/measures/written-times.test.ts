import { expect } from 'chai';
import { partitionOf } from '../../../src/measures/index.js';
import { sessionFor, type MeasuredColumn } from '../../../src/sources/index.js';
import { toResult } from '../../../src/data-quality/index.js';
import { tableFactsOf } from '../../../src/data-quality/server-records.js';
import { tableOf } from '../data-quality/diff-lab.js';
import { makeCase, NOW, runCases } from '../data-quality/run-cases.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';

const COLUMNS: readonly MeasuredColumn[] = [
  { name: 'ts', dataType: 'TIMESTAMP' },
  { name: 'dt', dataType: 'DATETIME' },
  { name: 'd', dataType: 'DATE' },
  { name: 'u', dataType: 'UUID' },
  { name: 'far', dataType: 'DATETIME' },
  { name: 'y', dataType: 'YEAR' },
  { name: 'tm', dataType: 'TIME' },
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
      'CREATE TABLE shop.written (ts TIMESTAMP(6) NULL, dt DATETIME(6), d DATE, u UUID, far DATETIME(6), y YEAR, tm TIME, l VARCHAR(9) CHARACTER SET latin1)'
    );
    await engine.run("SET GLOBAL time_zone = '+02:00'");
    await engine.run(
      `SET STATEMENT time_zone = '+00:00' FOR INSERT INTO shop.written VALUES
('2026-01-03 12:00:00', '2026-01-03 14:00:00', '2026-01-03', '${UUID}', '2040-01-01 02:00:00', 2026, '12:00:00', 'é'), ('2026-01-03 12:00:00.000007', '2026-01-03 14:00:00.000007', NULL, NULL, '1960-07-01 02:00:00.5', 1999, NULL, NULL)`
    );
  });
  after(async () => {
    await engine?.run("SET GLOBAL time_zone = 'SYSTEM'");
    for (const table of ['time_zone', 'time_zone_name', 'time_zone_transition_type'])
      await engine?.run(`DELETE FROM mysql.${table} WHERE Time_zone_id IN (901, 902)`);
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

  it('are moved to a clock with an offset in all years, and told where its zone has a name', async () => {
    expect(await rows('far', '2040-01-01T00:00:00Z')).to.equal(1);
    expect(await rows('far', '1960-07-01T05:30:00.5+05:30', '2040-01-01T02:00:00+02:00')).to.equal(2);
    await engine.run("SET GLOBAL time_zone = '-05:30'");
    expect(await rows('far', '1960-07-01T07:30:00.5Z')).to.equal(1);
    for (const [id, name, ahead] of [
      [901, 'Test/Ahead', 3600],
      [902, 'Test/Level', 0],
    ] as const) {
      await engine.run(`INSERT INTO mysql.time_zone VALUES (${id}, 'N')`);
      await engine.run(`INSERT INTO mysql.time_zone_name VALUES ('${name}', ${id})`);
      await engine.run(`INSERT INTO mysql.time_zone_transition_type VALUES (${id}, 0, ${ahead}, 0, 'T')`);
    }
    await engine.run("SET GLOBAL time_zone = 'Test/Ahead'");
    expect(await refusal('far', '2040-01-01T01:00:00Z')).to.match(/several rows where a value belongs.*/);
    expect(await rows('far', '2040-01-01 02:00:00')).to.equal(1);
    await engine.run("SET GLOBAL time_zone = 'Test/Level'");
    expect(await rows('far', '2040-01-01T02:00:00Z')).to.equal(1);
    await engine.run("SET GLOBAL time_zone = '+02:00'");
  });

  it('are years of two digits as the server reads them', async () => {
    expect(await rows('y', '26', '99')).to.equal(2);
    expect(await rows('y', '2026')).to.equal(1);
  });

  for (const text of ['12:00:00+02:00', '12:00:00Z', '12:60:00'])
    it(`are refused where ${text} is a time of day`, async () => {
      expect(await rows('tm', '12:00:00', '0 12:00')).to.equal(1);
      expect(await refusal('tm', text)).to.include(`has "${text}" among its partitionValues, which tm (`);
    });

  for (const text of [`{${UUID}`, `${UUID}}`, ` ${UUID} `])
    it(`are refused where "${text}" is a UUID`, async () => {
      expect(await refusal('u', text)).to.include('among its partitionValues, which u (');
    });

  it('are told in the result of a test, with what to do, where the server refuses them', async () => {
    const table = tableOf('my.default.shop.written', [
      { name: 'far', dataType: 'DATETIME' },
      { name: 'l', dataType: 'VARCHAR' },
    ]);
    const cases = [
      ['l', 'é'],
      ['l', '→'],
      ['far', '2040-01-01T00:00:00Z'],
    ].map(([column = '', value], at) => {
      const parameterValues = [{ name: 'missingValueMatch', value: JSON.stringify([value]) }];
      const missing = [...parameterValues, { name: 'missingCountValue', value: '2' }];
      return makeCase('columnValuesMissingCount', String(at), { column, parameterValues: missing });
    });
    await engine.run("SET GLOBAL time_zone = 'Test/Ahead'");
    const found = await runCases(engine, { table: engine.ref('written'), isView: false }, tableFactsOf(table), cases);
    await engine.run("SET GLOBAL time_zone = '+02:00'");
    const texts = found
      .map(({ outcome }) => toResult(outcome, NOW))
      .map((each) => `${each.testCaseStatus} ${each.result}`);
    expect(texts[0]).to.match(/^Success/);
    // a column of latin1 has it in no row
    expect(texts[1]).to.match(/^Failed Found nullCount=1 /);
    expect(texts[2]).to.match(/^Aborted .*several rows.* write it without its offset, as that clock shows it\./);
  });

  it('say that no row has characters that the column has not', async () => {
    expect(await rows('l', 'é')).to.equal(1);
    expect(await refusal('l', 'é', '→')).to.match(/can't compare texts of two collations/);
  });
});
