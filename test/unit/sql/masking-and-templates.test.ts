import { expect } from 'chai';
import { maskLiterals, maskWholeText, parseLineage, TextReader } from '../../../src/sql/index.js';
import { shapeOf } from './lineage-shape.js';

describe('maskLiterals', () => {
  it('replaces strings and numbers by question marks', () => {
    expect(maskLiterals("SELECT a FROM t WHERE n = 'O''Hara' AND k IN (1, 2.5) LIMIT 10", 'mysql')).to.equal(
      'SELECT a FROM t WHERE n = ? AND k IN (?, ?) LIMIT ?'
    );
  });

  it('keeps the numbers of binds, where the dialect has such', () => {
    const sql = "SELECT :1, 5 FROM t WHERE a=:2 AND b IN (:3,:4) AND c LIKE :12 AND d > JSON_OBJECT('k':7, k:8)";
    const binds = 'SELECT :1, ? FROM t WHERE a=:2 AND b IN (:3,:4) AND c LIKE :12 AND d > JSON_OBJECT(?:?, k:?)';
    for (const dialect of ['oracle', 'snowflake', 'sqlite'] as const)
      expect(maskLiterals(sql, dialect)).to.equal(binds);
    expect(maskLiterals('SELECT ?1, 1 FROM t WHERE a = ?2', 'sqlite')).to.equal('SELECT ?1, ? FROM t WHERE a = ?2');
    expect(maskLiterals("SELECT {'a':1}, (b):2, c[:3]", 'snowflake')).to.equal('SELECT {?:?}, (b):?, c[:?]');
    expect(maskLiterals('SELECT c[:2], c[1:2] FROM t', 'postgres')).to.equal('SELECT c[:?], c[?:?] FROM t');
  });

  it('knows what a double quote means in the dialect', () => {
    expect(maskLiterals('SELECT "a" FROM t', 'mysql')).to.equal('SELECT ? FROM t');
    expect(maskLiterals('SELECT "a" FROM t', 'postgres')).to.equal('SELECT "a" FROM t');
  });

  it('keeps positions in GROUP BY and ORDER BY, and only these', () => {
    expect(
      maskLiterals('SELECT a, 5 FROM t GROUP BY 1, 2 HAVING count(*) > 3 ORDER BY 1 DESC, 2 LIMIT 4', 'mysql')
    ).to.equal('SELECT a, ? FROM t GROUP BY 1, 2 HAVING count(*) > ? ORDER BY 1 DESC, 2 LIMIT ?');
  });

  it('keeps sequence names and type lengths', () => {
    expect(maskLiterals("SELECT nextval('s.q'), CAST(a AS decimal(10, 2)), 'x'", 'postgres')).to.equal(
      "SELECT nextval('s.q'), CAST(a AS decimal(10, 2)), ?"
    );
  });

  it('masks inside dollar-quoted bodies and hides credentials', () => {
    expect(maskLiterals("CREATE PROCEDURE p() AS $$ SELECT 'x' $$", 'snowflake')).to.equal(
      'CREATE PROCEDURE p() AS $$ SELECT ? $$'
    );
    expect(maskLiterals("COPY t FROM 's3://b' CREDENTIALS 'secret'", 'redshift')).to.equal(
      'COPY t FROM ? CREDENTIALS ?'
    );
  });

  it('replaces a dollar-quoted string that is no body', () => {
    expect(
      maskLiterals("SELECT $$it's Bob$$, $a$ $$ secret $a$ FROM t WHERE n = $$plain words$$", 'postgres')
    ).to.equal('SELECT ?, ? FROM t WHERE n = ?');
    expect(maskLiterals('INSERT INTO t VALUES ($$secret words$$)', 'snowflake')).to.equal('INSERT INTO t VALUES (?)');
    expect(maskLiterals('ALTER TABLE t SET COMMENT = $$secret words$$', 'snowflake')).to.equal(
      'ALTER TABLE t SET COMMENT = ?'
    );
    expect(maskLiterals('DO LANGUAGE plpgsql $b$ BEGIN PERFORM f($x$secret$x$); END $b$', 'postgres')).to.equal(
      'DO LANGUAGE plpgsql $b$ BEGIN PERFORM f(?); END $b$'
    );
    expect(maskLiterals("EXECUTE IMMEDIATE $$SELECT 'x' FROM t$$", 'snowflake')).to.equal(
      'EXECUTE IMMEDIATE $$SELECT ? FROM t$$'
    );
  });

  it('replaces numbers that look like names elsewhere', () => {
    expect(maskLiterals('SELECT 1_000, 0b101, 0o17 FROM t', 'postgres')).to.equal('SELECT ?, ?, ? FROM t');
    expect(maskLiterals('SELECT 0xFF_FF, 1_0.5e1_0, .5_0, 1.5_0e-1_0, 1.5, 0xFF, 1e5 FROM t', 'postgres')).to.equal(
      'SELECT ?, ?, ?, ?, ?, ?, ? FROM t'
    );
    expect(maskLiterals('SELECT 1e1_0, a_1_0, 2_0-1_0 FROM t1_0 WHERE t1.a_1=1_0', 'clickhouse')).to.equal(
      'SELECT ?, a_1_0, ?-? FROM t1_0 WHERE t1.a_1=?'
    );
    expect(maskLiterals('SELECT 1_000, 0x1_F, 1.5 FROM t', 'sqlite')).to.equal('SELECT ?, ?, ? FROM t');
    expect(maskLiterals('SELECT 1_000, 0xFF_FF, 0b1_0, 0o7_7, 1.5, 2e5 FROM s.2024_01, a_1_0', 'ansi')).to.equal(
      'SELECT ?, ?, ?, ?, ?, ? FROM s.2024_01, a_1_0'
    );
    expect(maskLiterals('SELECT 0b101 FROM 2024_01', 'mariadb')).to.equal('SELECT ? FROM 2024_01');
    expect(maskLiterals('SELECT 1_000.5 FROM d.2024_01', 'clickhouse')).to.equal('SELECT ? FROM d.2024_01');
  });

  it('replaces numbers with the letter of their type, and money', () => {
    expect(maskLiterals('SELECT 7S, .5D, 2.5BD FROM d.10l WHERE id = -123L AND t.1d = x', 'databricks')).to.equal(
      'SELECT ?, ?, ? FROM d.10l WHERE id = -? AND t.1d = x'
    );
    expect(maskLiterals('SELECT 1.5f, 10d, 2e3d FROM t', 'oracle')).to.equal('SELECT ?, ?, ? FROM t');
    expect(maskLiterals('SELECT a FROM t WHERE p > $12.50 AND q = $99', 'tsql')).to.equal(
      'SELECT a FROM t WHERE p > ? AND q = ?'
    );
    expect(maskLiterals('SELECT a€5 FROM t WHERE p > €5 AND q = -£5.20 AND r IN (¥1, ¢2)', 'tsql')).to.equal(
      'SELECT a€5 FROM t WHERE p > ? AND q = -? AND r IN (?, ?)'
    );
    expect(maskLiterals('SELECT ₩9, $.5, ฿10.25, a₩9 FROM t WHERE $action = ₫100', 'tsql')).to.equal(
      'SELECT ?, ?, ?, a₩9 FROM t WHERE $action = ?'
    );
    expect(maskLiterals('SELECT a FROM t WHERE p > $1', 'postgres')).to.equal('SELECT a FROM t WHERE p > $1');
  });

  it('takes a backslash for an escape in the strings of Redshift', () => {
    expect(maskLiterals("UNLOAD ('SELECT a FROM t WHERE e = \\'x\\' ') TO 's3://b'", 'redshift')).to.equal(
      'UNLOAD (?) TO ?'
    );
  });

  it('takes a time that grows with the text alone, whatever is left open', () => {
    const before = process.cpuUsage().user;
    for (const dialect of ['mysql', 'postgres', 'snowflake', 'tsql'] as const)
      for (const piece of [
        '${a',
        '{{',
        '<%',
        '${a{{<%',
        '$a$',
        '$$ ',
        "E'",
        '/* ',
        '-- ',
        '[x',
        '`',
        '"',
        '%(a',
        '1e',
        '@',
      ])
        maskLiterals(`SELECT 1 ${piece.repeat(100_000 / piece.length)}`, dialect);
    // quadratic, one of these takes longer
    expect(process.cpuUsage().user - before).to.be.below(20_000_000);
  });

  it('masks an unterminated string to the end', () => {
    expect(maskLiterals("SELECT 'abc", 'mysql')).to.equal('SELECT ?');
  });

  it('keeps nothing behind the first string where quotes do not close: they may mean something else', () => {
    // under NO_BACKSLASH_ESCAPES
    expect(maskLiterals(String.raw`SELECT a FROM t WHERE b = 'C:\' AND c = 'secret'`, 'mysql')).to.equal(
      'SELECT a FROM t WHERE b = ? …'
    );
    expect(maskLiterals("SELECT a, 5 FROM t WHERE b = 'it' secret'", 'postgres')).to.equal(
      'SELECT a, ? FROM t WHERE b = ? …'
    );
  });
});

