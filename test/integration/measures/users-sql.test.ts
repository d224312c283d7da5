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
