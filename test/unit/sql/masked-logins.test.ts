import { expect } from 'chai';
import { maskLiterals, maskWholeText, parseLineage, type Dialect } from '../../../src/sql/index.js';

type Case = readonly [Dialect, string, string];

describe('commands of clients in a masked text', () => {
  const masked: readonly Case[] = [
    ['ansi', '.LOGON host/user,s3cret;\nSELECT a FROM t', 'SELECT a FROM t'],
    ['ansi', '.SET WIDTH 9\n.LOGDATA s3cret\n.logon h/u,"s;3"\nSELECT a FROM t', '.SET WIDTH ? SELECT a FROM t'],
    ['ansi', 'LOGON h/u,s3cret;\nSELECT a FROM t', 'SELECT a FROM t'],
    ['oracle', 'CONNECT u/"s3;cret"@d\nSELECT a FROM t', 'SELECT a FROM t'],
    ['oracle', 'SELECT a FROM t; CONNECT u/s3cret@d; SELECT b FROM t', 'SELECT a FROM t; SELECT b FROM t'],
    ['oracle', 'sqlplus u/s3cret@d\nSELECT a FROM t', 'SELECT a FROM t'],
    ['postgres', '\\connect postgres://u:s3cret@h/d\nSELECT a FROM t', 'SELECT a FROM t'],
    ['postgres', '\\c "password=s3cret host=h"\nSELECT a FROM t', 'SELECT a FROM t'],
    ['postgres', 'SELECT a FROM t \\c "password=s3cret"', 'SELECT a FROM t'],
    ['postgres', '\\connect u:s3cret\\nSELECT a FROM t', 'SELECT a FROM t'],
    ['postgres', 'PGPASSWORD=s3cret psql\nSELECT a FROM t', 'SELECT a FROM t'],
    ['snowflake', '!define pw=s3cret\nSELECT a FROM t', 'SELECT a FROM t'],
    ['hive', '!connect jdbc:hive2://h/d u s3cret\nSELECT a FROM t', 'SELECT a FROM t'],
    ['tsql', 'SELECT a FROM t\nGO\n:connect h -U u -P s3cret\nSELECT a FROM t', 'SELECT a FROM t\nGO SELECT a FROM t'],
    ['mysql', 'mysqldump -ps3cret; SELECT a FROM t', 'SELECT a FROM t'],
    ['mysql', 'mysql --password=s3cret d\nSELECT a FROM t', 'SELECT a FROM t'],
    ['sqlite', '.open --hexkey s3cret x.db\nSELECT a FROM t', 'SELECT a FROM t'],
    ['hive', 'ADD JAR s3a://k:s3cret@b/x.jar', 'ADD JAR b/x.jar'],
    ['sparksql', 'SELECT * FROM csv.`s3a://k:s3cret@b/x`', 'SELECT * FROM csv.?'],
  ];
  for (const [dialect, sql, expected] of masked)
    it(`are left out (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });

  const kept: readonly Case[] = [
    ['oracle', 'SELECT a FROM t WHERE b =\n:connect AND c = d', 'SELECT a FROM t WHERE b =\n:connect AND c = d'],
    ['databricks', 'SELECT a FROM t WHERE\n!b', 'SELECT a FROM t WHERE\n!b'],
    ['snowflake', 'SELECT t\n.open, t\n.logon_at FROM t', 'SELECT t\n.open, t\n.logon_at FROM t'],
    ['clickhouse', 'SYSTEM RELOAD DICTIONARIES', 'SYSTEM RELOAD DICTIONARIES'],
    ['oracle', 'BEGIN a := b; hive := c; system t%ROWTYPE; END;', 'BEGIN a := b; hive := c; system t%ROWTYPE; END;'],
    ['mariadb', 'set MAX_SEEKS_FOR_KEY=1', 'set MAX_SEEKS_FOR_KEY=?'],
    ['snowflake', 'COPY INTO t FROM @st/f.csv', 'COPY INTO t FROM @st/f.csv'],
    ['sparksql', 'SELECT * FROM csv.`s3://b/x`', 'SELECT * FROM csv.`s3://b/x`'],
  ];
  for (const [dialect, sql, expected] of kept)
    it(`are none (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });

  it('keep texts apart that may run in different databases', () => {
    expect(maskWholeText('\\connect d\nSELECT a FROM t', 'postgres')?.hidesTables).to.equal(true);
  });

  it('take a time that grows with the text alone', () => {
    const before = process.cpuUsage().user;
    for (const piece of ['a://', 'a.', '\\c ', '.logon ', 'KEY', 'connect a', '"\'', 'AS $$ $$ ', '; psql "', 'x:'])
      for (const dialect of ['ansi', 'postgres', 'tsql'] as const)
        maskLiterals(`SELECT a FROM b://c ${piece.repeat(100_000 / piece.length)}`, dialect);
    // quadratic, one of these takes longer
    expect(process.cpuUsage().user - before).to.be.below(20_000_000);
  });
});