describe('comments of a masked text', () => {
  it('are left out, whatever they hold', () => {
    expect(maskLiterals('/* for bob@example.com */ SELECT a -- key 12345\n  FROM t # the end', 'mysql')).to.equal(
      'SELECT a FROM t'
    );
    expect(maskLiterals('SELECT/* card 4111 */a FROM t // note\n', 'snowflake')).to.equal('SELECT a FROM t');
  });

  it('are code where MySQL runs what is in them', () => {
    expect(maskLiterals("SELECT a /*!40101 , 'x' */ FROM t", 'mysql')).to.equal('SELECT a /*!40101 , ? */ FROM t');
  });

  it('end where the outermost one does, in dialects whose comments nest', () => {
    const sql = '/* nested /* from b */ from c */ select 1 from a';
    for (const dialect of ['postgres', 'redshift', 'tsql', 'duckdb', 'sparksql', 'databricks'] as const) {
      expect(maskLiterals(sql, dialect)).to.equal('select ? from a');
      expect(parseLineage(sql, dialect).sources.map(({ name }) => name)).to.deep.equal(['a']);
    }
    expect(maskWholeText('/* a /* b */ select 1', 'postgres')).to.equal(undefined);
    expect(maskLiterals('/* a /* b */ select 1', 'mysql')).to.equal('select ?');
  });

  it('leave a comment mark in a string alone', () => {
    expect(maskLiterals("SELECT '-- no comment', b FROM t", 'mysql')).to.equal('SELECT ?, b FROM t');
  });
});

