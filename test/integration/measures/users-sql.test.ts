import { expect } from 'chai';
import { sessionFor, type Cell, type MeasureSession, type RowSet } from '../../../src/sources/index.js';
import { ENGINES, openMeasures, type Engine } from '../data-quality/engines.js';
import { makeCase, runCases } from '../data-quality/run-cases.js';

/** The names that OpenMetadata's own framework finds: it connects to the table's database, or to databaseSchema. */
describe("A session in which users' SQL runs", () => {
  it('is read-only again after what ends that, however it is written (PostgreSQL)', async function () {
    if (!ENGINES.postgres.available()) this.skip();
    this.timeout(60_000);
    const engine = await ENGINES.postgres.start();
    try {
      await engine.run(`CREATE TABLE shop.w (a int);
        CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql AS 'INSERT INTO shop.w VALUES (1) RETURNING a';
        GRANT SELECT, INSERT ON shop.w TO ingest`);
      const { source, context } = engine;
      const session = await source.session(context);
      const { database } = engine.ref('w');
      const table = { database, schema: 'shop', table: 'w' };
      const ends = 'SELECT length(set_config/* /* */ */($$default_transaction_read_only$$, $$off$$, false)) AS a';
      const users = sessionFor(session, { table }, 'users');
      const ours = sessionFor(session, { table, query: ends });
      for (const of of [users, ours]) {
        expect(await of.rows(ends)).to.deep.equal([[3]]);
        for (const next of [users, ours]) {
          const refused = await next.rows('SELECT shop.f()').catch((error: unknown) => error);
          expect(String(refused)).to.include('25006');
        }
      }
      await ours.rows(ends);
      const refused = await session.rows('SELECT shop.f()').catch((error: unknown) => error);
      expect(String(refused)).to.include('25006');
      await session.close();
    } finally {
      await engine.stop();
    }
  });

  it('keeps nothing that a function of it sets (PostgreSQL)', async function () {
    if (!ENGINES.postgres.available()) this.skip();
    this.timeout(60_000);
    const engine = await ENGINES.postgres.start();
    try {
      await engine.run(`CREATE FUNCTION shop.cfg(a text, b text) RETURNS text LANGUAGE plpgsql AS
          $$ BEGIN PERFORM set_config(a, b, false); RETURN b; END $$;
        CREATE FUNCTION shop.held() RETURNS int LANGUAGE sql AS 'SELECT pg_advisory_lock(7); SELECT 1';
        CREATE TABLE shop.w (a int); GRANT SELECT, INSERT ON shop.w TO ingest;
        CREATE FUNCTION shop.writes() RETURNS int LANGUAGE sql AS 'INSERT INTO shop.w VALUES (1) RETURNING a'`);
      const { source, context } = engine;
      const session = await source.session(context);
      const { database } = engine.ref('w');
      const table = { database, schema: 'shop', table: 'w' };
      const query = 'SELECT 1 AS a';
      const users = sessionFor(session, { table }, 'users');
      const ours = sessionFor(session, { table, query });
      const state = `SELECT (SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings
          WHERE name !~ '^(transaction|plpgsql|TimeZone)'),
        (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory'),
        0.1::float8 + 0.2::float8, DATE '2026-02-03', current_setting('transaction_read_only'), pg_backend_pid()`;
      const before = await session.rows(state);
      const zone = "SELECT current_setting('TimeZone')";
      const zones = [await session.rows(zone), await users.rows(zone), await ours.rows(zone)];
      const changed = Object.entries({
        ...{ DateStyle: 'German, DMY', extra_float_digits: '-10', statement_timeout: '0', lock_timeout: '0' },
        ...{ timezone: 'Asia/Tokyo', search_path: 'pg_catalog', standard_conforming_strings: 'off' },
        ...{ default_transaction_read_only: 'off', IntervalStyle: 'iso_8601', client_encoding: 'LATIN1' },
      });
      const sets = changed.map(([name, to]) => `length(shop.cfg('${name}', '${to}'))`).join(' + ');
      for (const of of [users, ours]) {
        expect(await of.rows(`SELECT ${sets} + shop.held()`)).to.have.length(1);
        const failing = `SELECT (${sets}) / (length(shop.cfg('DateStyle', 'German')) - 6)`;
        expect(String(await of.rows(failing).catch((error: unknown) => error))).to.include('22012');
        await of.query(`SELECT shop.cfg('DateStyle', 'German') FROM generate_series(1, 1000)`, 1);
        expect([await session.rows(zone), await users.rows(zone), await ours.rows(zone)]).to.deep.equal(zones);
        expect(await session.rows(state)).to.deep.equal(before);
        expect(await users.rows(state)).to.deep.equal(before);
      }
      const off = "SELECT shop.cfg('transaction_read_only', 'off'), shop.writes()";
      expect(String(await users.rows(off).catch((error: unknown) => error))).to.match(/25001|25006/);
      engine.statements();
      await users.rows(query);
      await ours.rows(query);
      expect(engine.statements(), 'what stands around it counts for none').to.equal(2);
      const open = "SELECT state FROM pg_stat_activity WHERE state LIKE '%in transaction%'";
      expect(await session.rows(open)).to.deep.equal([]);
      expect(await engine.scalar('SELECT count(*)::int FROM shop.w')).to.equal(0);
      await session.close();
    } finally {
      await engine.stop();
    }
  });

  it('keeps nothing that a function of it sets (MariaDB)', async function () {
    if (!ENGINES.mariadb.available()) this.skip();
    this.timeout(60_000);
    const engine = await ENGINES.mariadb.start();
    try {
      const sets = [
        ...["sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'", "time_zone = '+09:00'", 'tx_read_only = 0', 'timestamp = 1'],
        ...["character_set_results = 'latin1'", 'max_statement_time = 0', 'div_precision_increment = 0'],
      ];
      await engine.run('CREATE TABLE shop.w (a int, c char(5), t TIMESTAMP)');
      await engine.run("INSERT INTO shop.w VALUES (1, '\u{1f600}', '2026-02-03 04:05:06')");
      const body = sets.map((set) => `SET SESSION ${set};`).join(' ');
      await engine.run(`CREATE FUNCTION shop.cfg() RETURNS INT BEGIN ${body} RETURN GET_LOCK('om', 0); END`);
      await engine.run(
        'CREATE FUNCTION shop.writes() RETURNS INT BEGIN INSERT INTO shop.w (a) VALUES (2); RETURN 1; END'
      );
      const { source, context } = engine;
      const session = await source.session(context);
      const table = { database: 'default', schema: 'shop', table: 'w' };
      const users = sessionFor(session, { table }, 'users');
      const ours = sessionFor(session, { table, query: 'SELECT 1 AS a' });
      const variables = `SELECT GROUP_CONCAT(VARIABLE_NAME, '=', VARIABLE_VALUE ORDER BY 1 SEPARATOR ' ')
        FROM information_schema.SESSION_VARIABLES WHERE VARIABLE_NAME NOT IN ('TIMESTAMP', 'TIME_ZONE', 'LAST_GTID',
          'RAND_SEED1', 'RAND_SEED2', 'WARNING_COUNT', 'ERROR_COUNT', 'LAST_INSERT_ID', 'IN_TRANSACTION')`;
      const state = `SELECT (${variables}), NOW() > '2026-01-01', c, t, 1 / 3, CONNECTION_ID(), IS_USED_LOCK('om') FROM shop.w`;
      const [before, usersBefore] = [await session.rows(state), await users.rows(state)];
      for (const of of [users, ours]) {
        expect(await of.rows('SELECT shop.cfg()')).to.deep.equal([[1]]);
        expect(await users.rows(state)).to.deep.equal(usersBefore);
        expect(await of.rows('SELECT shop.cfg()')).to.deep.equal([[1]]);
        const refused = await of.rows('SELECT shop.writes()').catch((error: unknown) => error);
        expect(String(refused)).to.match(/READ ONLY/);
        expect(await of.rows('SELECT shop.cfg()')).to.deep.equal([[1]]);
        engine.statements();
        expect(await session.rows(state)).to.deep.equal(before);
        expect(engine.statements(), 'what sets it anew counts for none').to.equal(1);
      }
      expect(await engine.scalar('SELECT COUNT(*) FROM shop.w')).to.equal(1);
      await session.close();
    } finally {
      await engine.stop();
    }
  });
});

