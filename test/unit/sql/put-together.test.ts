import { expect } from 'chai';
import { parseLineage, TextReader, type Dialect } from '../../../src/sql/index.js';
import { shapeOf, told, used } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';

function tables(sql: string, dialect: Dialect): readonly string[] {
  return used(sql, dialect).sources.map(({ name }) => name);
}

describe('SQL in strings that is put together', () => {
  const unknown: readonly (readonly [Dialect, string])[] = [
    ['bigquery', `EXECUTE IMMEDIATE FORMAT("SELECT * FROM shop.%s", x.t)`],
    ['bigquery', 'EXECUTE IMMEDIATE FORMAT("SELECT * FROM `shop.%s`", t)'],
    ['bigquery', 'EXECUTE IMMEDIATE CONCAT("SELECT * FROM shop.", t, "_x WHERE id = 1")'],
    ['bigquery', 'EXECUTE IMMEDIATE "SELECT * FROM shop.fct_" || t'],
    ['postgres', "DO $$ BEGIN EXECUTE format('SELECT * FROM %I.%I', s, t); END $$"],
    ['postgres', `DO $$ BEGIN EXECUTE 'SELECT * FROM "' || s || '"."t"'; END $$`],
    ['tsql', "EXEC('SELECT * FROM dbo.' + @t)"],
    ['tsql', "DECLARE @q nvarchar(99) = N'SELECT * FROM ' + QUOTENAME(@t) + N' WHERE 1 = 1'; EXEC(@q)"],
    ['mysql', "SET @q = CONCAT('SELECT * FROM shop.', @t); PREPARE p FROM @q"],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;"],
  ];
  for (const [dialect, sql] of unknown)
    it(`names no table where a part of the name is not known (${dialect}): ${sql.slice(0, 80)}`, () => {
      const { sources, targets, changed, doubts } = used(sql, dialect);
      expect([sources, targets, changed, doubts]).to.deep.equal([[], [], [], [UNKNOWN_PARTS]]);
    });

  it('names the table that a variable with one constant names', () => {
    const named: readonly (readonly [Dialect, string, string])[] = [
      ['tsql', "DECLARE @t sysname = N'dbo.c'; EXEC(N'DELETE FROM ' + @t)", 'dbo.c'],
      ['tsql', "DECLARE @n int = 1, @t sysname SET @t = N'a c' EXEC(N'SELECT 1 FROM ' + QUOTENAME(@t))", 'a c'],
      ['tsql', "DECLARE @q nvarchar(max), @t sysname = N'dbo.c'; SET @q = N'DELETE FROM ' + @t; EXEC(@q)", 'dbo.c'],
      ['tsql', "DECLARE @n decimal(9, 2) = 1, @t nvarchar(9) = N'c', @q nvarchar(max) EXEC(N'DELETE FROM ' + @t)", 'c'],
      ['tsql', "DECLARE @t sysname = N'c'; SET @t += N'd' EXEC(N'DELETE FROM ' + @t)", 'cd'],
      ['tsql', "SELECT @t = N'c' EXEC(N'SELECT 1 FROM dbo.' + @t + N' WHERE x = 1')", 'dbo.c'],
      ['mysql', "SELECT 'b' INTO @t; SET @t='a'; SET @s=CONCAT('SELECT * FROM ',@t); PREPARE p FROM @s", 'a'],
      ['mysql', "SET @t='a'; SET @s=CONCAT('SELECT * FROM ',@t); PREPARE p FROM @s; EXECUTE p", 'a'],
      ['postgres', "DO $$ DECLARE t text := 'a'; BEGIN EXECUTE format('DELETE FROM %I', t); END $$", 'a'],
      ['postgres', "DO $$ BEGIN EXECUTE format('DELETE FROM %2$I.%1$I WHERE x = %L', 'a', 's', 'b'); END $$", 's.a'],
      ['postgres', "DO $$ DECLARE t text := 'a'; BEGIN EXECUTE 'DELETE FROM s.' || quote_ident(t); END $$", 's.a'],
      ['snowflake', "DECLARE t STRING DEFAULT 's.a'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || :t; END", 's.a'],
      ['snowflake', "SET t = 's.a'; EXECUTE IMMEDIATE 'DELETE FROM ' || $t", 's.a'],
      [
        'bigquery',
        'DECLARE t STRING DEFAULT "s.a"; EXECUTE IMMEDIATE FORMAT("DELETE FROM `%s` WHERE x > %d", t, 5)',
        's.a',
      ],
      ['oracle', "DECLARE t VARCHAR2(30) := 'a'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;", 'a'],
    ];
    for (const [dialect, sql, table] of named) expect(tables(sql, dialect), sql).to.deep.equal([table]);
  });

  it('names no table where the variable may hold another value', () => {
    const several: readonly (readonly [Dialect, string])[] = [
      ['tsql', "DECLARE @t sysname = N'c'; IF @x = 1 SET @t = N'd'; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; EXEC p @t OUTPUT; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'dbo.' + @y; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "CREATE PROCEDURE p @x int = 1, @t sysname = N'c' AS EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "CREATE PROCEDURE p @n varchar(9), @t sysname = N'c' AS EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "CREATE PROCEDURE p (@n varchar(9), @t sysname = N'c') AS EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @x int EXEC p @n = 1, @t = N'c' EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "CREATE PROCEDURE p @t sysname = N'c' AS EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; SELECT TOP 1 @t = @n; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; SELECT @n = 1, @t = @m; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; IF @t = 'x' SELECT @t = N'd' EXEC(N'DELETE FROM ' + @t)"],
      [
        'tsql',
        "DECLARE @t sysname = N'c'; SET @t = CASE WHEN @t = 'x' THEN 'd' ELSE 'e' END EXEC(N'DELETE FROM ' + @t)",
      ],
      ['tsql', "DECLARE @t sysname = N'c'; UPDATE @n SET x = 1, @t = y EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; EXEC @t = p EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; EXEC p @n = @t OUTPUT EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N'c'; FETCH NEXT FROM x INTO @t EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "CREATE PROCEDURE p @t sysname AS IF @t = '' SET @t = N'c' EXEC(N'DELETE FROM ' + @t)"],
      ['postgres', "DO $$ DECLARE t text := 'a'; BEGIN IF x THEN t = 'b'; END IF; EXECUTE 'DELETE FROM ' || t; END $$"],
      ['oracle', "CREATE PROCEDURE p (t IN VARCHAR2 DEFAULT 'c') AS BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;"],
      ['mysql', "SET @s=CONCAT('SELECT * FROM ',@t); SET @t='a'; PREPARE p FROM @s; EXECUTE p"],
      ['mysql', "SET @t='a'; CALL p(@t); SET @s=CONCAT('SELECT * FROM ',@t); PREPARE p FROM @s; EXECUTE p"],
      ['mysql', "SET @t='a'; SELECT 'b', 'c' INTO @u, @t; SET @s=CONCAT('SELECT * FROM ',@t); PREPARE p FROM @s"],
      [
        'postgres',
        "DO $$ DECLARE t text := 'a'; BEGIN FOR t IN VALUES ('b') LOOP EXECUTE 'DELETE FROM ' || t; END LOOP; END $$",
      ],
      ['postgres', "DO $$ BEGIN IF a AND t = 'x' THEN EXECUTE 'DELETE FROM ' || t; END IF; END $$"],
    ];
    for (const [dialect, sql] of several) expect(tables(sql, dialect), sql).to.deep.equal([]);
  });

  /** What stands between the constant and the SQL that is put together. */
  const asking: readonly string[] = [
    "IF @t = 'x' PRINT 'a'",
    "IF (@t = 'x') PRINT 'a'",
    "IF 1 = 1 AND 'y' = @t SELECT x = 1",
    "IF UPPER(@t) = 'x' OR COALESCE(@u, @t) = 'y' PRINT 'a'",
    "IF NOT @t = 'x' PRINT 'a'",
    "DECLARE @i int = 0; WHILE @i < 3 AND @t = 'x' SET @i = @i + 1",
    "DECLARE @n int; SET @n = CASE WHEN @t = 'x' THEN 1 WHEN @t = 'y' THEN 2 END",
    "DECLARE @n int; SELECT @n = IIF(@t = 'x', 1, 2)",
    'IF EXISTS (SELECT 1 FROM sys.tables WHERE name = @t AND type = 1) PRINT 1',
    'IF EXISTS (SELECT 1 FROM sys.tables WHERE name IN (@t) AND type = 1) PRINT 1',
    "EXEC sp_executesql N'SELECT 1', N'@t sysname', @t = @t",
    "EXEC p 1, @n = 2, @t = N'x'",
  ];
  for (const statement of asking)
    it(`has the constant of a variable that is compared and passed on: ${statement}`, () => {
      const start = `DECLARE @t sysname = N'dbo.c'; ${statement};`;
      const names = tables(`${start} DECLARE @q nvarchar(max) = N'DELETE FROM ' + @t; EXEC(@q)`, 'tsql');
      expect(names.filter((name) => name !== 'sys.tables')).to.deep.equal(['dbo.c']);
    });

  it('is read where the text itself is compared', () => {
    for (const condition of ["@q <> N''", "@q = N''", 'LEN(@q) > 0 AND @x = 1', "@q IS NOT NULL AND @x = N'a'"]) {
      const sql = `DECLARE @q nvarchar(max) = N'DELETE FROM dbo.c'; IF ${condition} EXEC(@q)`;
      expect(tables(sql, 'tsql'), condition).to.deep.equal(['dbo.c']);
    }
    const compared = "SET @t = 'a'; SELECT 1 FROM b WHERE k = @t AND l = 1; SET @s = CONCAT('DELETE FROM ', @t);";
    expect(tables(`${compared} PREPARE p FROM @s`, 'mysql')).to.deep.equal(['b', 'a']);
    const asked =
      "DO $$ DECLARE t text := 'a'; BEGIN IF t = 'x' THEN RETURN; END IF; EXECUTE 'DELETE FROM ' || t; END $$";
    expect(tables(asked, 'postgres')).to.deep.equal(['a']);
  });

  const known: readonly (readonly [Dialect, string])[] = [
    ['bigquery', `EXECUTE IMMEDIATE FORMAT("SELECT * FROM a JOIN %s x ON x.id = a.id JOIN b ON b.a_id = a.id", t)`],
    ['postgres', "DO $$ BEGIN EXECUTE 'SELECT ' || c || ' FROM a JOIN b ON b.a_id = a.id WHERE x = ' || v; END $$"],
    ['tsql', "EXEC('SELECT * FROM a JOIN ' + @t + ' t ON t.x = 1 JOIN b ON b.a_id = a.id')"],
    ['mysql', "SET @q = CONCAT('SELECT * FROM a JOIN b ON b.a_id = a.id WHERE x IN (', @x, ')'); PREPARE p FROM @q"],
    [
      'tsql',
      "DECLARE @q nvarchar(max) = N'SELECT * FROM a' SET @q = @q + N' JOIN b ON b.a_id = a.id' SET @q += N' WHERE x = ' + @x EXEC(@q)",
    ],
    ['tsql', "DECLARE @q nvarchar(max) = N'SELECT * FROM a', @n int; SET @q += N' JOIN b ON b.a_id = a.id'; EXEC(@q)"],
    [
      'oracle',
      "BEGIN q := 'SELECT * FROM a'; q := q || ' JOIN b ON b.a_id = a.id WHERE x = ' || x; EXECUTE IMMEDIATE q; END;",
    ],
    [
      'bigquery',
      `DECLARE s STRING DEFAULT "SELECT * FROM a"; SET s = CONCAT(s, " JOIN b ON b.a_id = a.id"); EXECUTE IMMEDIATE s`,
    ],
    [
      'mysql',
      "SET @s = ''; SET @s = CONCAT(@s, 'SELECT * FROM a'); SET @s = CONCAT(@s, ' JOIN b ON b.a_id = a.id WHERE x = ', @x); PREPARE p FROM @s",
    ],
    [
      'snowflake',
      "BEGIN LET s VARCHAR := 'SELECT * FROM a'; s := :s || ' JOIN b ON b.a_id = a.id'; EXECUTE IMMEDIATE :s; END",
    ],
    ['bigquery', `EXECUTE IMMEDIATE CONCAT("SELECT * FROM ", "a", " JOIN b ON b.a_id = a.id LIMIT ", 5)`],
  ];
  for (const [dialect, sql] of known)
    it(`has the rest of its tables and joins (${dialect}): ${sql.slice(0, 60)}`, () => {
      const { sources, joins } = used(sql, dialect);
      expect(sources.map(({ name }) => name)).to.deep.equal(['a', 'b']);
      const told = joins.map(
        ({ left, right }) => `${left.table ?? ''}.${left.column} ${right.table ?? ''}.${right.column}`
      );
      expect(told).to.deep.equal(['b.a_id a.id']);
    });

  /** A T-SQL text that is put together into `@s`. */
  const declared = "DECLARE @s nvarchar(max) = N'SELECT * FROM a', @w nvarchar(99)";
  const variables: readonly (readonly [Dialect, string])[] = [
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM ', @t sysname = N'a'; SET @s += @t; EXEC(@s)"],
    [
      'tsql',
      "DECLARE @s nvarchar(max) = N'SELECT * FROM ', @t sysname = N'a'; SET @s += @t + N' WHERE x = 1'; EXEC(@s)",
    ],
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM '; SET @s += QUOTENAME(N'a'); EXEC(@s)"],
    ['tsql', "DECLARE @q nvarchar(max) = N'SELECT * FROM a', @s nvarchar(max); SET @s = @q; EXEC(@s)"],
    [
      'tsql',
      "DECLARE @q nvarchar(max) = N'SELECT * FROM a', @s nvarchar(max); SELECT @s = @q; EXEC @r = sp_executesql @s",
    ],
    [
      'tsql',
      "DECLARE @q nvarchar(max) = N'SELECT * FROM a', @s nvarchar(max); SET @s = @q + N' WHERE 1 = 1'; EXEC(@s)",
    ],
    ['tsql', "DECLARE @a nvarchar(9) = N'SELECT * ', @b nvarchar(9) = N'FROM a'; EXEC(@a + @b)"],
    [
      'tsql',
      "DECLARE @a nvarchar(9) = N'SELECT * ', @b nvarchar(9) = N'FROM a', @s nvarchar(max) SET @s = CONCAT(@a, @b) EXEC(@s)",
    ],
    [
      'tsql',
      "DECLARE @a nvarchar(9), @b nvarchar(9), @c nvarchar(9), @s nvarchar(99) SET @a = N'SELECT x ' SET @b = N' FROM a ' SET @c = N' WHERE x = 5' SET @s = @a + @b + @c EXEC sp_executesql @s",
    ],
    ['tsql', "DECLARE @f nvarchar(9) = N' FROM a', @s nvarchar(max) = N'x'; SET @s = N'SELECT ' + @s + @f; EXEC(@s)"],
    ['tsql', `${declared} = N''; IF 1 = 1 SET @w = N' WHERE id = 1'; SET @s = @s + @w; EXEC(@s)`],
    ['tsql', `${declared} = N' WHERE 1 = 1'; IF @x = 1 SET @w += N' AND id = 1'; SET @s = @s + @w; EXEC(@s)`],
    [
      'postgres',
      "DO $$ DECLARE a text := 'SELECT * '; b text := 'FROM a'; s text; BEGIN s := a || b; EXECUTE s; END $$",
    ],
    ['postgres', "DO $$ DECLARE a text := 'SELECT * '; b text := 'FROM a'; BEGIN EXECUTE concat(a, b) USING 1; END $$"],
    ['postgres', "DO $$ DECLARE a text := 'SELECT * FROM %I'; b text := 'a'; BEGIN EXECUTE format(a, b); END $$"],
    [
      'postgres',
      "DO $$ DECLARE a text := 'SELECT * '; b text := 'FROM a'; BEGIN FOR r IN EXECUTE a || b LOOP NULL; END LOOP; END $$",
    ],
    ['mysql', "SET @a = 'SELECT * ', @b = 'FROM a'; SET @s = CONCAT(@a, @b); PREPARE p FROM @s; EXECUTE p USING @x"],
    ['mysql', "SET @a = 'SELECT * FROM a'; SET @s = @a; PREPARE p FROM @s"],
    ['mariadb', "SET @a = 'SELECT * ', @b = 'FROM a'; EXECUTE IMMEDIATE CONCAT(@a, @b)"],
    [
      'snowflake',
      "DECLARE a STRING DEFAULT 'SELECT * '; b STRING DEFAULT 'FROM a'; BEGIN EXECUTE IMMEDIATE :a || :b; END",
    ],
    ['snowflake', "BEGIN LET a := 'SELECT * '; LET b := 'FROM a'; LET s := :a || :b; EXECUTE IMMEDIATE :s; END"],
    ['snowflake', "SET (a, b) = ('SELECT * ', 'FROM a'); EXECUTE IMMEDIATE $a || $b"],
    ['bigquery', "DECLARE a, b STRING; SET (a, b) = ('SELECT * ', 'FROM a'); EXECUTE IMMEDIATE a || b"],
    [
      'bigquery',
      "DECLARE a STRING DEFAULT 'SELECT * '; DECLARE b STRING DEFAULT 'FROM a'; EXECUTE IMMEDIATE CONCAT(a, b)",
    ],
    ['oracle', "DECLARE a VARCHAR2(9) := 'SELECT * '; b VARCHAR2(9) := 'FROM a'; BEGIN OPEN c FOR a || b; END;"],
    [
      'oracle',
      "DECLARE a VARCHAR2(9) := 'SELECT * '; b VARCHAR2(9) := 'FROM a'; BEGIN s := a || b; EXECUTE IMMEDIATE s; END;",
    ],
  ];
  for (const [dialect, sql] of variables)
    it(`is read where variables alone make it (${dialect}): ${sql}`, () => {
      const { sources, doubts } = used(sql, dialect);
      expect([sources.map(({ name }) => name), doubts]).to.deep.equal([['a'], []]);
    });

  const unsure: readonly (readonly [Dialect, string, ...string[]])[] = [
    ['tsql', `${declared}; SET @s += @w; EXEC(@s)`],
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM [a]'; SET @s += @w; EXEC(@s)", 'a'],
    ['tsql', `${declared}; SET @s = @x; EXEC(@s)`],
    ['tsql', `${declared}; SET @s = N'SELECT * ' + @x; EXEC(@s)`],
    ['tsql', `${declared}; SET @s = CONCAT(@x, N'SELECT * FROM a'); EXEC(@s)`],
    ['tsql', "EXEC('SELECT * FROM a JOIN (' + @q + ') q ON q.x = a.x')", 'a'],
    ['tsql', "EXEC('SELECT id, ' + @q)"],
    ['tsql', 'EXEC(@s)'],
    ['tsql', "EXEC sp_executesql @s, N'@x int', @x = 1"],
    ['postgres', 'DO $$ BEGIN EXECUTE q; END $$'],
    ['oracle', 'BEGIN OPEN c FOR q; OPEN d FOR SELECT * FROM a; END;', 'a'],
    ['mysql', 'PREPARE p FROM @s'],
    ['snowflake', 'EXECUTE IMMEDIATE $q'],
    [
      'bigquery',
      "DECLARE a STRING DEFAULT 'c'; SET (a, b) = (SELECT AS STRUCT x, y); EXECUTE IMMEDIATE 'DELETE FROM ' || a",
    ],
  ];
  for (const [dialect, sql, ...names] of unsure)
    it(`is told where parts of it are not known (${dialect}): ${sql}`, () => {
      const { sources, doubts } = used(sql, dialect);
      expect([sources.map(({ name }) => name), doubts]).to.deep.equal([names, [UNKNOWN_PARTS]]);
    });

  const breaks: readonly (readonly [Dialect, string])[] = [
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM a' + CHAR(13) + CHAR(10) + N'WHERE 1 = 1'; EXEC(@s)"],
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM a ' + CHAR(13) + CHAR(10) + N' WHERE 1 = 1'; EXEC(@s)"],
    [
      'tsql',
      "DECLARE @nl nchar(2) = CHAR(13) + CHAR(10), @s nvarchar(max); SET @s = N'SELECT x' + @nl + N'FROM a' + @nl + N'WHERE 1 = 1'; EXEC(@s)",
    ],
    [
      'tsql',
      "DECLARE @nl nchar(1) = NCHAR(10), @s nvarchar(max) = N'SELECT x'; SET @s += @nl + N'FROM a'; SET @s = @s + @nl; SET @s += N'WHERE n = ' + CHAR(39) + @v + CHAR(39); EXEC(@s)",
    ],
    ['tsql', "EXEC(N'SELECT * FROM a' + SPACE(1) + N'WHERE x = 1' + CHAR(9) + N'AND y = 1')"],
    ['postgres', "DO $$ BEGIN EXECUTE 'SELECT * FROM a' || chr(10) || 'WHERE 1 = 1'; END $$"],
    ['postgres', "DO $$ DECLARE nl text := chr(10); BEGIN EXECUTE 'SELECT * FROM a' || nl || 'WHERE 1 = 1'; END $$"],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'SELECT * FROM a' || CHR(13) || CHR(10) || 'WHERE 1 = 1'; END;"],
    ['mysql', "SET @s = CONCAT('SELECT * FROM a', CHAR(13, 10), 'WHERE 1'); PREPARE p FROM @s"],
    ['snowflake', "EXECUTE IMMEDIATE 'SELECT * FROM a' || CHR(10) || 'WHERE 1 = 1'"],
    ['tsql', "EXEC(N'SELECT * FROM a' + REPLICATE(' ', 3) + N'WHERE x = 1')"],
    ['mysql', "SET @s = CONCAT('SELECT * FROM a', CHAR(13, 10 USING utf8mb4), 'WHERE 1'); PREPARE p FROM @s"],
    ['postgres', "DO $$ BEGIN EXECUTE 'SELECT * FROM a' || repeat(' ', 2) || 'WHERE 1 = 1'; END $$"],
    ['tsql', "DECLARE @s nvarchar(max) = CAST(N'' AS nvarchar(max)) + N'SELECT * FROM a'; EXEC(@s)"],
    ['tsql', "DECLARE @s nvarchar(max) = CONVERT(nvarchar(max), N'SELECT * FROM a'); EXEC(@s)"],
    ['tsql', "DECLARE @w nvarchar(9); IF @x = 1 SET @w = N' b'; EXEC(N'SELECT * FROM a' + ISNULL(@w, N''))"],
    ['bigquery', "EXECUTE IMMEDIATE CONCAT('SELECT * FROM a', CHR(10), 'WHERE 1 = 1')"],
  ];
  for (const [dialect, sql] of breaks)
    it(`has the characters of numbers (${dialect}): ${sql}`, () => {
      const { sources, doubts } = used(sql, dialect);
      expect([sources.map(({ name }) => name), doubts]).to.deep.equal([['a'], []]);
    });

  const glued: readonly (readonly [Dialect, string])[] = [
    ['tsql', "DECLARE @s nvarchar(max) = N'SELECT * FROM b JOIN dbo.a_'; SET @s = @s + FORMAT(@d, 'yyyyMM'); EXEC(@s)"],
    ['tsql', "DECLARE @m int = 5; EXEC(N'SELECT * FROM b JOIN dbo.a_' + FORMAT(@m, '00'))"],
    [
      'tsql',
      "DECLARE @s nvarchar(max) = N'SELECT * FROM a'; SET @s += CONVERT(varchar(6), @d, 112); SET @s += N' JOIN b ON 1 = 1'; EXEC(@s)",
    ],
    [
      'postgres',
      "DO $$ DECLARE s text; BEGIN s := 'INSERT INTO a_'; s := s || to_char(now(), 'YYYYMM'); s := s || ' SELECT * FROM b'; EXECUTE s; END $$",
    ],
    ['mysql', "SET @s = 'SELECT * FROM a_'; SET @s = CONCAT(@s, @x, ' JOIN b ON 1 = 1'); PREPARE p FROM @s"],
    [
      'tsql',
      "DECLARE @x sysname = N''; IF @y = 1 SET @x = N'_hist'; EXEC(N'SELECT * FROM dbo.a' + @x + N' JOIN b ON 1 = 1')",
    ],
    [
      'tsql',
      "DECLARE @x sysname = N'', @s nvarchar(99) = N'SELECT * FROM b JOIN a'; IF @y = 1 SET @x = N'_hist'; SET @s += @x; EXEC(@s)",
    ],
    [
      'postgres',
      "DO $$ DECLARE w text := ''; BEGIN IF x THEN w := '_h'; END IF; EXECUTE format('SELECT * FROM a%s JOIN b ON true', w); END $$",
    ],
    [
      'snowflake',
      "BEGIN LET w := ''; IF (x) THEN w := '_h'; END IF; EXECUTE IMMEDIATE 'SELECT * FROM b JOIN a' || :w; END",
    ],
  ];
  for (const [dialect, sql] of glued)
    it(`names no table whose name may go on (${dialect}): ${sql}`, () => {
      const { sources, targets, doubts } = used(sql, dialect);
      expect([sources.map(({ name }) => name), targets, doubts]).to.deep.equal([['b'], [], [UNKNOWN_PARTS]]);
    });

  it('has the one constant of a variable that is empty before, where no name may go on', () => {
    for (const [dialect, sql] of [
      ['tsql', "DECLARE @t sysname = N''; SET @t = N'a'; EXEC(N'DELETE FROM ' + @t)"],
      ['tsql', "DECLARE @t sysname = N''; SET @t = N'a'; EXEC(N'DELETE FROM ' + QUOTENAME(@t) + N' WHERE x = 1')"],
      ['tsql', "DECLARE @w nvarchar(99) = N''; IF @x = 1 SET @w = N'WHERE x = 1'; EXEC(N'SELECT * FROM a ' + @w)"],
      ['postgres', "DO $$ DECLARE t text := ''; BEGIN t := 'a'; EXECUTE format('DELETE FROM %s', t); END $$"],
    ] as const) {
      const { sources, doubts } = used(sql, dialect);
      expect([sources.map(({ name }) => name), doubts], sql).to.deep.equal([['a'], []]);
    }
  });

  it("is a file of a stage by Snowflake's EXECUTE IMMEDIATE FROM, and nothing is put together", () => {
    for (const file of ['@st/f.sql', "'./f.sql' USING (a => 'x')", '@db.s.st/dir/f.sql']) {
      const { sources, doubts } = used(`EXECUTE IMMEDIATE FROM ${file}; SELECT * FROM a`, 'snowflake');
      expect([sources.map(({ name }) => name), doubts], file).to.deep.equal([['a'], []]);
    }
  });

  it("is what BigQuery's EXECUTE IMMEDIATE asks a query for, which is read", () => {
    for (const query of ['(SELECT q FROM a)', '((SELECT q FROM a LIMIT 1)) INTO x USING 1 AS y']) {
      const { sources, doubts } = used(`EXECUTE IMMEDIATE ${query}; SELECT * FROM b`, 'bigquery');
      expect([sources.map(({ name }) => name), doubts], query).to.deep.equal([['a', 'b'], [UNKNOWN_PARTS]]);
    }
  });

  it('is not told where what is not known are values, or nothing is put together', () => {
    for (const [dialect, sql] of [
      ['tsql', "EXEC('SELECT * FROM a WHERE id = ' + @id + ' AND k IN (' + @k + ')')"],
      ['tsql', "EXEC('SELECT ' + @columns + ' FROM a ORDER BY ' + @order)"],
      ['tsql', "EXEC('SELECT x FROM a ORDER BY ' + @column + N' ' + @direction)"],
      ['tsql', "EXEC('PRINT ' + @x)"],
      ['tsql', "EXEC('WAITFOR DELAY ' + @x)"],
      ['tsql', "EXEC('WAITFOR TIME ' + @x)"],
      ['tsql', "EXEC('EXEC [dbo].[p] ' + @x)"],
      ['tsql', "EXEC('EXEC @r = dbo.p ' + @x)"],
      ['tsql', "EXEC('ALTER TABLE a SWITCH PARTITION ' + CAST(@p AS varchar) + ' TO b')"],
      ['tsql', 'EXEC dbo.p @s'],
      ['postgres', 'EXECUTE s(1)'],
      ['postgres', 'DO $$ BEGIN GRANT EXECUTE ON FUNCTION f TO x; END $$'],
      ['mysql', 'EXECUTE p USING @x'],
      ['oracle', "BEGIN EXECUTE IMMEDIATE 'COMMIT'; END;"],
    ] as const)
      expect(used(sql, dialect).doubts, sql).to.deep.equal([]);
  });

  it('is put together of variables in variables without end', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `@v${index}`);
    const chain = names.slice(1).map((name, index) => `SET ${name} = ${names[index] ?? ''} + ${names[index] ?? ''}`);
    expect(() =>
      used(`SET @v0 = N'SELECT 1 FROM a' ${chain.join(' ')} EXEC(@v19999) EXEC(@v5)`, 'tsql')
    ).not.to.throw();
    const brackets = `EXEC(${'('.repeat(20_000)}@s${')'.repeat(20_000)})`;
    expect(() => used(`SET @s = @s + @s EXEC(@s) ${brackets}`, 'tsql')).not.to.throw();
  });

  it('keeps the constant of a T-SQL variable in front of the OUTPUT of an UPDATE', () => {
    const update = 'UPDATE x SET a = @t OUTPUT inserted.id';
    expect(tables(`DECLARE @t sysname = N'c'; ${update}; EXEC(N'DELETE FROM ' + @t)`, 'tsql')).to.include('c');
    expect(tables("DECLARE @t sysname = N'c'; EXEC p 1, @t OUT; EXEC(N'DELETE FROM ' + @t)", 'tsql')).to.deep.equal([]);
  });

  it('fills the table of INSERT … EXEC', () => {
    const filled = (sql: string): unknown => shapeOf(parseLineage(sql, 'tsql'));
    const shape = { sources: ['dbo.a'], targets: ['dbo.t'], columns: ['dbo.a.x > dbo.t.y'] };
    expect(filled("INSERT INTO dbo.t (y) EXEC('SELECT x FROM dbo.a')")).to.deep.equal(shape);
    expect(
      tables("INSERT dbo.t (y) EXECUTE ('SELECT x FROM dbo.a') AT linked", 'tsql'),
      'of another server'
    ).to.deep.equal([]);
    expect(filled("INSERT INTO dbo.t (y) EXEC sp_executesql N'SELECT x FROM dbo.a'")).to.deep.equal(shape);
    expect(filled("DECLARE @q nvarchar(99) = N'SELECT x FROM dbo.a'; INSERT INTO dbo.t (y) EXEC (@q)")).to.deep.equal(
      shape
    );
    expect(tables("INSERT #x EXEC('SELECT * FROM dbo.a')", 'tsql')).to.deep.equal(['dbo.a']);
    expect(tables("INSERT INTO t EXEC dbo.p 1, 'x' SELECT * FROM b", 'tsql')).to.deep.equal(['b']);
  });

  it('is deep without end and read all the same', () => {
    for (const piece of [
      'with function f ',
      'create flow f as ',
      'prepare p from ',
      'using function f ',
      'from (map a ',
    ])
      for (const dialect of ['ansi', 'oracle', 'databricks', 'hive'] as const)
        expect(() => used(piece.repeat(5_000), dialect)).not.to.throw();
    for (const [opening, closing] of [
      ["EXECUTE 'SELECT 1 FROM ' || ", ''],
      ['EXECUTE concat(', ')'],
    ] as const)
      expect(() =>
        used(`${opening}${'quote_ident('.repeat(20_000)}t${')'.repeat(20_000)}${closing}`, 'postgres')
      ).not.to.throw();
  });

  it('ends where the next statement begins', () => {
    expect(tables("DECLARE @s varchar(99) SET @s = 'SELECT * FROM a' EXEC(@s) SELECT * FROM b", 'tsql')).to.deep.equal([
      'a',
      'b',
    ]);
    expect(tables("EXEC('SELECT * FROM a') SELECT * FROM b", 'tsql')).to.deep.equal(['a', 'b']);
    expect(tables("SELECT 1 EXEC('SELECT * FROM a')", 'tsql')).to.deep.equal(['a']);
    expect(tables("SELECT x FROM b WHERE x = 1 EXECUTE ('SELECT * FROM a')", 'tsql')).to.deep.equal(['b', 'a']);
    expect(tables("SELECT x FROM b WHERE x = 1 EXECUTE sp_executesql N'SELECT * FROM a'", 'tsql')).to.deep.equal([
      'b',
      'a',
    ]);
    expect(tables("EXEC sp_executesql N'SELECT * FROM a', N'@x int', 1 SELECT * FROM b", 'tsql')).to.deep.equal([
      'a',
      'b',
    ]);
  });

  it('is read where only the run tells what is filled', () => {
    expect(tables('INSERT INTO IDENTIFIER($x) (id) SELECT id FROM a', 'snowflake')).to.deep.equal(['a']);
    expect(tables('CREATE TABLE IDENTIFIER($x) CLUSTER BY (id) AS SELECT id FROM a', 'snowflake')).to.deep.equal(['a']);
    expect(told('INSERT INTO IDENTIFIER($x) SELECT id FROM a', 'snowflake')).to.equal(
      'a > SQL that is put together has parts that are not known'
    );
  });
});

