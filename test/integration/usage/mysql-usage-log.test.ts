import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { findSource, type LoggedQuery, type UsageLogOptions } from '../../../src/sources/index.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';

const DAY = 24 * 3_600_000;

describe('MySQL usage log', () => {
  let server: TestMariadb;

  before(async () => {
    server = await startMariadb({ arguments: ['--general-log=1'] });
    await server.run('CREATE SCHEMA shop; CREATE TABLE shop.a (id INT); CREATE TABLE shop.b (id INT)');
    await server.run('TRUNCATE mysql.general_log');
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
    });
    for (const text of ['SELECT * FROM a', 'SELECT * FROM a', 'SELECT b.id FROM b, a', 'SET @x = 1'])
      await connection.query(text);
    await connection.end();
  });
  after(() => server.stop());

  async function read(
    options: Partial<UsageLogOptions> = {},
    { shown = / [ab]$|INTO b/, ...settings }: { readonly shown?: RegExp; readonly [key: string]: unknown } = {},
    warnings: string[] = []
  ): Promise<LoggedQuery[]> {
    const { openUsageLog } = findSource('mysql');
    if (openUsageLog === undefined) throw new Error('mysql has no usage log');
    const config = {
      ...{ username: server.user, authType: { password: server.password }, hostPort: server.hostPort },
      ...settings,
    };
    const log = await openUsageLog(config, {
      runTag: 'usage test',
      signal: new AbortController().signal,
      onStatement: () => undefined,
      onWarning: (message) => warnings.push(message),
    });
    const all: UsageLogOptions = { resultLimit: 0, users: { includes: [], excludes: [] }, ...options };
    const day = Math.floor(Date.now() / DAY) * DAY;
    const records: LoggedQuery[] = [];
    try {
      for (const window of await log.windows({ from: day - DAY, to: day + DAY }, all)) {
        for await (const { record } of log.read(window, all)) if (record.kind === 'query') records.push(record);
      }
    } finally {
      await log.close();
    }
    return records.filter(({ text }) => shown.test(text));
  }

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
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
    });
    for (const text of [
      "/* a */ -- b\n PREPARE p FROM 'SELECT 7 FROM a'",
      'EXECUTE p',
      'EXECUTE p',
      "EXECUTE  IMMEDIATE'SELECT 8 FROM b'",
      'SELECT 9 AS prepare FROM b',
    ])
      await connection.query(text);
    // a statement is in the slow log before the session takes its next one, and not before its answer
    await connection.query('DO 0');
    await connection.end();
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
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
    });
    for (const text of [
      `SELECT 63 FROM a ${dbt}`,
      `SELECT 64 FROM a\n${dbt} ;\n`,
      `\n-- ${dbt}\nSELECT 65 FROM a`,
      `SELECT 66 FROM a WHERE id IN (${'1,'.repeat(200_000)}1) ${dbt}`,
      'SELECT 67 FROM a /* {"app": "OpenMetadata", "version": "1"} */',
      ...others,
    ])
      await connection.query(text);
    await connection.end();
    expect((await read({}, { shown: /SELECT 6[0-7]/ })).map(({ text }) => text)).to.deep.equal(others);
  });

  it("says of a session's texts which temporary tables hide those of the schema", async () => {
    await server.run(`GRANT CREATE TEMPORARY TABLES, INSERT, CREATE, ALTER, DROP ON shop.* TO ${server.user}`);
    const [host, port] = server.hostPort.split(':');
    const open = (): Promise<mysql.Connection> =>
      mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
      });
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
    const [host, port] = server.hostPort.split(':');
    const open = (): Promise<mysql.Connection> =>
      mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
      });
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
    const [host, port] = server.hostPort.split(':');
    const texts = [
      ...['/* hi */ use gr', '-- hi\nuse gr', '--\nuse gr', '# hi\n use gr', 'use /* x */ gr', 'use`gr`', 'use/**/gr'],
      ...['/*!40000 use gr */', 'use gr -- ; use shop', '/*!999999\\- x */ use gr', '/* /*! */\nuse\tgr', 'USE gr ;'],
      ...['SELECT 1; use gr', "SELECT ';'; /* x */ use gr; SELECT 2", `/* ${'x'.repeat(500)} */ SELECT 1;\nuse gr`],
      ...["SELECT ';use gr;' AS x", "SELECT '; use gr' FROM a", 'SELECT 1 -- ; use gr', 'SELECT 1 /* ; use gr; */'],
      ...['/* use gr */ SELECT 1', '/*!99999999 use gr */', 'SELECT 1 # x\n-- use gr', '/*\nuse gr\n*/ SELECT 1'],
    ];
    const ran: (readonly [string, unknown])[] = [];
    for (const [index, text] of texts.entries()) {
      const connection = await mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
        multipleStatements: true,
      });
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
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
    });
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

  it("gives what a trigger does with its table's schema, whoever it runs as", async () => {
    await server.run(
      `CREATE SCHEMA fired; CREATE TABLE fired.a (id INT, k INT); CREATE TABLE fired.w (id INT, new INT);
       GRANT ALL ON fired.* TO ${server.user};
       CREATE TRIGGER fired.as_root AFTER DELETE ON fired.a FOR EACH ROW INSERT INTO w (id) VALUES (70)`
    );
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'fired' },
    });
    await connection.query(
      'CREATE TRIGGER own AFTER INSERT ON a FOR EACH ROW INSERT INTO w (id, new) VALUES (71, NEW.id)'
    );
    await connection.query(`CREATE TRIGGER more BEFORE UPDATE ON a FOR EACH ROW BEGIN
      DECLARE z INT; SELECT 72 INTO z FROM w WHERE id = OLD.k LIMIT 1; DELETE FROM w WHERE id = z AND 73; END`);
    await connection.query('USE shop');
    await connection.query('INSERT INTO fired.a VALUES (1, 2)');
    await connection.execute('INSERT INTO fired.a VALUES (?, 74)', [3]);
    await connection.query('SELECT new.id, 75 FROM a AS new');
    await connection.query('UPDATE fired.a SET k = 76');
    await connection.query('DELETE FROM fired.a WHERE id = 3');
    await connection.query('SELECT 77 FROM a');
    await connection.end();
    const found = await read({}, { shown: /^(?!CREATE).*\b7\d\b/s });
    expect(found.map(({ text, schema }) => [/7\d/.exec(text)?.[0], schema])).to.deep.equal([
      ['71', 'fired'],
      ['74', 'shop'],
      ['71', 'fired'],
      ['75', 'shop'],
      ['76', 'shop'],
      ['72', 'fired'],
      ['73', 'fired'],
      ['72', 'fired'],
      ['73', 'fired'],
      ['70', 'fired'],
      ['77', 'shop'],
    ]);
  });

  it("gives what a stored function does with the function's schema, or says that it can't be told", async () => {
    await server.run(
      `CREATE SCHEMA fa; CREATE SCHEMA fb; CREATE TABLE fa.w (k INT); CREATE TABLE fb.w (k INT); CREATE TABLE fb.z (k INT, n INT);
       GRANT ALL ON fa.* TO ${server.user}; GRANT ALL ON fb.* TO ${server.user};
       CREATE USER blind IDENTIFIED BY 'b'; GRANT SELECT ON mysql.general_log TO blind;
       CREATE FUNCTION fa.f90() RETURNS INT READS SQL DATA BEGIN DECLARE v INT; SELECT max(k) INTO v FROM w WHERE 90; RETURN v; END;
       CREATE FUNCTION fb.f91() RETURNS INT READS SQL DATA BEGIN DECLARE v INT; SELECT max(k) INTO v FROM w WHERE 91; RETURN fa.f90(); END;
       CREATE FUNCTION fa.f92() RETURNS INT MODIFIES SQL DATA SQL SECURITY INVOKER BEGIN INSERT INTO w VALUES (92); RETURN 1; END;
       CREATE VIEW fb.shown AS SELECT fa.f90() AS x`
    );
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'fa' },
    });
    for (const text of [
      'INSERT INTO fb.z SELECT f90(), 93',
      'USE fb',
      'SELECT fb.f91(), 94 FROM w RIGHT JOIN (SELECT 1) AS one ON 1',
      'SELECT fa.f92(), 95 FROM (SELECT 1 AS x) AS x',
      'SELECT x, 96 FROM shown',
      'SET @x = fa.f90()',
    ])
      await connection.query(text);
    await connection.end();
    const shown = { shown: /^(?!CREATE).*\b9[0-6]\b/s };
    const placed = (found: readonly LoggedQuery[]): unknown =>
      found.map(({ text, schema }) => [/9[0-6](?!\()/.exec(text)?.[0], schema]);
    const own = ['fa', 'fa', 'fb', 'fb', 'fa', 'fb', 'fa', 'fb', 'fa', 'fa'];
    const numbers = ['93', '90', '94', '91', '90', '95', '92', '96', '90', '90'];
    expect(placed(await read({}, shown))).to.deep.equal(numbers.map((number, at) => [number, own[at]]));
    // nothing tells that fb.f91 calls fa.f90, nor what an INSERT under the session's own account is
    const hidden = ['fa', '', 'fb', 'fb', 'fb', 'fb', 'fb', 'fb', '', 'fa'];
    const warnings: string[] = [];
    const blind = { ...shown, username: 'blind', authType: { password: 'b' } };
    expect(placed(await read({}, blind, warnings))).to.deep.equal(numbers.map((number, at) => [number, hidden[at]]));
    expect(warnings.join()).to.contain("whose bodies this account doesn't see: the names without a schema of 2 count");
    await server.run('DROP USER blind');
  });

  it("gives what a procedure does with the procedure's schema, and says what the log lacks of it", async () => {
    await server.run(
      `CREATE SCHEMA pa; CREATE SCHEMA pb; GRANT ALL ON pa.* TO ${server.user}; GRANT ALL ON pb.* TO ${server.user};
       CREATE USER blind IDENTIFIED BY 'b'; GRANT SELECT ON mysql.general_log TO blind;
       SET GLOBAL log_disabled_statements = ''`
    );
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'pa' },
    });
    for (const schema of ['pa', 'pb'])
      for (const text of [
        `CREATE TABLE ${schema}.w (k INT)`,
        `CREATE PROCEDURE ${schema}.inner_one(a INT) BEGIN UPDATE w SET k = a WHERE 80; DELETE FROM w WHERE 81; END`,
        `CREATE PROCEDURE ${schema}.outer_one() BEGIN INSERT INTO w VALUES (82); CALL inner_one(83); END`,
        `CREATE PROCEDURE ${schema}.put_together(t TEXT) BEGIN SET @s = CONCAT('SELECT 84 FROM ', t); PREPARE st FROM @s; EXECUTE st; END`,
      ])
        await connection.query(text);
    for (const text of [
      'CALL pb.outer_one /* 85 */',
      'DELETE FROM w WHERE 86',
      "CALL pb.put_together('w') /* 87 */",
      "EXECUTE IMMEDIATE 'SELECT 88 FROM w'",
    ])
      await connection.query(text);
    await connection.end();
    const shown = { shown: /^(?!CREATE).*\b8[0-8]\b/s };
    const warnings: string[] = [];
    try {
      const found = await read({}, shown, warnings);
      expect(found.map(({ text, schema }) => [/8\d/.exec(text)?.[0], schema])).to.deep.equal([
        ...[
          ['85', 'pa'],
          ['82', 'pb'],
          ['83', 'pb'],
          ['83', 'pb'],
          ['81', 'pb'],
        ],
        ...[
          ['86', 'pa'],
          ['87', 'pa'],
          ['84', 'pb'],
          ['88', 'pa'],
        ],
      ]);
      expect(warnings.join()).to.contain(' has 1 EXECUTE of stored procedures.');
      await read({}, { ...shown, username: 'blind', authType: { password: 'b' } }, warnings);
      expect(warnings.join()).to.contain(' has 2 CALLs of procedures of another schema');
    } finally {
      await server.run("SET GLOBAL log_disabled_statements = 'sp'; DROP USER blind");
    }
  });

  it("gives a body's schema to what stands behind statements of any kind in it, and ends it with the session's own", async () => {
    await server.run(
      `CREATE SCHEMA ea; CREATE SCHEMA eb; GRANT ALL ON ea.* TO ${server.user}; GRANT ALL ON eb.* TO ${server.user};
       SET GLOBAL log_disabled_statements = ''`
    );
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'eb' },
    });
    for (const schema of ['ea', 'eb'])
      for (const table of ['w', 'z']) await connection.query(`CREATE TABLE ${schema}.${table} (k INT)`);
    const failing =
      "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN GET DIAGNOSTICS CONDITION 1 @e = MESSAGE_TEXT; DELETE FROM w WHERE 121; END; SET @a = 1, @b = 2; DELETE FROM w WHERE 122; SIGNAL SQLSTATE '45000'; END";
    for (const text of [
      `CREATE PROCEDURE ea.p() BEGIN START TRANSACTION; DELETE FROM w WHERE 120; SAVEPOINT a; DELETE FROM w WHERE 123; ROLLBACK TO a; COMMIT; ANALYZE TABLE w; CHECKSUM TABLE w; (SELECT 124 FROM w) UNION (SELECT 124 FROM z); CALL fails(); SELECT 125 FROM w; END`,
      `CREATE PROCEDURE ea.fails() ${failing}`,
      `CREATE TRIGGER ea.failing AFTER INSERT ON ea.z FOR EACH ROW ${failing}`,
    ])
      await connection.query(text);
    for (const text of ['CALL ea.p()', 'INSERT INTO ea.z VALUES (126)', 'BEGIN', 'DELETE FROM w WHERE 121'])
      await connection.query(text);
    await connection.end();
    try {
      const found = await read({}, { shown: /^(?!CREATE).*\b12\d\b/s });
      expect(found.map(({ text, schema }) => `${/12\d/.exec(text)?.[0] ?? ''} ${schema ?? ''}`)).to.deep.equal([
        ...['120 ea', '123 ea', '124 ea', '122 ea', '121 ea', '125 ea', '126 eb', '122 ea', '121 ea', '121 eb'],
      ]);
    } finally {
      await server.run("SET GLOBAL log_disabled_statements = 'sp'");
    }
  });

  it('reads texts by the sql_mode that their session set, not by one that a body set, or that a CREATE has in it', async () => {
    await server.run(`CREATE SCHEMA ma; CREATE TABLE ma.w (k INT); GRANT ALL ON ma.* TO ${server.user}`);
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'ma' },
    });
    for (const text of [
      "CREATE FUNCTION sets() RETURNS INT BEGIN DECLARE v INT; SET sql_mode = 'ANSI_QUOTES'; RETURN 1; END",
      'SELECT 130 FROM w',
      'SELECT sets(), 131 FROM (SELECT 1) AS one',
      'SELECT 132 FROM w WHERE k = "a"',
      "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'",
      'SELECT 133 FROM w',
      'SELECT 134 FROM w WHERE "k" = 1',
    ])
      await connection.query(text);
    await connection.end();
    const found = await read({}, { shown: /^SELECT .*\b13\d\b/s });
    expect(found.map(({ text, session }) => [/13\d/.exec(text)?.[0], session?.ansiQuotes === true])).to.deep.equal([
      ...['130', '131', '132', '133'].map((number) => [number, false]),
      ['134', true],
    ]);
  });

  it("takes for a body's what follows a statement that is no use itself, and nothing behind one that fires none", async () => {
    await server.run(
      `CREATE SCHEMA ca; CREATE TABLE ca.w (k INT); CREATE TABLE ca.z (k INT); CREATE TABLE shop.w (k INT); GRANT ALL ON ca.* TO ${server.user}`
    );
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
    });
    await connection.query('CREATE TRIGGER ca.own AFTER INSERT ON ca.z FOR EACH ROW DELETE FROM w WHERE 110');
    await server.run(`GRANT ALL ON shop.* TO ${server.user}; TRUNCATE mysql.general_log`);
    for (const text of [
      'USE shop',
      '/* {"app": "dbt", "dbt_version": "1.7.4", "node_id": "model.shop.fct"} */ INSERT INTO ca.z VALUES (1)',
      ...['INSERT INTO ca.z VALUES (2)', 'COMMIT', 'DELETE FROM w WHERE 110'],
    ])
      await connection.query(text);
    await connection.end();
    const found = await read({}, { shown: /WHERE 110/ });
    expect(found.map(({ schema }) => schema)).to.deep.equal(['ca', 'ca', 'shop']);
  });

  it("gives what a package's routines do with the package's schema", async () => {
    const schemas = ['ka', 'kb'];
    for (const schema of schemas)
      await server.run(
        `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.w (k INT); CREATE TABLE ${schema}.z (k INT); GRANT ALL ON ${schema}.* TO ${server.user}`
      );
    const [host, port] = server.hostPort.split(':');
    const open = (): Promise<mysql.Connection> =>
      mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
      });
    const connection = await open();
    await connection.query("SET sql_mode = 'ORACLE'");
    for (const schema of schemas) {
      await connection.query(`CREATE PACKAGE ${schema}.pk AS FUNCTION f(a INT) RETURN INT; PROCEDURE p(a INT); END`);
      await connection.query(
        `CREATE PACKAGE BODY ${schema}.pk AS
           FUNCTION h(a INT) RETURN INT AS BEGIN DELETE FROM w WHERE k = 121; RETURN a; END;
           FUNCTION f(a INT) RETURN INT AS BEGIN DELETE FROM z WHERE k = 122; RETURN h(a); END;
           PROCEDURE p(a INT) AS BEGIN DELETE FROM w WHERE k = 123; END;
         END`
      );
    }
    await connection.end();
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        const session = await open();
        for (const text of [
          ...['SELECT ka.pk.f(1)', 'CALL `kb`.pk . p(1)', 'USE kb', 'DELETE FROM z WHERE k = 122'],
          ...['SELECT ka.pk.f(2)', 'CALL ka.pk.p(2)', "SET sql_mode = 'ORACLE'", 'SELECT pk.f(3)', 'CALL pk.p(3)'],
        ])
          await session.query(text);
        await session.end();
        const warnings: string[] = [];
        const records = await read({}, { shown: /^DELETE.* 12\d/ }, warnings);
        found.push(
          records.map(({ text, schema }) => `${schema ?? ''} ${text.slice(-3)}`),
          warnings
        );
      }
      expect(found).to.deep.equal([
        [...['ka 122', 'ka 121', 'kb 122', 'ka 122', 'ka 121', 'kb 122', 'kb 121']],
        [],
        [...['ka 122', 'ka 121', 'kb 123', 'kb 122', 'ka 122', 'ka 121', 'ka 123', 'kb 122', 'kb 121', 'kb 123']],
        [],
      ]);
    } finally {
      await server.run("SET GLOBAL log_disabled_statements = 'sp'");
    }
  });

  it('follows views, calls far into a text, and blocks under sql_mode ORACLE', async () => {
    await server.run(
      `CREATE SCHEMA va; CREATE TABLE va.w (k INT); CREATE TABLE va.z (k INT); CREATE SCHEMA vb; GRANT ALL ON va.* TO ${server.user}; GRANT ALL ON vb.* TO ${server.user}`
    );
    const [host, port] = server.hostPort.split(':');
    const open = (): Promise<mysql.Connection> =>
      mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
      });
    const connection = await open();
    for (const text of [
      'CREATE TRIGGER va.own AFTER INSERT ON va.z FOR EACH ROW DELETE FROM w WHERE k = 131',
      'CREATE FUNCTION va.f(a INT) RETURNS INT BEGIN DELETE FROM w WHERE k = 132; RETURN a; END',
      'CREATE VIEW vb.written AS SELECT k FROM va.z',
      'CREATE VIEW vb.outermost AS SELECT k FROM vb.written',
      'CREATE VIEW vb.calling AS SELECT va.f(1) AS x',
    ])
      await connection.query(text);
    await connection.end();
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        const session = await open();
        for (const text of [
          ...['INSERT INTO vb.written VALUES (1)', 'INSERT INTO vb.outermost VALUES (1)', 'SELECT * FROM vb.calling'],
          ...[`SELECT ${"'x', ".repeat(1_000)} va.f(1)`, 'SELECT 1 FROM a', 'DELETE FROM w WHERE k = 132'],
          ...["SET sql_mode = 'ORACLE'", 'DECLARE v INT := 133; BEGIN INSERT INTO va.w VALUES (v); END'],
          'BEGIN DELETE FROM va.w WHERE k = 134; END',
        ])
          await session.query(text);
        await session.end();
        const records = await read({}, { shown: /13\d/ });
        found.push(
          records.map(({ text, schema }) => `${schema ?? ''} ${text.slice(0, 7)} ${/13\d/.exec(text)?.[0] ?? ''}`)
        );
      }
      const placed = [
        ...['va DELETE  131', 'va DELETE  131', 'va DELETE  132', 'va DELETE  132', 'shop DELETE  132'],
        ...['shop DECLARE 133', 'shop BEGIN D 134'],
      ];
      expect(found).to.deep.equal([placed, placed]);
    } finally {
      await server.run("SET GLOBAL log_disabled_statements = 'sp'");
    }
  });

  it('gives a block that a session sends once, whether or not the server logs its statements, too', async () => {
    await server.run(
      `CREATE SCHEMA ba; CREATE TABLE ba.w (k INT); CREATE TABLE ba.z (k INT); GRANT ALL ON ba.* TO ${server.user};
       CREATE PROCEDURE ba.p() BEGIN DELETE FROM w WHERE k = 103; END`
    );
    const [host, port] = server.hostPort.split(':');
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        const connection = await mysql.createConnection({
          ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password, database: 'shop' },
        });
        await connection.query(
          'BEGIN NOT ATOMIC DECLARE v INT DEFAULT 100; WHILE v < 102 DO INSERT INTO ba.w SELECT v FROM a; SET v = v + 1; END WHILE; END'
        );
        await connection.execute('IF 101 THEN BEGIN NOT ATOMIC INSERT INTO ba.z VALUES (?); END; END IF', [-5]);
        await connection.query("EXECUTE IMMEDIATE 'BEGIN NOT ATOMIC INSERT INTO ba.z VALUES (102); CALL ba.p(); END'");
        await connection.query('USE ba');
        await connection.query('INSERT INTO z VALUES (102)');
        await connection.end();
        const records = await read({}, { shown: /^(?!SET|CREATE).*\bba\.|\bz\b|\bw\b/s });
        found.push(records.map(({ text, schema }) => [text.slice(0, 16), schema]));
      }
      const own = ['BEGIN NOT ATOMIC', 'IF 101 THEN BEGI', 'BEGIN NOT ATOMIC', 'INSERT INTO z VA'];
      const placed = own.map((text, at) => [text, at < 3 ? 'shop' : 'ba']);
      expect(found).to.deep.equal([placed, [...placed.slice(0, 3), ['DELETE FROM w WH', 'ba'], ...placed.slice(3)]]);
    } finally {
      await server.run("SET GLOBAL log_disabled_statements = 'sp'");
    }
  });

  it('says where a session has no schema, and where nothing tells', async () => {
    const [host, port] = server.hostPort.split(':');
    const open = (): Promise<mysql.Connection> =>
      mysql.createConnection({
        ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password },
      });
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
    const [host, port] = server.hostPort.split(':');
    const connection = await mysql.createConnection({
      ...{ host: host ?? '', port: Number(port), user: server.user, password: server.password },
      multipleStatements: true,
    });
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
    for (const text of [...useless, 'SHOW COLUMNS FROM shop.a', ...using]) await connection.query(text);
    await connection.end();
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
      expect((await check(server.user, server.password, 'colour = 1')).join()).to.contain(
        'filterCondition: It is put into WHERE'
      );
    } finally {
      await server.run('DROP USER narrow');
    }
  });
});
