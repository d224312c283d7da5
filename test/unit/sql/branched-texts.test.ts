import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

/** What usage makes of SQL that is run, behind branches that gave it its text. */
describe('SQL in strings that branches put together', () => {
  const whole: readonly (readonly [Dialect, string, string])[] = [
    ['tsql', "IF @x=1 SET @s=N'SELECT * FROM dbo.a' ELSE SET @s=N'SELECT * FROM dbo.b'; EXEC(@s)", `> ${TOLD}`],
    [
      'tsql',
      "DECLARE @s nvarchar(max); IF @x=1 SET @s=N'SELECT * FROM dbo.a'; ELSE SET @s=N'SELECT * FROM dbo.b'; EXEC sp_executesql @s",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); IF @x=1 BEGIN SET @s=N'SELECT * FROM dbo.a' END ELSE BEGIN SET @s=N'SELECT * FROM dbo.b' END EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "IF @x=1 BEGIN SET @s=N'SELECT * FROM dbo.a'; EXEC(@s) END ELSE BEGIN SET @s=N'SELECT * FROM dbo.b'; EXEC(@s) END",
      'dbo.a dbo.b >',
    ],
    ['tsql', "SET @s=N'SELECT * FROM dbo.a'; EXEC(@s); SET @s=N'SELECT * FROM dbo.b'; EXEC(@s)", 'dbo.a dbo.b >'],
    [
      'tsql',
      "IF @x=1 SET @s=N'SELECT * FROM dbo.a WHERE x=1' ELSE SET @s=N'SELECT * FROM dbo.a WHERE y=1'; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "IF @x=1 SET @s=N'INSERT INTO dbo.t SELECT * FROM dbo.a' ELSE SET @s=N'INSERT INTO dbo.t SELECT * FROM dbo.b'; EXEC(@s)",
      `> dbo.t ${TOLD}`,
    ],
    [
      'tsql',
      "IF @x=1 SET @s=N'SELECT * FROM dbo.a' ELSE IF @x=2 SET @s=N'SELECT * FROM dbo.b' ELSE SET @s=N'SELECT * FROM dbo.c'; EXEC(@s)",
      `> ${TOLD}`,
    ],
    ['tsql', "DECLARE @s nvarchar(max); IF @x=1 SET @s=N'SELECT * FROM dbo.a'; EXEC(@s)", 'dbo.a >'],
    ['tsql', "DECLARE @s nvarchar(max)=N''; IF @x=1 SET @s=N'SELECT * FROM dbo.a'; EXEC(@s)", 'dbo.a >'],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 SET @s=N'SELECT * FROM dbo.b'; EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); SET @s = CASE WHEN @x=1 THEN N'SELECT * FROM dbo.a' ELSE N'SELECT * FROM dbo.b' END; EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); SET @s = CASE WHEN @x=1 THEN N'SELECT * FROM dbo.a' ELSE N'SELECT id FROM dbo.a' END; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max) = IIF(@x=1, N'SELECT * FROM dbo.a', N'SELECT * FROM dbo.b'); EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.a ORDER BY ' + CASE WHEN @x=1 THEN N'id' ELSE N'name' END; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.' + CASE WHEN @x=1 THEN N'a' ELSE N'b' END; EXEC(@s)",
      `> ${TOLD}`,
    ],
    ['tsql', "DECLARE @t sysname = IIF(@x=1, N'a', N'b'); EXEC(N'DELETE FROM dbo.' + @t)", `> ${TOLD}`],
    [
      'tsql',
      "DECLARE @i int=0, @s nvarchar(max); WHILE @i<3 BEGIN SET @s=N'DELETE FROM dbo.a'; EXEC(@s); SET @i+=1 END",
      'dbo.a > changed dbo.a',
    ],
    [
      'tsql',
      "DECLARE @i int=0, @s nvarchar(max)=N'DELETE FROM dbo.a'; WHILE @i<3 BEGIN EXEC(@s); SET @s=N'DELETE FROM dbo.b'; SET @i+=1 END",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @i int=0, @s nvarchar(max)=N'SELECT 1 FROM dbo.a'; WHILE @i<3 BEGIN SET @s += N' UNION ALL SELECT 1 FROM dbo.b'; SET @i+=1 END EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @i int=0, @s nvarchar(max)=N'SELECT 1 FROM dbo.a WHERE 1=0'; WHILE @i<3 BEGIN SET @s += N' OR x=1'; SET @i+=1 END EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "BEGIN TRY SET @s=N'SELECT * FROM dbo.a'; EXEC(@s) END TRY BEGIN CATCH SET @s=N'SELECT * FROM dbo.b'; EXEC(@s) END CATCH",
      'dbo.a dbo.b >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); BEGIN TRY SET @s=N'SELECT * FROM dbo.a' END TRY BEGIN CATCH SET @s=N'SELECT * FROM dbo.b' END CATCH; EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); BEGIN TRY SET @s=N'SELECT * FROM dbo.a' END TRY BEGIN CATCH PRINT ERROR_MESSAGE() END CATCH; EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max); BEGIN TRY SET @s=N'SELECT * FROM dbo.a'; EXEC(@s); SET @s=N'SELECT * FROM dbo.b'; EXEC(@s) END TRY BEGIN CATCH EXEC(@s) END CATCH",
      `dbo.a dbo.b > ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 GOTO run; SET @s=N'SELECT * FROM dbo.b'; run: EXEC(@s)",
      `> ${TOLD}`,
    ],
    ['tsql', "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 GOTO done; EXEC(@s); done: PRINT 1", 'dbo.a >'],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 BEGIN SET @s=N''; RETURN END EXEC(@s)",
      'dbo.a >',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a'; IF @x=1 BEGIN SET @s=N'SELECT * FROM dbo.b'; EXEC(@s); RETURN; END; EXEC(@s)",
      'dbo.b dbo.a >',
    ],
    [
      'tsql',
      "IF EXISTS (SELECT 1 FROM sys.x) SET @s=N'SELECT * FROM dbo.a' ELSE SET @s=N'SELECT * FROM dbo.a WITH (NOLOCK)'; EXEC(@s)",
      'sys.x dbo.a >',
    ],
    ['tsql', "IF @x=1 SELECT @s=N'SELECT * FROM dbo.a' ELSE SELECT @s=N'SELECT * FROM dbo.b' EXEC(@s)", `> ${TOLD}`],
    [
      'tsql',
      "DECLARE @s nvarchar(99); IF @x=1 INSERT INTO dbo.l SELECT 1 ELSE SET @s=N'SELECT * FROM dbo.b'; EXEC(@s)",
      'dbo.b > dbo.l',
    ],
    [
      'tsql',
      "DECLARE @s nvarchar(max)=N'SELECT * FROM dbo.a' IF @x=1 UPDATE dbo.l SET q=1 ELSE SET @s=N'SELECT * FROM dbo.b' EXEC(@s)",
      `> dbo.l ${TOLD}`,
    ],
    [
      'tsql',
      "IF @x=1 BEGIN BEGIN TRAN; SET @s=N'SELECT * FROM dbo.a'; COMMIT END ELSE SET @s=N'SELECT * FROM dbo.b'; EXEC(@s)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "IF @x=1 BEGIN IF @y=1 SET @s=N'SELECT * FROM dbo.a' ELSE SET @s=N'SELECT * FROM dbo.b'; EXEC(@s) END",
      `> ${TOLD}`,
    ],
    ['tsql', "IF @x=1 SET @s=N'DELETE FROM dbo.a' ELSE SET @s=N'SELECT * FROM dbo.a'; EXEC(@s)", 'dbo.a >'],
    ['tsql', "IF @x=1 SET @t=N'a'; ELSE SET @t=N'b'; SET @s=N'DELETE FROM dbo.' + @t; EXEC(@s)", `> ${TOLD}`],
    ['tsql', "IF @x=1 SET @db=N'd1'; ELSE SET @db=N'd2'; EXEC(N'SELECT * FROM ' + @db + N'.dbo.a')", `> ${TOLD}`],
    [
      'tsql',
      "SET @t=N'a'; EXEC(N'DELETE FROM dbo.'+@t); SET @t=N'b'; EXEC(N'DELETE FROM dbo.'+@t)",
      'dbo.a dbo.b > changed dbo.a dbo.b',
    ],
    [
      'tsql',
      "IF @x=1 BEGIN SET @t=N'a'; SET @c=N'x' END ELSE BEGIN SET @t=N'a'; SET @c=N'y' END EXEC(N'SELECT ' + @c + N' FROM dbo.' + @t)",
      'dbo.a >',
    ],
    ['tsql', "IF @x IS NULL SET @s=N'SELECT * FROM dbo.a'; ELSE SET @s=N'SELECT * FROM ' + @x; EXEC(@s)", `> ${TOLD}`],
    ['tsql', "CREATE PROCEDURE p @s nvarchar(max) = N'SELECT * FROM dbo.a' AS EXEC(@s)", '>'],
    ['tsql', "WHILE 1=1 BEGIN IF @x=1 BREAK; SET @s=N'DELETE FROM dbo.a'; EXEC(@s) END", 'dbo.a > changed dbo.a'],
    [
      'tsql',
      "IF @x=1 SET @s=CASE WHEN @y=1 THEN N'SELECT * FROM dbo.a' ELSE N'SELECT * FROM dbo.b' END ELSE SET @s=N'SELECT * FROM dbo.a' EXEC(@s)",
      `> ${TOLD}`,
    ],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`has the texts of its branches (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  it('are told where loops in loops give more texts than can be compared', () => {
    const loops = Array.from({ length: 14 }, (_, at) => `WHILE @x=${at} BEGIN SET @s+=N' x${at}'; `);
    expect(told(`SET @s=N''; ${loops.join('')} EXEC(@s); ${'END '.repeat(loops.length)}`, 'tsql')).to.equal(
      `> ${TOLD}`
    );
  });

  it('have what stands in front of conditions, however many there are', () => {
    const columns = Array.from({ length: 3_000 }, (_, at) => `c${at}`).join(', ');
    const conditions = Array.from({ length: 60 }, (_, at) => `IF @x=${at} SET @s+=N' AND x${at}=1';`);
    expect(told(`SET @s=N'SELECT ${columns} FROM dbo.a WHERE 1=1'; ${conditions.join(' ')} EXEC(@s)`, 'tsql')).to.equal(
      'dbo.a >'
    );
  });
});