describe("Names in users' SQL", () => {
  let engine: Engine;
  afterEach(() => engine?.stop());

  const scalar = async (session: MeasureSession, sql: string): Promise<Cell | undefined> =>
    (await session.query(sql, 1)).rows[0]?.[0];

  it('need no database on Snowflake, in a session that two databases share', async function () {
    this.timeout(180_000);
    engine = await ENGINES.snowflake.start();
    const { source, context } = engine;
    for (const [database, rows] of [
      ['SHOP', 1],
      ['DEPOT', 2],
    ] as const) {
      if (database !== 'SHOP') await engine.run(`CREATE DATABASE ${database}`);
      await engine.run(`CREATE SCHEMA ${database}.S`);
      await engine.run(
        `CREATE TABLE ${database}.S.T AS SELECT SEQ4() AS ID FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`
      );
    }
    const session = await source.session(context);
    engine.statements();
    const count = (database: string, sql: string): Promise<Cell | undefined> =>
      scalar(sessionFor(session, { table: { database, schema: 'S', table: 'T' } }, 'users'), sql);
    const all = ['SHOP', 'DEPOT', 'SHOP', 'SHOP', 'DEPOT'].map((each) => count(each, 'SELECT COUNT(*) FROM S.T'));
    expect(await Promise.all(all)).to.deep.equal([1, 2, 1, 1, 2]);
    expect(engine.statements(), 'told where it changes').to.equal(5 + 4);
    const query: RowSet = {
      table: { database: 'SHOP', schema: 'S', table: 'T' },
      isView: false,
      query: 'SELECT * FROM S.T',
    };
    const sql = `SELECT COUNT(*) ${source.dialect.from(query, 'all')}`;
    expect(await sessionFor(session, query).rows(sql)).to.deep.equal([[1]]);
    const cases = [
      makeCase('tableCustomSQLQuery', 'own', {
        parameterValues: [
          { name: 'sqlExpression', value: 'SELECT * FROM S.T' },
          { name: 'partitionExpression', value: 'ID IN (SELECT ID FROM S.T)' },
        ],
      }),
      makeCase('tableRuleLibrarySqlExpressionValidator', 'rule', {}),
    ];
    const facts = { fqn: 'shop.SHOP.S.T', columns: [{ name: 'ID', dataType: 'INT', tags: [] }] } as const;
    const template = 'SELECT COUNT(*) FROM S.T WHERE ID < 0';
    const found = await runCases(engine, { table: query.table, isView: false }, facts, cases, { template });
    expect(found.map(({ outcome, failedRows }) => [outcome.status, failedRows?.rows])).to.deep.equal([
      ['Failed', [[0]]],
      ['Success', undefined],
    ]);
    engine.statements();
    const plain = { table: { database: 'DEPOT', schema: 'S', table: 'T' } };
    await sessionFor(session, plain).rows('SELECT COUNT(*) FROM DEPOT.S.T');
    expect(engine.statements(), 'nothing is told for SQL of ours').to.equal(1);
    await session.close();
  });

  it('need no schema on MySQL where it is databaseSchema, else the one of the table', async function () {
    if (!ENGINES.mariadb.available()) this.skip();
    this.timeout(60_000);
    engine = await ENGINES.mariadb.start();
    const { context, connection } = engine;
    await engine.run('CREATE TABLE shop.t (id INT); INSERT INTO shop.t VALUES (1), (2)');
    const config = { ...(connection.config as object), databaseSchema: 'shop' };
    const source = await openMeasures('mysql', config, context);
    const session = await source.session(context);
    const table = { database: 'default', schema: 'shop', table: 't' };
    expect(await scalar(sessionFor(session, { table }, 'users'), 'SELECT COUNT(*) FROM t')).to.equal(2);
    await session.close();
    await source.close();
    await engine.run('CREATE DATABASE depot; CREATE TABLE depot.t (id INT)');
    const plain = await engine.source.session(context);
    engine.statements();
    const own = (schema: string): Promise<Cell | undefined> =>
      scalar(
        sessionFor(plain, { table: { database: 'default', schema, table: 't' } }, 'users'),
        'SELECT COUNT(*) FROM t'
      );
    expect([await own('shop'), await own('shop'), await own('depot'), await own('shop')]).to.deep.equal([2, 2, 0, 2]);
    expect(engine.statements(), 'told where it changes').to.equal(4 + 3);
    await sessionFor(plain, { table }).rows('SELECT COUNT(*) FROM shop.t');
    expect(engine.statements(), 'nothing is told for SQL of ours').to.equal(1);
    await plain.close();
  });
});