describe('maskWholeText', () => {
  it('has no text to store for one whose quotes or comments do not close', () => {
    expect(maskWholeText("SELECT 'abc", 'mysql')).to.equal(undefined);
    expect(maskWholeText('SELECT a /* open', 'snowflake')).to.equal(undefined);
    expect(maskWholeText("SELECT 'abc'", 'mysql')?.text).to.equal('SELECT ?');
  });

  for (const [dialect, sql] of [
    ['mariadb', "EXECUTE IMMEDIATE 'SELECT * FROM a'"],
    ['mariadb', "SET @q = 'SELECT * FROM a'; PREPARE s FROM @q"],
    ['snowflake', "SELECT * FROM TABLE('s.a')"],
    ['snowflake', "EXECUTE IMMEDIATE $$ BEGIN EXECUTE IMMEDIATE 'SELECT * FROM a'; END $$"],
    ['postgres', "DO $$ BEGIN EXECUTE 'INSERT INTO a SELECT 1'; END $$"],
    ['postgres', "DO 'BEGIN INSERT INTO a SELECT * FROM b; END'"],
    ['tsql', "EXEC sp_executesql N'SELECT * FROM a'"],
    ['tsql', "EXEC sp_executesql N'-- c\nSET NOCOUNT ON; SELECT * FROM a'"],
    ['tsql', "EXEC sp_executesql N'RAISERROR(''x'', 0, 1) WITH NOWAIT; SELECT * FROM a'"],
    ['tsql', "DECLARE @q nvarchar(99) = N'GRANT SELECT ON b TO x; SELECT * FROM a'; EXEC(@q)"],
    ['tsql', "EXEC (N'retry: SELECT * FROM a')"],
    ['mariadb', "EXECUTE IMMEDIATE '/* c */ SELECT * FROM a'"],
    ['redshift', "UNLOAD ('SELECT * FROM a') TO 's3://b'"],
    ['postgres', "SET search_path TO 's'; SELECT * FROM a"],
    ['postgres', "SELECT set_config('search_path', 's', false); SELECT * FROM a"],
    ['snowflake', "SET t = 's.a'; SELECT * FROM IDENTIFIER($t)"],
    ['postgres', "SET SCHEMA 's'; SELECT * FROM a"],
    ['bigquery', "SET @@dataset_id = 's'; SELECT * FROM a"],
    ['ansi', "SELECT swap_partitions_between_tables('a', '1', '2', 'b')"],
  ] as const)
    it(`says that its literals may name tables: ${sql}`, () => {
      expect(maskWholeText(sql, dialect)?.hidesTables).to.equal(true);
      const reading = parseLineage(sql, dialect);
      expect([...reading.sources, ...reading.targets].map(({ name }) => name)).to.include(
        /s\.a|'s'/.test(sql) ? 's.a' : 'a'
      );
    });

  for (const [dialect, sql] of [
    ['postgres', "INSERT INTO log (what) VALUES ('update x') ON CONFLICT (what) NOTHING"],
    ['postgres', "EXECUTE by_name('bob', 5)"],
    ['tsql', "EXEC dbo.find @name = 'bob'"],
    ['tsql', "EXEC dbo.find 'some words', @name = 'Bob Smith'"],
    ['postgres', "SET search_path TO s; SELECT * FROM a WHERE schema = 'b'"],
    ['mysql', "SELECT * FROM t WHERE a IN ('select', 'from') LIMIT 10"],
    ['snowflake', "SELECT * FROM TABLE(f(1)) WHERE a = 'b'"],
  ] as const)
    it(`says that they name none: ${sql}`, () => {
      expect(maskWholeText(sql, dialect)?.hidesTables).to.equal(false);
    });
});

