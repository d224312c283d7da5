import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

/** What usage makes of SQL that is run, behind branches that appended to it. */
describe('SQL in strings to which branches append', () => {
  const appended: readonly (readonly [Dialect, string, string])[] = [
    ['tsql', "SET @s=N'SELECT * FROM dbo.a'; IF @y=1 SET @s += N'_hist'; EXEC(@s)", `> ${TOLD}`],
    ['tsql', "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @y=1 SET @s = @s + N'_hist'; EXEC(@s)", `> ${TOLD}`],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @y=1 SET @s = CONCAT(@s, N'_hist'); EXEC(@s)",
      `> ${TOLD}`,
    ],
    ['tsql', "DECLARE @p sysname=N''; IF @y=1 SET @p=N'x_'; EXEC(N'SELECT * FROM dbo.' + @p + N'a')", `> ${TOLD}`],
    [
      'tsql',
      "DECLARE @p sysname=N'', @s nvarchar(max); IF @y=1 SET @p=N'x_'; SET @s=N'SELECT * FROM dbo.' + @p + N'a WHERE id=1'; EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @id IS NOT NULL SET @s += N' WHERE id=@id'; EXEC sp_executesql @s, N'@id int', @id",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @id IS NOT NULL SET @s += N'\nWHERE id=@id'; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @id IS NOT NULL SET @s += N'; DELETE FROM dbo.b'; EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a WHERE 1=1'; IF @a=1 SET @s += N' AND a=1'; IF @b=1 SET @s += N' AND b=1'; IF @c=1 SET @s += N' AND c=1'; IF @d=1 SET @s += N' AND d=1'; IF @e=1 SET @s += N' AND e=1'; IF @f=1 SET @s += N' AND f=1'; IF @g=1 SET @s += N' AND g=1'; IF @h=1 SET @s += N' AND h=1'; IF @i=1 SET @s += N' AND i=1'; IF @j=1 SET @s += N' AND j=1'; SET @s += N' ORDER BY x'; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a a'; IF @x=1 SET @s += N' JOIN dbo.b b ON b.id=a.id'; EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a a'; IF @x=1 SET @s += N' JOIN dbo.b b ON b.id=a.id'; SET @s += N' WHERE a.x=1'; EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a a WHERE 1=1'; IF @x=1 SET @s += N' AND id IN (SELECT id FROM dbo.b)'; EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT a', @f nvarchar(99)=N' FROM dbo.t'; IF @x=1 SET @s += N', b'; SET @s += @f; EXEC(@s)",
      'dbo.t >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 SET @s += N', dbo.b'; EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM [dbo].[a]'; IF @x=1 SET @s += N'WHERE id=1'; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT '; IF @top=1 SET @s += N'TOP 10 '; SET @s += N'* FROM dbo.a'; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @w nvarchar(99)=N''; IF @x=1 SET @w=N' WHERE id=1'; EXEC(N'SELECT * FROM dbo.a' + @w)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @w nvarchar(99)=N''; IF @x=1 SET @w=N' WHERE id=1' ELSE IF @x=2 SET @w=N' WHERE id=2'; EXEC(N'SELECT * FROM dbo.a' + @w + N' ORDER BY id')",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @w nvarchar(99)=N''; IF @x=1 SET @w=N' WHERE id=' + @id; EXEC(N'SELECT * FROM dbo.a' + @w + N' ORDER BY id')",
      'dbo.a >',
    ],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN IF y THEN s := s || '_hist'; END IF; EXECUTE s; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE p text := ''; BEGIN IF y THEN p := 'x_'; END IF; EXECUTE 'SELECT * FROM ' || p || 'a'; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE p text := ''; BEGIN IF y THEN p := 'x_'; END IF; EXECUTE format('SELECT * FROM %sa', p); END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN IF y THEN s := s || ' JOIN b ON b.x = a.x'; END IF; EXECUTE s; END $$",
      `a > ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99) := 'SELECT * FROM a'; BEGIN IF y = 1 THEN s := s || '_hist'; END IF; EXECUTE IMMEDIATE s; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE w VARCHAR2(99); BEGIN IF y = 1 THEN w := ' WHERE x = 1'; END IF; EXECUTE IMMEDIATE 'DELETE FROM a' || w; END;",
      'a > changed a',
    ],
    [
      'oracle',
      "DECLARE w VARCHAR2(99); BEGIN IF y = 1 THEN w := '_h'; END IF; EXECUTE IMMEDIATE 'DELETE FROM a' || w; END;",
      `> ${TOLD}`,
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := 'SELECT * FROM a'; IF (y) THEN s := s || '_hist'; END IF; EXECUTE IMMEDIATE :s; END",
      `> ${TOLD}`,
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := 'SELECT * FROM a'; IF (y) THEN s := s || ' WHERE x = 1'; END IF; EXECUTE IMMEDIATE :s; END",
      'a >',
    ],
    [
      'bigquery',
      "DECLARE s STRING DEFAULT 'SELECT * FROM d.a'; IF y THEN SET s = CONCAT(s, '_hist'); END IF; EXECUTE IMMEDIATE s",
      `> ${TOLD}`,
    ],
    [
      'bigquery',
      "DECLARE s STRING DEFAULT 'SELECT * FROM d.a'; IF y THEN SET s = s || ' WHERE x = 1'; END IF; EXECUTE IMMEDIATE s",
      'd.a >',
    ],
    [
      'databricks',
      "BEGIN DECLARE s STRING DEFAULT 'SELECT * FROM a'; IF y THEN SET s = s || '_hist'; END IF; EXECUTE IMMEDIATE s; END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC SET @s = 'SELECT * FROM a'; IF @y THEN SET @s = CONCAT(@s, '_hist'); END IF; EXECUTE IMMEDIATE @s; END",
      `> ${TOLD}`,
    ],
    ['mysql', "SET @s = CONCAT('SELECT * FROM a', IF(@y, '_hist', '')); PREPARE p FROM @s", `> ${TOLD}`],
    ['mysql', "SET @s = CONCAT('SELECT * FROM a', IF(@y, ' WHERE x = 1', '')); PREPARE p FROM @s", 'a >'],
  ];
  for (const [dialect, sql, expected] of appended)
    it(`has what every branch appends (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