describe('a variable of PL/SQL in SQL that is put together', () => {
  const TOLD = 'SQL that is put together has parts that are not known';
  const truncate = "EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t";
  const read = (does: string): string =>
    told(`DECLARE t VARCHAR2(9) := 'a'; BEGIN ${does} ${truncate}; END;`, 'oracle');

  it('is known of a CONSTANT, which no call may fill', () => {
    const sql = `DECLARE t CONSTANT VARCHAR2(9) := 'a'; BEGIN p(t); ${truncate}; END;`;
    expect(told(sql, 'oracle')).not.to.contain(TOLD);
    expect(told(sql, 'oracle')).to.equal(told(sql.replace('p(t); ', ''), 'oracle'));
  });

  for (const does of [
    "EXECUTE IMMEDIATE 'BEGIN :1 := f(); END;' USING OUT t;",
    "EXECUTE IMMEDIATE 'BEGIN p(:1, :2); END;' USING 1, IN OUT t;",
    "EXECUTE IMMEDIATE 'BEGIN p(:1); END;' USING OUT :t;",
    'p(t);',
    'IF x = 1 THEN s.k.p(1, t); END IF;',
    'p(f(t), x => t);',
    'DBMS_OUTPUT.GET_LINE(t, n);',
    'FETCH c INTO r.x, t;',
    'FETCH c INTO l(1), t;',
  ])
    it(`is not known where a call may fill it: ${does}`, () => {
      expect(read(does)).to.equal(`> ${TOLD}`);
    });

  it('is known up to the call that may fill it, but in a loop', () => {
    const start = "DECLARE t VARCHAR2(9) := 'a'; BEGIN";
    expect(told(`${start} ${truncate}; p(t); END;`, 'oracle')).to.equal('> changed a');
    expect(told(`${start} LOOP ${truncate}; p(t); END LOOP; END;`, 'oracle')).to.equal(`> ${TOLD}`);
  });

  it('is known where a procedure of the block has it to read alone', () => {
    const sql = (parameter: string): string =>
      `DECLARE t VARCHAR2(9) := 'a'; PROCEDURE p(x ${parameter}) IS BEGIN NULL; END; BEGIN p(t); ${truncate}; END;`;
    expect(told(sql('VARCHAR2'), 'oracle')).to.equal('> changed a');
    expect(told(sql('IN OUT VARCHAR2'), 'oracle')).to.equal(`> ${TOLD}`);
  });

  it('is not known where RETURNING fills it', () => {
    const rows = `c > changed c ${TOLD}`;
    expect(read('DELETE FROM c RETURNING x INTO t;')).to.equal(rows);
    expect(read("EXECUTE IMMEDIATE 'DELETE FROM c RETURNING x INTO :1' RETURNING INTO t;")).to.equal(rows);
  });

  for (const does of [
    'DBMS_OUTPUT.PUT_LINE(t);',
    'utl_file.put_line(f, t);',
    'dbms_mview.refresh(t);',
    'sys.dbms_session.set_identifier(t);',
    "p('now ' || t);",
    'p(LOWER(t), u);',
    "EXECUTE IMMEDIATE 'BEGIN p(:1); END;' USING t;",
    'IF LENGTH(t) > 1 THEN p(1); END IF;',
    'FETCH c INTO r.t;',
    "IF (t) = 'a' THEN p; END IF;",
  ])
    it(`is known where nothing fills it: ${does}`, () => {
      expect(read(does)).to.equal('> changed a');
    });
});