describe('rows behind a statement', () => {
  const masked: readonly Case[] = [
    ['postgres', "COPY t FROM stdin;\n1\tit's\n\\.\nSELECT a FROM t;", 'COPY t FROM stdin; SELECT a FROM t;'],
    ['postgres', 'COPY t (a) FROM STDIN WITH (FORMAT csv);\n1,s3cret', 'COPY t (a) FROM STDIN WITH (FORMAT csv);'],
    ['postgres', '\\copy t from stdin\ns3cret\n\\.\nSELECT a FROM t', '\\copy t from stdin SELECT a FROM t'],
    ['postgres', 'COPY t FROM stdin\nWITH (FORMAT csv)', 'COPY t FROM stdin\nWITH (FORMAT csv)'],
    ['postgres', 'COPY t FROM stdin; SELECT a FROM b', 'COPY t FROM stdin; SELECT a FROM b'],
    [
      'postgres',
      'COPY t FROM stdin; CALL f(1); INSERT INTO b SELECT x FROM c',
      'COPY t FROM stdin; CALL f(?); INSERT INTO b SELECT x FROM c',
    ],
    ['postgres', 'COPY t FROM stdin; /* done */ -- so\n (TABLE b)', 'COPY t FROM stdin; (TABLE b)'],
    ['postgres', 'COPY t FROM stdin;\ncall\t1\nlock,2', 'COPY t FROM stdin;'],
    [
      'clickhouse',
      'INSERT INTO t SELECT input FROM a FORMAT TSV; SELECT b FROM c',
      'INSERT INTO t SELECT input FROM a FORMAT TSV; SELECT b FROM c',
    ],
    ['clickhouse', 'INSERT INTO t FORMAT JSONEachRow {"a":"s3cret"}', 'INSERT INTO t FORMAT JSONEachRow'],
    ['clickhouse', "INSERT INTO t (a) FORMAT CSV\nit's,s3cret", 'INSERT INTO t (a) FORMAT CSV'],
    ['clickhouse', "INSERT INTO t FORMAT Values (1, 's3cret')", 'INSERT INTO t FORMAT Values (?, ?)'],
    [
      'clickhouse',
      "INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\ns3cret",
      'INSERT INTO t SELECT a FROM input(?) FORMAT CSV',
    ],
    ['clickhouse', 'SELECT a FROM t FORMAT JSON; SELECT b FROM t', 'SELECT a FROM t FORMAT JSON; SELECT b FROM t'],
  ];
  for (const [dialect, sql, expected] of masked)
    it(`are left out (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });

  it('are not read as SQL', () => {
    const reading = parseLineage('COPY t FROM stdin;\nSELECT * FROM a\n\\.\nSELECT * FROM b;', 'postgres');
    expect(reading.sources.map(({ name }) => name)).to.deep.equal(['b']);
    expect(reading.doubts).to.deep.equal([]);
  });
});

describe('a body in another language', () => {
  const masked: readonly Case[] = [
    [
      'postgres',
      'CREATE FUNCTION f() AS $$ pw = s3cret $$ LANGUAGE plpython3u',
      'CREATE FUNCTION f() AS ? LANGUAGE plpython3u',
    ],
    [
      'snowflake',
      'CREATE FUNCTION f() LANGUAGE javascript AS $$ "s3cret" $$',
      'CREATE FUNCTION f() LANGUAGE javascript AS ?',
    ],
    [
      'postgres',
      "CREATE FUNCTION f() AS $$ SELECT 'a' $$ LANGUAGE sql",
      'CREATE FUNCTION f() AS $$ SELECT ? $$ LANGUAGE sql',
    ],
  ];
  for (const [dialect, sql, expected] of masked)
    it(`is a question mark unless it is SQL (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });
});

