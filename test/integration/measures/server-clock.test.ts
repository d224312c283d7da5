import { expect } from 'chai';
import { Measuring, momentBefore, partitionOf } from '../../../src/measures/index.js';
import { takeCustom } from '../../../src/profiler/take-custom.js';
import { sessionFor, type Cell, type MeasuredColumn } from '../../../src/sources/index.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { makeCase, NOW, runCases } from '../data-quality/run-cases.js';

/**
 * Of 3,000 rows, one a minute (in columns with and without a zone) and one a day, those since so long before the time
 * of the run, as a client of the server would count them.
 */
const LAST: readonly (readonly [string, 'HOUR' | 'DAY', number, number])[] = [
  ['dt', 'HOUR', 2, 121],
  ['ts', 'HOUR', 2, 121],
  ['dt', 'DAY', 1, 1441],
  ['d', 'DAY', 2, 3],
];

const TABLE = 'clock';

describe("The server's own clock", () => {
  let engine: Engine;
  let undo: string | undefined;
  afterEach(async () => {
    if (undo !== undefined) await engine.run(undo);
    undo = undefined;
    await engine?.stop();
  });

  /** What partitions and tests count, by column, interval and unit. */
  const counted = async (columns: readonly MeasuredColumn[], of = TABLE): Promise<unknown[]> => {
    const { source, context } = engine;
    const session = await source.session(context);
    const table = engine.ref(of);
    const found = [];
    for (const [name, unit, interval] of LAST) {
      const keys = {
        enablePartitioning: true,
        partitionColumnName: name,
        partitionIntervalType: unit === 'DAY' ? 'INGESTION-TIME' : 'TIME-UNIT',
        partitionInterval: interval,
        partitionIntervalUnit: unit,
      };
      const where = partitionOf(keys, columns, NOW, of)?.where;
      const rows = { table, isView: false, ...(where === undefined ? {} : { where }) };
      const sql = `SELECT COUNT(*) ${source.dialect.from(rows, 'all')}`;
      const [row] = await sessionFor(session, rows).rows(sql);
      const parameterValues = Object.entries({ columnName: name, rangeType: unit, rangeInterval: String(interval) });
      const test = makeCase('tableRowInsertedCountToBeBetween', 'inserted', {
        parameterValues: [...parameterValues, ['min', '1']].map(([each = '', value = '']) => ({ name: each, value })),
      });
      const facts = { fqn: of, columns: columns.map((each) => ({ ...each, tags: [] })) };
      const [inserted] = await runCases(engine, { table, isView: false }, facts, [test]);
      found.push([name, unit, interval, Number(row?.[0]), inserted?.outcome.text]);
    }
    await session.close();
    return found;
  };
  /** The first of `shop.days`, which has a row a day, in a window that ends at a time. */
  const firstDay = async (at: string, unit: 'DAY' | 'MONTH' | 'YEAR'): Promise<unknown> => {
    const { source, context } = engine;
    const session = await source.session(context);
    const column = { name: 'd', dataType: 'DATE' } as const;
    const value = momentBefore(Date.parse(at), 1, unit);
    const where = source.dialect.condition({ op: 'compare', column, is: '>=', value });
    const [row] = await session.rows(`SELECT CAST(MIN(d) AS CHAR(10)) FROM shop.days WHERE ${where}`);
    await session.close();
    return row?.[0];
  };
  const expected = LAST.map((each) => [...each, `Found insertedRows=${each[3]} vs. the expected min=1, max=inf.`]);

  /**
   * Minutes that now is ahead of UTC, in statements one after another: a user's, one of ours, one of ours with a user's
   * query, a user's.
   */
  const ahead = async (now: string): Promise<Cell[]> => {
    const { source, context } = engine;
    const session = await source.session(context);
    const table = engine.ref(TABLE);
    const sql = `SELECT ${now}`;
    const withQuery = { table, isView: false, query: `SELECT ${now} AS a` };
    engine.statements();
    const users = sessionFor(session, { table }, 'users');
    const measuring = new Measuring(sessionFor(session, { table }), { signal: context.signal, users });
    const custom = await takeCustom([{ name: 'ahead', sql }], measuring, { failures: [], empty: [] });
    const found = [
      custom.customMetrics?.[0]?.value ?? null,
      (await measuring.rows(sql))[0]?.[0] ?? null,
      (await sessionFor(session, withQuery).rows(`SELECT a ${source.dialect.from(withQuery, 'all')}`))[0]?.[0] ?? null,
      (await users.query(sql, 1)).rows[0]?.[0] ?? null,
    ];
    expect(engine.statements(), 'to set a zone counts for no statement').to.be.at.most(found.length + 1);
    await session.close();
    return found;
  };

  for (const [zone, minutes, monthsEnd, dayBefore] of [
    ['-05:00', -300, '2026-03-01T02:00:00Z', '2026-01-28'],
    ['+09:00', 540, '2026-02-28T20:00:00Z', '2026-02-01'],
  ] as const)
    it(`is what MariaDB's columns without a zone are compared with: ${zone}`, async function () {
      if (!ENGINES.mariadb.available()) this.skip();
      this.timeout(60_000);
      engine = await ENGINES.mariadb.start();
      undo = `SET GLOBAL time_zone = 'SYSTEM'`;
      await engine.run(`SET GLOBAL time_zone = '${zone}'`);
      const now = `FROM_UNIXTIME(${NOW / 1000})`;
      await engine.run(`SET SESSION time_zone = '${zone}';
        CREATE TABLE shop.${TABLE} (id INT, dt DATETIME(3), ts TIMESTAMP NULL, d DATE, KEY (dt), KEY (d));
        INSERT INTO shop.${TABLE} SELECT seq, ${now} - INTERVAL seq MINUTE, ${now} - INTERVAL seq MINUTE,
          DATE(${now}) - INTERVAL seq DAY FROM shop.seq_0_to_2999;
        CREATE TABLE shop.parts (dt DATETIME) PARTITION BY RANGE COLUMNS (dt) (
          PARTITION old VALUES LESS THAN ('2026-11-26'), PARTITION new VALUES LESS THAN (MAXVALUE));
        CREATE TABLE shop.days SELECT DATE '2025-01-01' + INTERVAL seq DAY AS d FROM shop.seq_0_to_600`);
      const columns = (
        [
          ['dt', 'DATETIME'],
          ['ts', 'TIMESTAMP'],
          ['d', 'DATE'],
        ] as const
      ).map(([name, dataType]) => ({ name, dataType }));
      expect(await counted(columns)).to.deep.equal(expected);
      expect(await ahead('TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())')).to.deep.equal([minutes, 0, 0, minutes]);

      expect(await firstDay(monthsEnd, 'MONTH'), 'by months of that clock').to.equal(dayBefore);
      expect(await firstDay('2026-05-10T12:00:00Z', 'YEAR')).to.equal('2025-05-10');

      const { source, context } = engine;
      const session = await source.session(context);
      const value = momentBefore(NOW, 1, 'DAY');
      const since = (column: MeasuredColumn): string =>
        source.dialect.condition({ op: 'compare', column, is: '>=', value });
      const explain = async (what: string): Promise<readonly Cell[]> =>
        (await session.rows(`EXPLAIN PARTITIONS SELECT COUNT(*) FROM shop.${what}`))[0] ?? [];
      expect(await explain(`${TABLE} WHERE ${since({ name: 'dt', dataType: 'DATETIME' })}`)).to.include('range');
      expect(await explain(`${TABLE} WHERE ${since({ name: 'd', dataType: 'DATE' })}`)).to.include('range');
      expect(await explain(`parts WHERE ${since({ name: 'dt', dataType: 'DATETIME' })}`)).to.include('new');
      await session.close();
    });

  for (const [whose, settles] of [
    ['database', 'ALTER DATABASE postgres'],
    ['user', 'ALTER ROLE ingest'],
  ] as const)
    it(`is what PostgreSQL's columns without a zone are compared with: the ${whose}'s`, async function () {
      if (!ENGINES.postgres.available()) this.skip();
      this.timeout(60_000);
      engine = await ENGINES.postgres.start();
      undo = `${settles} RESET timezone`;
      await engine.run(`${settles} SET timezone = 'America/New_York'`);
      const now = `to_timestamp(${NOW / 1000})`;
      await engine.run(`SET timezone = 'America/New_York';
        CREATE DOMAIN shop.clock_time AS timestamp(3); CREATE DOMAIN shop."Shown At" AS shop.clock_time NOT NULL;
        CREATE DOMAIN shop.moment AS timestamptz CHECK (VALUE > '2000-01-01'); CREATE DOMAIN shop.own_day AS date;
        CREATE TABLE shop.${TABLE} AS SELECT ((${now} - s * interval '1 minute')::timestamp(3)) AS dt,
          ${now} - s * interval '1 minute' AS ts, ${now}::date - s AS d FROM generate_series(0, 2999) s;
        CREATE TABLE shop.domains AS SELECT dt::shop."Shown At" AS dt, ts::shop.moment AS ts, d::shop.own_day AS d FROM shop.${TABLE};
        CREATE INDEX ON shop.domains (dt); CREATE INDEX ON shop.domains (ts); ANALYZE shop.domains;
        CREATE TABLE shop.parts (at shop.clock_time) PARTITION BY RANGE (at);
        CREATE TABLE shop.old_part PARTITION OF shop.parts FOR VALUES FROM (MINVALUE) TO ('2026-11-20');
        CREATE TABLE shop.new_part PARTITION OF shop.parts FOR VALUES FROM ('2026-11-20') TO (MAXVALUE);
        CREATE TABLE shop.days AS SELECT DATE '2025-01-01' + s AS d FROM generate_series(0, 600) s;
        CREATE INDEX ON shop.${TABLE} (dt); ANALYZE shop.${TABLE}`);
      const columns: MeasuredColumn[] = [
        { name: 'dt', dataType: 'TIMESTAMP', display: 'timestamp(3) without time zone' },
        { name: 'ts', dataType: 'TIMESTAMP', display: 'timestamp with time zone' },
        { name: 'd', dataType: 'DATE' },
      ];
      expect(await counted(columns)).to.deep.equal(expected);
      const ofDomains = columns.map((each) => ({ ...each, display: 'own' }));
      expect(await counted(ofDomains, 'domains'), 'a domain counts as what it is over').to.deep.equal(expected);
      expect(await firstDay('2026-03-01T02:00:00Z', 'MONTH'), 'by months of that clock').to.equal('2026-01-28');
      expect(await firstDay('2026-03-09T04:30:00Z', 'DAY'), 'on the day after clocks change').to.equal('2026-03-08');
      const inMinutes = `(extract(epoch FROM now()::timestamp - now() AT TIME ZONE 'UTC') / 60)::int`;
      expect(await ahead(inMinutes)).to.deep.equal([-300, 0, 0, -300]);

      const { source, context } = engine;
      const session = await source.session(context);
      const plan = async (table: string, column: MeasuredColumn): Promise<string> => {
        const where = { op: 'compare', column, is: '>=', value: momentBefore(NOW, 1, 'DAY') } as const;
        const sql = `EXPLAIN ANALYZE SELECT COUNT(*) FROM shop.${table} WHERE ${source.dialect.condition(where)}`;
        return (await session.rows(sql)).flat().join('\n');
      };
      const [dt, ts] = columns as [MeasuredColumn, MeasuredColumn];
      expect(await plan(TABLE, dt)).to.match(/Index (Only )?(Cond|Scan)/);
      expect(await plan('domains', { ...dt, display: 'Shown At' })).to.match(/Index (Only )?(Cond|Scan)/);
      expect(await plan('domains', { ...ts, display: 'moment' })).to.match(/Index (Only )?(Cond|Scan)/);
      expect(await plan('parts', { name: 'at', dataType: 'TIMESTAMP', display: 'clock_time' })).to.match(
        /Subplans Removed: 1|Seq Scan on old_part.*never executed/
      );
      await session.close();
    });
});
