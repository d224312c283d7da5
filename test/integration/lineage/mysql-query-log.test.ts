import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import {
  findSource,
  type LogCursor,
  type LogRecord,
  type QueryLogOptions,
  type QueryLogSource,
} from '../../../src/sources/index.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';

const ALL: QueryLogOptions = { resultLimit: 0, storedProcedures: true };
/** Who runs what the log has. */
const ETL = { user: 'etl', password: 'etl-password' };
const DAY_MS = 24 * 3_600_000;
const range = { from: Date.now() - DAY_MS, to: Date.now() + DAY_MS };

interface Opened {
  readonly log: QueryLogSource;
  readonly warnings: string[];
  readonly statements: () => number;
}

interface Read {
  readonly texts: string[];
  readonly records: Extract<LogRecord, { kind: 'query' }>[];
  readonly cursors: LogCursor[];
  readonly warnings: string[];
  readonly statements: number;
}

describe('query log of MySQL', function () {
  this.timeout(240_000);
  let server: TestMariadb;

  before(async () => {
    server = await startMariadb();
    await server.run(`CREATE SCHEMA shop; CREATE SCHEMA mart; CREATE SCHEMA \`odd name\`;
      CREATE TABLE shop.orders (id INT, total INT); CREATE TABLE shop.lines (id INT, price INT);
      CREATE TABLE mart.daily (id INT, total INT); CREATE TABLE \`odd name\`.t (id INT);
      CREATE USER etl@'%' IDENTIFIED BY '${ETL.password}'; GRANT ALL ON *.* TO etl@'%'`);
  });
  after(() => server.stop());
  beforeEach(() => server.logStatements(true));

  const open = async (config: object = {}): Promise<Opened> => {
    const warnings: string[] = [];
    let statements = 0;
    const { openQueryLog } = findSource('mysql');
    if (openQueryLog === undefined) throw new Error('mysql has no query log');
    const log = await openQueryLog(
      { username: server.user, hostPort: server.hostPort, authType: { password: server.password }, ...config },
      {
        runTag: 'test',
        signal: new AbortController().signal,
        onStatement: () => (statements += 1),
        onWarning: (message) => warnings.push(message),
      }
    );
    return { log, warnings, statements: () => statements };
  };

  const read = async (options: QueryLogOptions = ALL, config: object = {}, after?: LogCursor): Promise<Read> => {
    const { log, warnings, statements } = await open(config);
    try {
      const windows = await log.windows(range, options);
      expect(windows).to.have.length(1);
      const [window] = windows;
      const before = statements();
      const records: Read['records'] = [];
      const cursors: LogCursor[] = [];
      if (window !== undefined) {
        for await (const { record, cursor } of log.read(window, options, after)) {
          if (record.kind === 'query') records.push(record);
          cursors.push(cursor);
        }
      }
      return { texts: records.map((each) => each.text), records, cursors, warnings, statements: statements() - before };
    } finally {
      await log.close();
    }
  };

  /** Runs statements as another user, each on its own. */
  const run = (statements: readonly string[], database?: string): Promise<void> =>
    server.runSession(database, statements, ETL);

  it('gives the texts that may carry lineage, in the order they ran, by one statement and four for what sessions set and what is stored', async () => {
    const wanted = [
      'INSERT INTO mart.daily SELECT id, total FROM shop.orders',
      'insert mart.daily\nselect * from shop.orders',
      'REPLACE INTO mart.daily SELECT * FROM shop.orders',
      'CREATE TABLE mart.copy AS SELECT * FROM shop.orders',
      'CREATE OR REPLACE VIEW mart.v AS SELECT id FROM shop.orders',
      'UPDATE mart.daily d JOIN shop.orders o ON d.id = o.id SET d.total = o.total',
      'UPDATE mart.daily, shop.orders SET mart.daily.total = shop.orders.total',
      'WITH o AS (SELECT * FROM shop.orders) SELECT 1 FROM o',
      'RENAME TABLE mart.copy TO mart.copy2',
      'ALTER TABLE mart.copy2 RENAME TO mart.copy',
    ].filter((text) => !text.startsWith('WITH'));
    await run([
      ...wanted,
      'SELECT * FROM shop.orders',
      'UPDATE shop.orders SET total = 1',
      'INSERT INTO shop.orders VALUES (1, 2)',
    ]);
    const { texts, statements, records } = await read();
    expect(texts).to.deep.equal(wanted);
    expect(statements).to.equal(5);
    expect(records[0]).to.include({ database: 'default', user: 'etl' });
    expect(Math.abs((records[0]?.startedAt ?? 0) - Date.now())).to.be.below(60_000);
    await server.run('DROP TABLE mart.copy; DROP VIEW mart.v');
  });

  it('has what stored bodies do in their schema, by seven statements in all', async () => {
    await server.run(
      `CREATE SCHEMA lb; CREATE TABLE lb.w (k INT); CREATE TABLE lb.z (k INT); CREATE TABLE lb.t (k INT);
       CREATE VIEW mart.lv AS SELECT k FROM lb.t; GRANT TRIGGER ON *.* TO ${server.user}`
    );
    await run(
      [
        'CREATE TRIGGER lb.own AFTER INSERT ON lb.t FOR EACH ROW INSERT INTO w SELECT k FROM z',
        'CREATE FUNCTION lb.f(a INT) RETURNS INT BEGIN INSERT INTO z SELECT k FROM w; RETURN a; END',
        "SET sql_mode = 'ORACLE'",
        'CREATE PACKAGE lb.pk AS FUNCTION f(a INT) RETURN INT; END',
        'CREATE PACKAGE BODY lb.pk AS FUNCTION f(a INT) RETURN INT AS BEGIN INSERT INTO w SELECT k + 1 FROM z; RETURN a; END; END',
      ],
      'lb'
    );
    await server.run('TRUNCATE mysql.general_log');
    const fired = [
      'INSERT INTO mart.lv SELECT id FROM orders LIMIT 1',
      'INSERT INTO daily (id) SELECT lb.f(id) FROM orders LIMIT 1',
      'INSERT INTO daily (id) SELECT lb.pk.f(id) FROM orders LIMIT 1',
    ];
    await server.run('INSERT INTO shop.orders VALUES (1, 2)');
    await run(['CREATE TEMPORARY TABLE daily (id INT)', ...fired, 'INSERT INTO lb.z SELECT 1 FROM orders'], 'shop');
    const { records, statements } = await read();
    await server.run('DROP VIEW mart.lv; DROP SCHEMA lb');
    expect(records.map(({ text, schema }) => `${schema ?? ''}: ${text.slice(12, 17)}`)).to.deep.equal([
      ...['shop: mart.', 'lb: w SEL', 'shop: daily', 'lb: z SEL', 'shop: daily', 'lb: w SEL', 'shop: lb.z '],
    ]);
    expect(statements).to.equal(7);
  });

  it('leaves out its own statements and those of dbt', async () => {
    await run([
      '/* {"app": "OpenMetadata", "version": "2"} */\nINSERT INTO mart.daily SELECT * FROM shop.orders',
      '/* {"app": "dbt", "dbt_version": "1"} */ INSERT INTO mart.daily SELECT * FROM shop.orders',
      '/* mine */ INSERT INTO mart.daily SELECT * FROM shop.orders',
    ]);
    await read();
    expect((await read()).texts).to.deep.equal(['/* mine */ INSERT INTO mart.daily SELECT * FROM shop.orders']);
  });

  it('knows the schema of each text from Connect, Init DB and USE of the same thread, also of prepared statements', async () => {
    const insert = 'INSERT INTO t SELECT * FROM t';
    const odd = await server.connect('odd name', ETL);
    const mart = await server.connect('mart', ETL);
    await odd.query(insert);
    await mart.query('INSERT INTO daily SELECT * FROM shop.orders');
    await mart.query('USE shop');
    await mart.execute('INSERT INTO orders SELECT ?, price FROM `lines`', [7]);
    await odd.changeUser({ database: 'mart' });
    await odd.query('INSERT INTO daily SELECT id, 1 FROM shop.orders');
    await mart.query('use `odd name`;');
    await mart.query(insert);
    const bare = await server.connect(undefined, ETL);
    await bare.query('INSERT INTO mart.daily SELECT 1, 2 FROM shop.orders');
    await Promise.all([odd.end(), mart.end(), bare.end()]);
    const { records } = await read();
    expect(records.map((each) => [each.schema, each.text.slice(0, 18)])).to.deep.equal([
      ['odd name', 'INSERT INTO t SELE'],
      ['mart', 'INSERT INTO daily '],
      ['shop', 'INSERT INTO orders'],
      ['mart', 'INSERT INTO daily '],
      ['odd name', 'INSERT INTO t SELE'],
      ['', 'INSERT INTO mart.d'],
    ]);
  });

  it('follows each USE that the server runs, wherever it stands, and SETs behind blanks and comments', async () => {
    const insert = "INSERT INTO daily SELECT id, 1 || 1 FROM shop.orders WHERE '; use shop' = '' -- ; use shop";
    const texts = ['-- hi\nuse mart', '/* hi */ use mart', 'use`mart`', '/*!40000 use mart */', 'SELECT 1; use mart'];
    for (const text of texts) {
      const ran = [text, "-- hi\n SET sql_mode = 'PIPES_AS_CONCAT'", insert, insert];
      await server.runSession('shop', ran, { ...ETL, multipleStatements: true });
    }
    const { records } = await read();
    expect(records.map(({ schema, session }) => [schema, session?.pipesAsConcat])).to.deep.equal(
      texts.flatMap(() => [
        ['mart', true],
        ['mart', true],
      ])
    );
  });

  it('follows no USE that the server refused, and reads comments and quotes as the session did', async () => {
    await server.run('CREATE SCHEMA gone; CREATE SCHEMA hidden; CREATE SCHEMA other');
    await server.run("CREATE USER lim IDENTIFIED BY 'p'; GRANT SELECT ON shop.* TO lim; GRANT ALL ON mart.* TO lim");
    const insert = 'INSERT INTO daily SELECT 1, 1 FROM shop.orders';
    const cases: readonly (readonly [text: string, schema: string, password?: string])[] = [
      ['USE nope_zz', 'mart'],
      ['USE gone', 'gone'],
      ['USE INFORMATION_SCHEMA', 'INFORMATION_SCHEMA'],
      ['USE other', 'other'],
      ['USE hidden', 'mart', 'p'],
      ['USE shop', 'shop', 'p'],
      ['/*M!100100 USE shop */', 'shop'],
      ['/*!80000 USE shop */', 'mart'],
      ['SET STATEMENT max_statement_time = 5 FOR USE shop', 'shop'],
    ];
    for (const [text, , password] of cases) {
      const account = password === undefined ? ETL : { user: 'lim', password };
      await server.runSession('mart', [text, insert], { ...account, mayFail: [text, insert] });
    }
    const modes = "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'";
    const quoted = `INSERT INTO daily SELECT '\\', "id" FROM shop.orders /*!50701 , x */`;
    await run([modes, quoted.replaceAll('\\\\', '\\')], 'mart');
    await server.run('/* x */ DROP SCHEMA gone; DROP SCHEMA hidden; DROP SCHEMA IF EXISTS `other`; DROP USER lim');
    const records = (await read()).records.filter(({ text }) => text.startsWith('INSERT'));
    expect(records.map(({ schema }) => schema)).to.deep.equal([...cases.map(([, schema]) => schema), 'mart']);
    expect(records.at(-1)?.session).to.deep.equal({
      ansiQuotes: true,
      plainBackslashes: true,
      server: { isMariaDb: true, version: records.at(-1)?.session?.server?.version },
    });
    expect(records.at(-1)?.session?.server?.version).to.be.greaterThan(100_000);
  });

  it('has of a text of several statements what the server ran up to a USE that it refused', async () => {
    const insert = 'INSERT INTO daily SELECT 1, 1 FROM shop.orders';
    const refused = `${insert}; USE nope_zy; USE shop; ${insert}`;
    await server.runSession('mart', [refused, insert], { ...ETL, multipleStatements: true, mayFail: [refused] });
    const { records } = await read();
    expect(records.map(({ text, schema }) => [text, schema])).to.deep.equal([
      [`${insert}; USE nope_zy`, 'mart'],
      [insert, 'mart'],
    ]);
  });

  it('reads the newest of a limited number of texts and says so', async () => {
    await run([1, 2, 3, 4, 5].map((n) => `INSERT INTO mart.daily SELECT ${n}, total FROM shop.orders`));
    const { texts, warnings } = await read({ ...ALL, resultLimit: 2 });
    expect(texts.map((text) => /\d/.exec(text)?.[0])).to.deep.equal(['4', '5']);
    expect(warnings).to.deep.equal([
      '`mysql`.`general_log` has 5 texts that may carry lineage; resultLimit reads the newest 2 of them. 0 reads all.',
    ]);
  });

  it('resumes after any cursor with the same statements, while the log grows, with and without a limit', async () => {
    await run(
      [1, 2, 3, 4, 5, 6].map((n) => `INSERT INTO daily SELECT ${n}, total FROM shop.orders`),
      'mart'
    );
    for (const options of [ALL, { ...ALL, resultLimit: 4 }]) {
      const whole = await read(options);
      await run(['INSERT INTO mart.daily SELECT 7, total FROM shop.orders']);
      for (const [index, cursor] of whole.cursors.entries()) {
        const rest = await read(options, {}, cursor);
        const same = rest.records.slice(0, whole.records.length - index - 1);
        expect(same).to.deep.equal(whole.records.slice(index + 1));
        expect(rest.warnings).to.deep.equal([]);
      }
    }
  });

  it('goes on by time when the log was rotated in between, and says so', async () => {
    await run([1, 2, 3].map((n) => `INSERT INTO mart.daily SELECT ${n}, total FROM shop.orders`));
    const { cursors } = await read();
    await server.run('TRUNCATE mysql.general_log');
    await run(['INSERT INTO mart.daily SELECT 4, total FROM shop.orders']);
    const { texts, warnings } = await read(ALL, {}, cursors[2]);
    expect(texts).to.deep.equal(['INSERT INTO mart.daily SELECT 4, total FROM shop.orders']);
    expect(warnings[0]).to.contain('rotated');
  });

  it('takes a filterCondition as it is, question marks and comments included, and refuses one that is no SQL', async () => {
    await run([
      "INSERT INTO mart.daily SELECT 1, LENGTH('?') FROM shop.orders",
      'INSERT INTO mart.daily SELECT 2, 3 FROM shop.orders',
    ]);
    const filterCondition = "user_host LIKE 'etl%' OR 1 = 0) AND (argument LIKE '%?%' -- only these";
    expect((await read({ ...ALL, filterCondition })).texts).to.have.length(1);
    const refused = await read({ ...ALL, filterCondition: 'nonsense = 1' }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(PermanentError);
    expect((refused as PermanentError).where).to.equal('source.sourceConfig.config.filterCondition');
  });

  it('reads the slow log with its own schema and duration', async () => {
    await server.run('SET GLOBAL slow_query_log = ON; TRUNCATE mysql.slow_log');
    const slow = 'INSERT INTO daily SELECT id, SLEEP(0.2) FROM (SELECT 1 AS id) AS one';
    await run(['SET SESSION long_query_time = 0', slow], 'mart');
    // the server writes the row after it has answered
    const isWritten = async (): Promise<boolean> =>
      (await server.query(`SELECT 1 FROM mysql.slow_log WHERE sql_text LIKE 'INSERT%'`)).length > 0;
    for (let tries = 0; tries < 100 && !(await isWritten()); tries += 1) await sleep(50);
    await server.run('SET GLOBAL slow_query_log = OFF');
    const { records, warnings } = await read(ALL, { useSlowLogs: true });
    expect(records).to.have.length(1);
    expect(records[0]).to.include({ schema: 'mart', user: 'etl' });
    expect(records[0]?.durationMs).to.be.within(200, 5_000);
    expect(warnings[0]).to.contain('slow_query_log is off');
  });

  it('reads a copy of the log in another table, with texts as bytes that are no UTF-8', async () => {
    await run(['INSERT INTO daily SELECT 1, total FROM shop.orders'], 'mart');
    await server.run('SET GLOBAL general_log = OFF');
    await server.run(`CREATE TABLE mart.history AS SELECT * FROM mysql.general_log;
      ALTER TABLE mart.history MODIFY argument MEDIUMBLOB NOT NULL;
      UPDATE mart.history SET argument = CONCAT(argument, X'20FF') WHERE argument LIKE 'INSERT%'`);
    const { records } = await read(ALL, { queryHistoryTable: 'mart.history' });
    expect(records.map(({ text, schema }) => [text, schema])).to.deep.equal([
      ['INSERT INTO daily SELECT 1, total FROM shop.orders \uFFFD', 'mart'],
    ]);
    await server.run('DROP TABLE mart.history');
  });

  const failure = async (config: object = {}): Promise<PermanentError> => {
    const error = await read(ALL, config).catch((thrown: unknown) => thrown);
    if (error instanceof PermanentError) return error;
    throw new Error('nothing was refused', { cause: error });
  };

  it('names the GRANT when the log must not be read', async () => {
    await server.run("CREATE USER 'nolog'@'%' IDENTIFIED BY 'nolog-password'; GRANT SELECT ON shop.* TO 'nolog'@'%'");
    const error = await failure({ username: 'nolog', authType: { password: 'nolog-password' } });
    expect(error.remedy).to.contain("GRANT SELECT ON `mysql`.`general_log` TO 'nolog'@'%';");
    expect(error.remedy).to.contain('A lineage recipe does without it by processQueryLineage: false.');
  });

  it('names the setting when the server writes its log into files, and a table that is no log', async () => {
    await server.run("SET GLOBAL log_output = 'FILE'");
    const error = await failure();
    await server.run("SET GLOBAL log_output = 'TABLE'");
    expect(error.remedy).to.contain("SET GLOBAL log_output = 'TABLE';");
    expect((await failure({ queryHistoryTable: 'shop.orders' })).remedy).to.contain('event_time');
    expect((await failure({ queryHistoryTable: 'nothing' })).remedy).to.contain('schema.table');
  });
});

describe('query log of a MySQL server in another time zone', function () {
  this.timeout(240_000);

  it('has the times of its rows right, whatever zone the worker is in', async () => {
    const server = await startMariadb({ arguments: ['--default-time-zone=-09:00'] });
    try {
      await server.run('CREATE SCHEMA shop; CREATE TABLE shop.a (id INT); CREATE TABLE shop.b (id INT)');
      await server.logStatements(true);
      await server.query('INSERT INTO shop.b SELECT id FROM shop.a');
      const log = await findSource('mysql').openQueryLog?.(
        { username: server.user, hostPort: server.hostPort, authType: { password: server.password } },
        {
          runTag: 'test',
          signal: new AbortController().signal,
          onStatement: () => undefined,
          onWarning: () => undefined,
        }
      );
      if (log === undefined) throw new Error('mysql has no query log');
      const hour = 3_600_000;
      const near = { from: Date.now() - hour, to: Date.now() + hour };
      const times: number[] = [];
      for (const window of await log.windows(near, ALL))
        for await (const { record } of log.read(window, ALL))
          if (record.kind === 'query' && record.text.startsWith('INSERT')) times.push(record.startedAt ?? 0);
      await log.close();
      expect(times).to.have.length(1);
      expect(times[0]).to.be.within(near.from, near.to);
    } finally {
      await server.stop();
    }
  });
});