describe('more secrets without quotes', () => {
  const masked: readonly Case[] = [
    ['ansi', 'CONNECT TO d USER u USING s3cret', 'CONNECT TO d USER u USING ?'],
    ['oracle', 'COPY FROM u/s3cret@d REPLACE t USING SELECT a FROM b', 'COPY FROM u/? REPLACE t USING SELECT a FROM b'],
    ['oracle', 'SET PASSWORD s3cret', 'SET PASSWORD ?'],
    ['mysql', 'SET PASSWORD FOR u = s3cret', 'SET PASSWORD FOR u = ?'],
    ['mysql', 'CREATE USER u IDENTIFIED WITH x AS s3cret', 'CREATE USER u IDENTIFIED WITH x AS ?'],
    [
      'redshift',
      "COPY t FROM 's3://b' ACCESS_KEY_ID AKIA SECRET_ACCESS_KEY s3cret",
      'COPY t FROM ? ACCESS_KEY_ID ? SECRET_ACCESS_KEY ?',
    ],
    ['redshift', 'COPY t FROM \'s3://b\' CREDENTIALS "s3cret"', 'COPY t FROM ? CREDENTIALS ?'],
    ['postgres', 'SET my.apiToken TO s3cret', 'SET my.apiToken TO ?'],
    [
      'postgres',
      'ALTER ROLE r IN DATABASE d SET my.api_key TO s3cret',
      'ALTER ROLE r IN DATABASE d SET my.api_key TO ?',
    ],
    [
      'snowflake',
      'CREATE EXTERNAL TABLE t (a int) CREDENTIALS=(AWS_SECRET_KEY=s3cret)',
      'CREATE EXTERNAL TABLE t (a int) CREDENTIALS=(AWS_SECRET_KEY=?)',
    ],
    ['snowflake', 'CREATE SECRET s TYPE=x SECRET_STRING=s3cret', 'CREATE SECRET s TYPE=x SECRET_STRING=?'],
    [
      'sparksql',
      'CREATE TABLE t USING jdbc OPTIONS (password s3cret) AS SELECT a FROM b',
      'CREATE TABLE t USING jdbc OPTIONS (password ?) AS SELECT a FROM b',
    ],
    ['sparksql', 'SET spark.password s3cret', 'SET spark.password ?'],
    ['tsql', 'USE d\nALTER LOGIN x WITH PASSWORD = "s3cret"', 'USE d\nALTER LOGIN x WITH PASSWORD = ?'],
    ['sqlite', 'ATTACH x AS e KEY s3cret', 'ATTACH x AS e KEY ?'],
    ['mariadb', 'CREATE TABLE source (id int, PRIMARY KEY (id))', 'CREATE TABLE source (id int, PRIMARY KEY (id))'],
    ['snowflake', 'SET my_token = (SELECT max(a) FROM t)', 'SET my_token = (SELECT max(a) FROM t)'],
  ];
  for (const [dialect, sql, expected] of masked)
    it(`are question marks (${dialect}): ${sql}`, () => {
      expect(maskLiterals(sql, dialect)).to.equal(expected);
    });
});
