import { expect } from 'chai';
import type mysql from 'mysql2/promise';
import { findSource, type LoggedQuery, type UsageLogOptions } from '../../../src/sources/index.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { readUsageLog, type ReadSettings } from './read-usage-log.js';

const DAY = 24 * 3_600_000;

describe('MySQL usage log', () => {
  let server: TestMariadb;

  before(async () => {
    server = await startMariadb({ arguments: ['--general-log=1'] });
    await server.run('CREATE SCHEMA shop; CREATE TABLE shop.a (id INT); CREATE TABLE shop.b (id INT)');
    await server.run('TRUNCATE mysql.general_log');
    const texts = ['SELECT * FROM a', 'SELECT * FROM a', 'SELECT b.id FROM b, a', 'SET @x = 1'];
    await server.runSession('shop', texts);
  });
  after(() => server.stop());

  const read = (...settings: ReadSettings): Promise<LoggedQuery[]> => readUsageLog(server, ...settings);

  it('gives every statement that may use a table, with its user, time and schema', async () => {
    const records = await read();
    expect(records.map(({ text, schema, user }) => [text, schema, user])).to.deep.equal([
      ['SELECT * FROM a', 'shop', server.user],
      ['SELECT * FROM a', 'shop', server.user],
      ['SELECT b.id FROM b, a', 'shop', server.user],
    ]);
    expect(records.every(({ startedAt = 0 }) => Math.abs(startedAt - Date.now()) < DAY)).to.equal(true);
  });

  it('leaves out users in the statement', async () => {
    expect(await read({ users: { includes: [], excludes: [server.user] } })).to.deep.equal([]);
    expect((await read({ users: { includes: [server.user], excludes: [] } })).length).to.equal(3);
  });

  it('keeps the newest statements of a day when resultLimit says so', async () => {
    const all = await read();
    const newest = await read({ resultLimit: 1, filterCondition: "argument LIKE '% a'" });
    expect(newest.map(({ text }) => text)).to.deep.equal([all.at(-1)?.text]);
  });

  it('gives what SQL prepares each time that it runs, and only then', async () => {
    await server.run('SET GLOBAL slow_query_log = 1; SET GLOBAL long_query_time = 0');
    await server.runSession('shop', [
      "/* a */ -- b\n PREPARE p FROM 'SELECT 7 FROM a'",
      'EXECUTE p',
      'EXECUTE p',
      "EXECUTE  IMMEDIATE'SELECT 8 FROM b'",
      'SELECT 9 AS prepare FROM b',
      // a statement is in the slow log before the session takes its next one, and not before its answer
      'DO 0',
    ]);
    await server.run('SET GLOBAL slow_query_log = 0; SET GLOBAL long_query_time = 10');
    for (const [isSlow, column] of [
      [false, 'argument'],
      [true, 'sql_text'],
    ] as const) {
      const filterCondition = `${column} REGEXP 'SELECT [789]'`;
      const found = await read({ filterCondition }, { shown: / FROM [ab]/, useSlowLogs: isSlow });
      expect(found.map(({ text }) => text)).to.deep.equal([
        'SELECT 7 FROM a',
        'SELECT 7 FROM a',
        'SELECT 8 FROM b',
        'SELECT 9 AS prepare FROM b',
      ]);
    }
  });

  it('leaves out statements of dbt and of ingestions, marked at either end', async () => {
    const dbt = '/* {"app": "dbt", "dbt_version": "1.7.4", "node_id": "model.shop.fct"} */';
    const others = [`SELECT 60 ${dbt} FROM a`, `SELECT 61, '${dbt}' FROM a`, 'SELECT 62 FROM a /* {"app": "x"} */'];
    await server.runSession('shop', [
      `SELECT 63 FROM a ${dbt}`,
      `SELECT 64 FROM a\n${dbt} ;\n`,
      `\n-- ${dbt}\nSELECT 65 FROM a`,
      `SELECT 66 FROM a WHERE id IN (${'1,'.repeat(200_000)}1) ${dbt}`,
      'SELECT 67 FROM a /* {"app": "OpenMetadata", "version": "1"} */',
      ...others,
    ]);
    expect((await read({}, { shown: /SELECT 6[0-7]/ })).map(({ text }) => text)).to.deep.equal(others);
  });

  it("says of a session's texts which temporary tables hide those of the schema", async () => {
    await server.run(`GRANT CREATE TEMPORARY TABLES, INSERT, CREATE, ALTER, DROP ON shop.* TO ${server.user}`);
    const open = (): Promise<mysql.Connection> => server.connect('shop');
    const [one, other] = [await open(), await open()];
    await one.query('CREATE TEMPORARY TABLE a AS SELECT 20 AS id FROM b');
    await one.query('SELECT 21 FROM a');
    await other.query('SELECT 22 FROM a');
    await one.query('SELECT 23 FROM b');
    await one.changeUser({ user: server.user, password: server.password, database: 'shop' });
    await one.query('SELECT 24 FROM a');
    await one.query('CREATE TEMPORARY TABLE a AS SELECT 25 AS id');
    await one.query('DROP TABLE a');
    await one.query('SELECT 26 FROM a');
    await one.query('CREATE TEMPORARY TABLE own AS SELECT 25 AS id');
    await one.query('RENAME TABLE own TO next');
    await one.query('ALTER TABLE next ADD x INT, RENAME TO a, ADD y INT');
    await one.query('SELECT 27 FROM a');
    await Promise.all([one.end(), other.end()]);
    await server.run(`REVOKE INSERT, CREATE, ALTER, DROP ON shop.* FROM ${server.user}`);
    const found = await read({}, { shown: /^(SELECT 2[0-9] FROM|DROP)/ });
    expect(found.map(({ text, temporary }) => [text, temporary])).to.deep.equal([
      ['SELECT 21 FROM a', [['shop', 'a']]],
      ['SELECT 22 FROM a', undefined],
      ['SELECT 23 FROM b', undefined],
      ['SELECT 24 FROM a', undefined],
      ['DROP TABLE a', [['shop', 'a']]],
      ['SELECT 26 FROM a', undefined],
      ['SELECT 27 FROM a', [['shop', 'a']]],
    ]);
  });

  it('says of texts with `||` what their session made of it', async () => {
    const open = (): Promise<mysql.Connection> => server.connect('shop');
    const [one, other] = [await open(), await open()];
    const run = (connection: mysql.Connection, number: number, sign = '||'): Promise<unknown> =>
      connection.query(`SELECT ${number} FROM a JOIN b ON a.id = b.id ${sign} b.id`);
    await run(one, 30);
    await one.query("SET SESSION sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')");
    await run(one, 31);
    await run(one, 32, '+');
    await run(other, 33);
    await one.query("SET sql_mode = 'ANSI_QUOTES'");
    await run(one, 34);
    await server.run("SET GLOBAL sql_mode = 'ANSI'");
    await run(other, 35);
    const third = await open();
    await run(third, 36);
    await server.run('SET GLOBAL sql_mode = DEFAULT');
    await Promise.all([one, other, third].map((connection) => connection.end()));
    const found = await read({}, { shown: /^SELECT 3[0-9] FROM/ });
    expect(found.map(({ text, session }) => [text.slice(7, 9), session?.pipesAsConcat])).to.deep.equal([
      ['30', undefined],
      ['31', true],
      ['32', undefined],
      ['33', undefined],
      ['34', false],
      ['35', undefined],
      ['36', true],
    ]);
    await server.run("SET GLOBAL sql_mode = 'PIPES_AS_CONCAT'");
    const later = await read({}, { shown: /^SELECT 3[03] FROM/ });
    await server.run('SET GLOBAL sql_mode = DEFAULT');
    expect(later.map(({ session }) => session?.pipesAsConcat)).to.deep.equal([true, true]);
  });

  it('follows each USE that the server runs, and none that stands in a string or comment', async () => {
    await server.run(`CREATE SCHEMA gr; CREATE TABLE gr.a (id INT); GRANT SELECT ON gr.* TO ${server.user}`);
    const texts = [
      ...['/* hi */ use gr', '-- hi\nuse gr', '--\nuse gr', '# hi\n use gr', 'use /* x */ gr', 'use`gr`', 'use/**/gr'],
      ...['/*!40000 use gr */', 'use gr -- ; use shop', '/*!999999\\- x */ use gr', '/* /*! */\nuse\tgr', 'USE gr ;'],
      ...['SELECT 1; use gr', "SELECT ';'; /* x */ use gr; SELECT 2", `/* ${'x'.repeat(500)} */ SELECT 1;\nuse gr`],
      ...["SELECT ';use gr;' AS x", "SELECT '; use gr' FROM a", 'SELECT 1 -- ; use gr', 'SELECT 1 /* ; use gr; */'],
      ...['/* use gr */ SELECT 1', '/*!99999999 use gr */', 'SELECT 1 # x\n-- use gr', '/*\nuse gr\n*/ SELECT 1'],
    ];
    const ran: (readonly [string, unknown])[] = [];
    for (const [index, text] of texts.entries()) {
      const connection = await server.connect('shop', { multipleStatements: true });
      await connection.query(text);
      const [rows] = await connection.query(
        `SELECT DATABASE() AS chosen, ${4000 + index} FROM (SELECT 1 AS x) AS x LEFT JOIN a ON 1`
      );
      ran.push([text, Array.isArray(rows) && rows[0] !== undefined && 'chosen' in rows[0] ? rows[0].chosen : '']);
      await connection.end();
    }
    const filterCondition = "argument LIKE 'SELECT DATABASE() AS chosen, 40%'";
    const found = await read({ filterCondition }, { shown: /^SELECT DATABASE\(\) AS chosen, 40/ });
    expect(found.map(({ schema }, index) => [texts[index], schema])).to.deep.equal(ran);
    expect(new Set(ran.map(([, chosen]) => chosen))).to.deep.equal(new Set(['gr', 'shop']));
  });

  it('gives prepared statements once for each execution, with the schema that they were prepared in', async () => {
    await server.run(
      `CREATE SCHEMA prep; CREATE TABLE prep.a (id INT, v VARCHAR(9));
       GRANT SELECT, ALTER ON prep.* TO ${server.user}; GRANT ALTER ON shop.* TO ${server.user}`
    );
    const connection = await server.connect('shop');
    const driver = "SELECT 52, '?' AS x -- don't\n FROM a WHERE id > ? AND id IN (1, ?) AND ? IS NULL AND ? <> id";
    const execute = (): Promise<unknown> => connection.execute(driver, [-1.5, "it's", null, new Date(0)]);
    const own = 'SELECT 53 FROM a';
    await connection.query("PREPARE p FROM 'SELECT 50 FROM a'");
    await connection.query("PREPARE q FROM 'SELECT 51 FROM a WHERE id = ?'");
    await execute();
    await connection.query('USE prep');
    await connection.query("PREPARE r FROM 'SELECT 54 FROM a WHERE v IS NULL'");
    await connection.query('EXECUTE p');
    await connection.query('SET @x = 5');
    await connection.query('EXECUTE q USING @x');
    await execute();
    await connection.query('SELECT 55 FROM a');
    // the server prepares it anew, and the session is elsewhere
    await connection.query('ALTER TABLE shop.a ADD more INT');
    await execute();
    await execute();
    await connection.query('USE shop');
    await connection.query('ALTER TABLE prep.a ADD more INT');
    await connection.query('EXECUTE r');
    await connection.query('EXECUTE r');
    // one that a client prepares anew is another one
    for (const schema of ['shop', 'shop', 'prep']) {
      await connection.query(`USE ${schema}`);
      await connection.execute(own);
      connection.unprepare(own);
    }
    for (const number of [56, 56]) await connection.query(`EXECUTE IMMEDIATE 'SELECT ${number} FROM a'`);
    await connection.end();
    await server.run('ALTER TABLE shop.a DROP more');
    const found = await read({}, { shown: /^SELECT 5[0-6].* FROM a/s });
    expect(found.map(({ text, schema }) => [text.slice(7, 9), schema])).to.deep.equal([
      ['52', 'shop'],
      ['50', 'shop'],
      ['51', 'shop'],
      ['52', 'shop'],
      ['55', 'prep'],
      ['52', 'shop'],
      ['52', 'shop'],
      ['54', 'prep'],
      ['54', 'prep'],
      ['53', 'shop'],
      ['53', 'shop'],
      ['53', 'prep'],
      ['56', 'prep'],
      ['56', 'prep'],
    ]);
  });

  it('says where a session has no schema, and where nothing tells', async () => {
    const open = (): Promise<mysql.Connection> => server.connect();
    const [early, late] = [await open(), await open()];
    const run = (connection: mysql.Connection, text: string): Promise<unknown> =>
      connection.query(text).catch(() => undefined);
    await run(late, 'SELECT 80 FROM a');
    await run(late, 'USE shop');
    await run(late, 'SELECT 81 FROM a');
    await server.run('TRUNCATE mysql.general_log');
    await run(early, 'SELECT 82 FROM a');
    const next = await open();
    await run(next, 'SELECT 83 FROM a');
    await Promise.all([early, late, next].map((connection) => connection.end()));
    const found = await read({}, { shown: /^SELECT 8/ });
    expect(found.map(({ text, schema }) => [text.slice(7, 9), schema])).to.deep.equal([
      ['82', undefined],
      ['83', ''],
    ]);
  });

  it('leaves out only what surely uses no table', async () => {
    await server.run(`GRANT INSERT ON shop.b TO ${server.user}`);
    const using = [
      'SET STATEMENT max_statement_time=10 FOR SELECT id FROM shop.a',
      'BEGIN NOT ATOMIC SELECT 1 FROM shop.b; END',
      'SET @m = (SELECT max(id) FROM shop.a)',
      'SELECT @@version, id FROM shop.a',
      'BEGIN; INSERT INTO shop.b VALUES (1); COMMIT',
      'SET NAMES utf8mb4; SELECT * FROM shop.b',
      'USE shop; SELECT * FROM b WHERE 1',
      'SELECT 12 FROM b',
    ];
    const useless = ['SET NAMES utf8', 'BEGIN', 'COMMIT', 'ROLLBACK;', 'START TRANSACTION', 'SELECT @@version'];
    const texts = [...useless, 'SHOW COLUMNS FROM shop.a', ...using];
    await server.runSession(undefined, texts, { multipleStatements: true });
    const found = await read({}, { shown: /./ });
    expect(found.filter(({ text }) => [...using, ...useless].includes(text)).map(({ text }) => text)).to.deep.equal(
      using
    );
    expect(found.some(({ text }) => text.startsWith('SHOW '))).to.equal(false);
    expect(found.find(({ text }) => text === using.at(-1))?.schema).to.equal('shop');
  });

  it('is checked: the right to read it with its grant, the condition, and whether the server writes it', async () => {
    const { checkUsageLog } = findSource('mysql');
    if (checkUsageLog === undefined) throw new Error('mysql has no check of its usage log');
    await server.run("CREATE USER narrow IDENTIFIED BY 'n'; GRANT SELECT ON shop.* TO narrow");
    const check = async (username: string, password: string, filterCondition?: string): Promise<string[]> => {
      const context = {
        ...{ runTag: 'usage test', signal: new AbortController().signal },
        ...{ onStatement: () => undefined, onWarning: () => undefined },
      };
      const config = { username, authType: { password }, hostPort: server.hostPort };
      const options: UsageLogOptions = {
        ...{ resultLimit: 0, users: { includes: [], excludes: [] } },
        ...(filterCondition === undefined ? {} : { filterCondition }),
      };
      const found: string[] = [];
      for await (const { name, passed, remedy = '' } of checkUsageLog(config, context, options))
        found.push(`${name}: ${passed ? 'ok' : remedy}`);
      return found;
    };
    const refusal = await read({}, { username: 'narrow', authType: { password: 'n' } }).then(
      () => undefined,
      (error: unknown) => error
    );
    expect(refusal).to.have.property('remedy', "Run GRANT SELECT ON `mysql`.`general_log` TO 'narrow'@'%';");
    try {
      const all = ['query log: ok', 'log_output: ok', 'general_log: ok'];
      expect(await check(server.user, server.password)).to.include.members(all);
      expect((await check('narrow', 'n')).join()).to.contain(
        "query log: GRANT SELECT ON `mysql`.`general_log` TO 'narrow'@'%';"
      );
      expect(await check('narrow', 'n'), 'of stored bodies').to.include.members([
        "routine bodies: GRANT SELECT ON `mysql`.`proc` TO 'narrow'@'%';",
        "triggers: GRANT TRIGGER ON *.* TO 'narrow'@'%';",
        "view queries: GRANT SELECT, SHOW VIEW ON *.* TO 'narrow'@'%';",
      ]);
      expect((await check(server.user, server.password, 'colour = 1')).join()).to.contain(
        'filterCondition: It is put into WHERE'
      );
    } finally {
      await server.run('DROP USER narrow');
    }
  });
});
