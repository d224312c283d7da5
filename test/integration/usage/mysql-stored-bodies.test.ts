import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { LoggedQuery } from '../../../src/sources/index.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { readUsageLog, type ReadSettings } from './read-usage-log.js';

describe('MySQL usage log with stored functions, procedures and triggers', () => {
  let server: TestMariadb;

  before(async () => {
    server = await startMariadb({ arguments: ['--general-log=1'] });
    await server.run('CREATE SCHEMA shop; CREATE TABLE shop.a (id INT); CREATE TABLE shop.b (id INT)');
  });
  after(() => server.stop());

  const read = (...settings: ReadSettings): Promise<LoggedQuery[]> => readUsageLog(server, ...settings);

  it("gives what a trigger does with its table's schema, whoever it runs as", async () => {
    await server.run(
      `CREATE SCHEMA fired; CREATE TABLE fired.a (id INT, k INT); CREATE TABLE fired.w (id INT, new INT);
       GRANT ALL ON fired.* TO ${server.user};
       CREATE TRIGGER fired.as_root AFTER DELETE ON fired.a FOR EACH ROW INSERT INTO w (id) VALUES (70)`
    );
    const connection = await server.connect('fired');
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
    await server.runSession('fa', [
      'INSERT INTO fb.z SELECT f90(), 93',
      'USE fb',
      'SELECT fb.f91(), 94 FROM w RIGHT JOIN (SELECT 1) AS one ON 1',
      'SELECT fa.f92(), 95 FROM (SELECT 1 AS x) AS x',
      'SELECT x, 96 FROM shown',
      'SET @x = fa.f90()',
    ]);
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
    await server.runSession('pa', [
      ...['pa', 'pb'].flatMap((schema) => [
        `CREATE TABLE ${schema}.w (k INT)`,
        `CREATE PROCEDURE ${schema}.inner_one(a INT) BEGIN UPDATE w SET k = a WHERE 80; DELETE FROM w WHERE 81; END`,
        `CREATE PROCEDURE ${schema}.outer_one() BEGIN INSERT INTO w VALUES (82); CALL inner_one(83); END`,
        `CREATE PROCEDURE ${schema}.put_together(t TEXT) BEGIN SET @s = CONCAT('SELECT 84 FROM ', t); PREPARE st FROM @s; EXECUTE st; END`,
      ]),
      'CALL pb.outer_one /* 85 */',
      'DELETE FROM w WHERE 86',
      "CALL pb.put_together('w') /* 87 */",
      "EXECUTE IMMEDIATE 'SELECT 88 FROM w'",
    ]);
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
    const failing =
      "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN GET DIAGNOSTICS CONDITION 1 @e = MESSAGE_TEXT; DELETE FROM w WHERE 121; END; SET @a = 1, @b = 2; DELETE FROM w WHERE 122; SIGNAL SQLSTATE '45000'; END";
    await server.runSession('eb', [
      ...['ea.w', 'ea.z', 'eb.w', 'eb.z'].map((table) => `CREATE TABLE ${table} (k INT)`),
      `CREATE PROCEDURE ea.p() BEGIN START TRANSACTION; DELETE FROM w WHERE 120; SAVEPOINT a; DELETE FROM w WHERE 123; ROLLBACK TO a; COMMIT; ANALYZE TABLE w; CHECKSUM TABLE w; (SELECT 124 FROM w) UNION (SELECT 124 FROM z); CALL fails(); SELECT 125 FROM w; END`,
      `CREATE PROCEDURE ea.fails() ${failing}`,
      `CREATE TRIGGER ea.failing AFTER INSERT ON ea.z FOR EACH ROW ${failing}`,
      ...['CALL ea.p()', 'INSERT INTO ea.z VALUES (126)', 'BEGIN', 'DELETE FROM w WHERE 121'],
    ]);
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
    await server.runSession('ma', [
      "CREATE FUNCTION sets() RETURNS INT BEGIN DECLARE v INT; SET sql_mode = 'ANSI_QUOTES'; RETURN 1; END",
      'SELECT 130 FROM w',
      'SELECT sets(), 131 FROM (SELECT 1) AS one',
      'SELECT 132 FROM w WHERE k = "a"',
      "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'",
      'SELECT 133 FROM w',
      'SELECT 134 FROM w WHERE "k" = 1',
    ]);
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
    const connection = await server.connect('shop');
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
    await server.runSession('shop', [
      "SET sql_mode = 'ORACLE'",
      ...schemas.flatMap((schema) => [
        `CREATE PACKAGE ${schema}.pk AS FUNCTION f(a INT) RETURN INT; PROCEDURE p(a INT); END`,
        `CREATE PACKAGE BODY ${schema}.pk AS
           FUNCTION h(a INT) RETURN INT AS BEGIN DELETE FROM w WHERE k = 121; RETURN a; END;
           FUNCTION f(a INT) RETURN INT AS BEGIN DELETE FROM z WHERE k = 122; RETURN h(a); END;
           PROCEDURE p(a INT) AS BEGIN DELETE FROM w WHERE k = 123; END;
         END`,
      ]),
    ]);
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        await server.runSession('shop', [
          ...['SELECT ka.pk.f(1)', 'CALL `kb`.pk . p(1)', 'USE kb', 'DELETE FROM z WHERE k = 122'],
          ...['SELECT ka.pk.f(2)', 'CALL ka.pk.p(2)', "SET sql_mode = 'ORACLE'", 'SELECT pk.f(3)', 'CALL pk.p(3)'],
        ]);
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
    await server.runSession('shop', [
      'CREATE TRIGGER va.own AFTER INSERT ON va.z FOR EACH ROW DELETE FROM w WHERE k = 131',
      'CREATE FUNCTION va.f(a INT) RETURNS INT BEGIN DELETE FROM w WHERE k = 132; RETURN a; END',
      'CREATE VIEW vb.written AS SELECT k FROM va.z',
      'CREATE VIEW vb.outermost AS SELECT k FROM vb.written',
      'CREATE VIEW vb.calling AS SELECT va.f(1) AS x',
    ]);
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        await server.runSession('shop', [
          ...['INSERT INTO vb.written VALUES (1)', 'INSERT INTO vb.outermost VALUES (1)', 'SELECT * FROM vb.calling'],
          ...[`SELECT ${"'x', ".repeat(1_000)} va.f(1)`, 'SELECT 1 FROM a', 'DELETE FROM w WHERE k = 132'],
          ...["SET sql_mode = 'ORACLE'", 'DECLARE v INT := 133; BEGIN INSERT INTO va.w VALUES (v); END'],
          'BEGIN DELETE FROM va.w WHERE k = 134; END',
        ]);
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

  it("gives what an event does with the event's schema", async () => {
    await server.run(`CREATE SCHEMA va1; CREATE SCHEMA va2; CREATE TABLE va1.w (k INT); CREATE TABLE va2.w (k INT); CREATE TABLE va2.z (k INT);
      CREATE USER sees IDENTIFIED BY 's'; GRANT SELECT, TRIGGER, EVENT ON *.* TO sees;
      CREATE USER partly IDENTIFIED BY 'p'; GRANT SELECT, TRIGGER ON *.* TO partly; GRANT EVENT ON va1.* TO partly;
      CREATE TRIGGER va2.t BEFORE INSERT ON va2.z FOR EACH ROW DELETE FROM w WHERE 141;
      SET GLOBAL event_scheduler = ON; TRUNCATE mysql.general_log;
      CREATE EVENT va1.e ON SCHEDULE AT CURRENT_TIMESTAMP ON COMPLETION PRESERVE DO BEGIN INSERT INTO w SELECT 140 FROM w; DELETE FROM w WHERE 141; INSERT INTO w VALUES (142); END`);
    try {
      const isDone = async (): Promise<boolean> => (await server.query('SELECT k FROM va1.w')).length > 0;
      for (let tries = 0; tries < 100 && !(await isDone()); tries += 1) await sleep(100);
      const placesOf = async (warnings: string[], more: object): Promise<(string | undefined)[][]> => {
        const found = await read({}, { shown: /^(?:INSERT|DELETE) .*\b14\d\b/, ...more }, warnings);
        return found.map(({ text, schema }) => [/14\d/.exec(text)?.[0], schema]);
      };
      const warnings: string[] = [];
      expect(await placesOf(warnings, { username: 'sees', authType: { password: 's' } })).to.deep.equal([
        ['140', 'va1'],
        // a trigger has it, too
        ['141', ''],
        ['142', 'va1'],
      ]);
      expect(warnings.join()).to.contain('1 row of stored procedures, functions, triggers and events');
      // an event that isn't seen may have the same statement
      for (const more of [{}, { username: 'partly', authType: { password: 'p' } }]) {
        warnings.length = 0;
        expect((await placesOf(warnings, more)).map(([, schema]) => schema)).to.deep.equal(['', '', '']);
        expect(warnings.join()).to.contain('EVENT ON *.* shows events');
      }
    } finally {
      await server.run('SET GLOBAL event_scheduler = OFF; DROP EVENT va1.e; DROP USER sees; DROP USER partly');
    }
  });

  it('gives what an event does with the time of the zone that the event runs in', async () => {
    await server.run(`CREATE SCHEMA zz; CREATE TABLE zz.w (k INT); CREATE TABLE zz.v (k INT);
      CREATE USER sees IDENTIFIED BY 's'; GRANT SELECT, TRIGGER, EVENT ON *.* TO sees;
      CREATE TRIGGER zz.t AFTER INSERT ON zz.w FOR EACH ROW INSERT INTO v VALUES (152); SET GLOBAL event_scheduler = ON;
      SET time_zone = '-11:00';
      CREATE EVENT zz.e ON SCHEDULE AT CURRENT_TIMESTAMP ON COMPLETION PRESERVE DO INSERT INTO w VALUES (151);
      SET time_zone = DEFAULT`);
    try {
      const isDone = async (): Promise<boolean> => (await server.query('SELECT k FROM zz.v')).length > 0;
      for (let tries = 0; tries < 100 && !(await isDone()); tries += 1) await sleep(100);
      const found = await read({}, { shown: /^INSERT .*\b15\d\b/, username: 'sees', authType: { password: 's' } });
      expect(found.map(({ text, schema }) => [/15\d/.exec(text)?.[0], schema])).to.deep.equal([
        ['151', 'zz'],
        ['152', 'zz'],
      ]);
      for (const { startedAt = 0 } of found) expect(startedAt).to.be.closeTo(Date.now(), 60_000);
    } finally {
      await server.run('SET GLOBAL event_scheduler = OFF; DROP EVENT zz.e; DROP USER sees');
    }
  });

  it('tells of a trigger that is hidden behind a view of another schema, or finds its schema by the view', async () => {
    await server.run(`CREATE SCHEMA ha; CREATE SCHEMA hb; CREATE TABLE ha.z (k INT); CREATE TABLE ha.w (k INT);
      CREATE TABLE hb.w (k INT); CREATE VIEW hb.v AS SELECT k FROM ha.z; CREATE PROCEDURE ha.p() SELECT 1;
      CREATE TRIGGER ha.t AFTER INSERT ON ha.z FOR EACH ROW INSERT INTO w VALUES (NEW.k + 161);
      CREATE USER half IDENTIFIED BY 'h'; GRANT SELECT ON mysql.general_log TO half; GRANT SELECT ON mysql.proc TO half;
      GRANT ALL ON hb.* TO ${server.user}`);
    await server.runSession('hb', ['INSERT INTO v VALUES (1)']);
    const warnings: string[] = [];
    const half = { shown: /^INSERT .*NEW.k/i, username: 'half', authType: { password: 'h' } };
    const schemas = async (): Promise<unknown> => (await read({}, half, warnings)).map(({ schema }) => schema);
    expect(await schemas()).to.deep.equal(['hb']);
    expect(warnings.join()).to.contain('those of 1 count in the likely schema');
    await server.run('GRANT SELECT, SHOW VIEW ON *.* TO half');
    warnings.length = 0;
    expect(await schemas()).to.deep.equal(['ha']);
    expect(warnings.join()).not.to.contain('likely');
    await server.run('DROP USER half');
  });

  it('gives a block that a session sends once, whether or not the server logs its statements, too', async () => {
    await server.run(
      `CREATE SCHEMA ba; CREATE TABLE ba.w (k INT); CREATE TABLE ba.z (k INT); GRANT ALL ON ba.* TO ${server.user};
       CREATE PROCEDURE ba.p() BEGIN DELETE FROM w WHERE k = 103; END`
    );
    const found: unknown[] = [];
    try {
      for (const leftOut of ['sp', '']) {
        await server.run(`SET GLOBAL log_disabled_statements = '${leftOut}'; TRUNCATE mysql.general_log`);
        const connection = await server.connect('shop');
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
});