describe('SQL in strings that begins with any word', () => {
  const run: readonly (readonly [Dialect, string, string])[] = [
    [
      'tsql',
      "DECLARE @s nvarchar(max) = N'RAISERROR(''x'',0,1) WITH NOWAIT; INSERT dbo.a SELECT * FROM dbo.b'; EXEC(@s)",
      'dbo.b > dbo.a',
    ],
    [
      'tsql',
      "EXEC('DISABLE TRIGGER ALL ON dbo.a; DELETE FROM dbo.a; ENABLE TRIGGER ALL ON dbo.a')",
      'dbo.a > changed dbo.a',
    ],
    ['tsql', "EXEC sp_executesql N'GRANT SELECT ON dbo.a TO x; SELECT * FROM dbo.b'", 'dbo.b >'],
    ['tsql', "EXEC sp_executesql @stmt = N'THROW 50000, ''x'', 1; SELECT * FROM dbo.b'", 'dbo.b >'],
    ['tsql', "EXEC sp_prepexec @p OUTPUT, N'@p0 int', N'DBCC FREEPROCCACHE; SELECT * FROM dbo.b', 1", 'dbo.b >'],
    ['tsql', "EXEC(N'RETURN; SELECT * FROM dbo.b')", 'dbo.b >'],
    ['tsql', "EXEC(N'GOTO x; x: SELECT * FROM dbo.b')", 'dbo.b >'],
    ['tsql', "EXEC(N'retry: SELECT * FROM dbo.b')", 'dbo.b >'],
    ['postgres', "DO $$ BEGIN EXECUTE 'REFRESH MATERIALIZED VIEW mv'; END $$", '> mv'],
    ['postgres', "DO $$ BEGIN EXECUTE format('REFRESH MATERIALIZED VIEW %I', 'mv'); END $$", '> mv'],
    ['redshift', "EXECUTE 'UNLOAD (''select * from a'') TO ''s3://x'' IAM_ROLE ''y'''", 'a > path:s3://x'],
    ['databricks', "EXECUTE IMMEDIATE 'CACHE TABLE q AS SELECT * FROM a'", 'a >'],
  ];
  for (const [dialect, sql, expected] of run)
    it(`is read (${dialect}): ${sql.slice(0, 80)}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  const harmless: readonly (readonly [Dialect, string])[] = [
    ['tsql', "EXEC dbo.p N'some words'"],
    ['tsql', "EXEC dbo.p N'Return goods', @x = N'grant of money'"],
    ['tsql', "DECLARE @w nvarchar(9) = N'some words'; EXEC dbo.p @w"],
    ['tsql', "EXEC(N'KILL ' + @id)"],
    ['tsql', "EXEC(N'dbo.p ' + @x)"],
    ['tsql', "EXEC(N'[dbo].[p]')"],
    ['tsql', "EXEC('ALTER LOGIN ' + @u + ' ENABLE')"],
    ['tsql', "EXEC('UPDATE STATISTICS ' + @t)"],
    ['tsql', "EXEC('ALTER INDEX ' + @i + ' ON dbo.a REBUILD')"],
    ['tsql', "EXEC('RESTORE DATABASE ' + @d + ' FROM DISK = N''x''')"],
    ['postgres', "DO $$ BEGIN EXECUTE 'CREATE SCHEMA IF NOT EXISTS ' || s; END $$"],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'ALTER WAREHOUSE ' || :w || ' RESUME'; END"],
    ['postgres', "DO $$ BEGIN EXECUTE 'ANALYZE ' || t; END $$"],
    ['postgres', "EXECUTE p('some words')"],
  ];
  for (const [dialect, sql] of harmless)
    it(`is no doubt where it names no table (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal('>');
    });

  it('is prepared in a block', () => {
    for (const run of [
      "PREPARE p FROM 'SELECT * FROM a WHERE id > ?'",
      "SET @s = 'SELECT * FROM a'; PREPARE p FROM @s",
    ])
      expect(told(`BEGIN NOT ATOMIC ${run}; EXECUTE p USING @x; END`, 'mariadb'), run).to.equal('a >');
  });

  it('is a batch that begins with the name of a procedure', () => {
    for (const call of ["dbo.log ''x'';", "[dbo].[log] ''x''", 'log_it;'])
      expect(told(`EXEC(N'${call} INSERT INTO dbo.b SELECT * FROM dbo.a')`, 'tsql'), call).to.equal('dbo.a > dbo.b');
    expect(told("dbo.log 'x'; SELECT * FROM dbo.a", 'tsql')).to.equal('dbo.a >');
  });

  it('is told where a statement behind the first is not known', () => {
    for (const call of ["dbo.' + @p", "dbo.p' + @p", "' + @p", "dbo.p 1 ' + @p", "sys.sp_executesql ' + @p"])
      expect(told(`EXEC('EXEC ${call})`, 'tsql'), call).to.contain('parts that are not known');
    expect(told("EXEC('EXEC sp_executesql ' + @sql)", 'tsql')).to.contain('parts that are not known');
    expect(told("EXEC('DROP TABLE ' + @t)", 'tsql')).to.contain('parts that are not known');
    expect(told("EXEC(N'RAISERROR(''x'', 0, 1); INSERT dbo.' + @t + N' SELECT * FROM dbo.b')", 'tsql')).to.equal(
      'dbo.b > SQL that is put together has parts that are not known'
    );
    expect(told("EXEC(N'PRINT 1; DBCC x; ' + @rest)", 'tsql')).to.include('not known');
    expect(told("EXEC(N'DBCC x; ' + @rest)", 'tsql')).to.include('not known');
  });
});