describe('TextReader', () => {
  it('reads texts that differ in literals only once', async () => {
    const reader = new TextReader();
    reader.read('INSERT INTO t SELECT a FROM s WHERE id IN (1, 2)', 'mysql');
    reader.read("INSERT INTO t SELECT a FROM s WHERE id IN (3, 4, 'x')", 'mysql');
    expect(reader.hits).to.equal(1);
  });

  it('does not take texts for equal whose literals are part of the lineage', async () => {
    const reader = new TextReader();
    reader.read("SET SCHEMA 'a'; SELECT * FROM t", 'postgres');
    expect(reader.read("SET SCHEMA 'b'; SELECT * FROM t", 'postgres').sources[0]?.name).to.equal('b.t');
    reader.read("COPY INTO t FROM '@a/1'", 'snowflake');
    const second = reader.read("COPY INTO t FROM '@a/2'", 'snowflake');
    expect(shapeOf(second).sources).to.deep.equal(['path:@a/2']);
    reader.read('INSERT INTO t SELECT a + 1 FROM s', 'mysql');
    const other = reader.read('INSERT INTO t SELECT a + 2 FROM s', 'mysql');
    expect(shapeOf(other).columns).to.deep.equal(['s.a > t.a + 2']);
  });

  it('does not take texts for equal in different dialects or with other schemas', async () => {
    const reader = new TextReader();
    reader.read('INSERT INTO t SELECT * FROM s', 'mysql', { schema: { s: ['a'] } });
    const second = reader.read('INSERT INTO t SELECT * FROM s', 'mysql', { schema: { s: ['b'] } });
    expect(shapeOf(second).columns).to.deep.equal(['s.b > t.b']);
    expect(reader.hits).to.equal(0);
  });

  it('forgets the least recently used template first', async () => {
    const reader = new TextReader({ templates: 2 });
    const texts = [
      'SELECT 1 FROM a',
      'SELECT 1 FROM b',
      'SELECT 1 FROM a',
      'SELECT 1 FROM c',
      'SELECT 1 FROM a',
      'SELECT 1 FROM b',
    ];
    for (const text of texts) reader.read(text, 'ansi', { target: 'v' });
    expect(reader.hits).to.equal(0);
    for (const text of ['INSERT INTO t SELECT x FROM a', 'INSERT INTO t SELECT x FROM a']) reader.read(text, 'ansi');
    expect(reader.hits).to.equal(1);
  });
});