describe('names with numbers', () => {
  it('are different tables for the cache of templates', () => {
    const reader = new TextReader();
    const read = (sql: string, dialect: Dialect) => reader.read(sql, dialect).sources.map(({ name }) => name);
    expect(read('SELECT * FROM my-proj-1.s.a', 'bigquery')).to.deep.equal(['my-proj-1.s.a']);
    expect(read('SELECT * FROM my-proj-2.s.a', 'bigquery')).to.deep.equal(['my-proj-2.s.a']);
    expect(read('SELECT * FROM s.1', 'hive')).to.deep.equal(['s.1']);
    expect(read('SELECT * FROM s.2', 'hive')).to.deep.equal(['s.2']);
  });
});

describe('texts of logs that write newlines as backslash and n', () => {
  const log = String.raw`select x.id\nfrom shop.a x -- the first\r\njoin shop.b y\n\t on y.a_id = x.id -- the last`;
  for (const dialect of ['redshift', 'snowflake', 'bigquery', 'postgres', 'mysql', 'tsql'] as const)
    it(`are read (${dialect})`, () => {
      const { sources, joins, doubts } = used(log, dialect);
      expect(sources.map(({ name }) => name)).to.deep.equal(['shop.a', 'shop.b']);
      expect([joins.length, doubts]).to.deep.equal([1, []]);
    });

  it('give lineage', () => {
    const sql = String.raw`insert into shop.b\nselect id\nfrom shop.a`;
    expect(shapeOf(parseLineage(sql, 'redshift'))).to.deep.equal({
      ...{ sources: ['shop.a'], targets: ['shop.b'], columns: ['shop.a.id > shop.b.id'] },
    });
  });

  it('keep what is in quotes', () => {
    expect(shapeOf(parseLineage(String.raw`SELECT "a\nb" AS c INTO t FROM "x\ny"`, 'postgres')).columns).to.deep.equal([
      String.raw`x\ny.a\nb > t.c`,
    ]);
  });

  it('have comments to the real end of the line where there are real newlines', () => {
    const sql = `SELECT 1 FROM a -- C:${String.raw`\new`} FROM x\n JOIN b ON a.id = b.id`;
    expect(tables(sql, 'postgres')).to.deep.equal(['a', 'b']);
  });
});
