import { expect } from 'chai';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

function expectTold(cases: readonly (readonly [string, string])[]): void {
  for (const [sql, expected] of cases) it(sql, () => expect(told(sql, 'tsql')).to.equal(expected));
}

describe("What T-SQL's queries give variables", () => {
  const a = "DECLARE @a nvarchar(9) = N'dbo.a'; ";
  const s = "DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.a'; ";
  expectTold([
    [`${a}SELECT @a = N'dbo.b' FROM dbo.cfg WHERE k = 1; EXEC(N'DELETE ' + @a)`, `dbo.cfg > ${TOLD}`],
    [`${a}SELECT @a = N'dbo.b' FROM dbo.cfg; EXEC(N'DELETE ' + @a)`, `dbo.cfg > ${TOLD}`],
    [`${a}SELECT @b = 1, @a = N'dbo.b' FROM dbo.cfg EXEC(N'DELETE ' + @a)`, `dbo.cfg > ${TOLD}`],
    [`${a}SELECT @a = N'dbo.b' WHERE @x = 1; EXEC(N'DELETE ' + @a)`, `> ${TOLD}`],
    [`${a}UPDATE dbo.cfg SET x = 1, @a = N'dbo.b' WHERE k = 1; EXEC(N'DELETE ' + @a)`, `> dbo.cfg ${TOLD}`],
    [`${a}SELECT @a = N'dbo.b'; EXEC(N'DELETE ' + @a)`, 'dbo.b > changed dbo.b'],
    [`${a}SELECT @b = (SELECT k FROM dbo.cfg), @a = N'dbo.b'; EXEC(N'DELETE ' + @a)`, 'dbo.cfg dbo.b > changed dbo.b'],
    [`${s}SELECT @s += N' JOIN dbo.b ON 1=1' FROM dbo.cfg WHERE k = 1; EXEC(@s)`, `dbo.cfg dbo.a > ${TOLD}`],
    [`${s}SELECT @s = @s + N' JOIN dbo.b ON 1=1' FROM dbo.cfg; EXEC(@s)`, `dbo.cfg dbo.a > ${TOLD}`],
    [`${s}SELECT @s += N' ORDER BY 1' FROM dbo.cfg WHERE k = 1; EXEC(@s)`, 'dbo.cfg dbo.a >'],
    [
      `${s}SELECT @s = N'SELECT * FROM dbo.b WHERE k IN (' + STRING_AGG(k, ',') + N')' FROM dbo.cfg; EXEC(@s)`,
      'dbo.cfg dbo.b >',
    ],
    [
      "DECLARE @w nvarchar(99); SELECT @w = N' JOIN dbo.b ON 1=1' FROM dbo.cfg; EXEC(N'SELECT * FROM dbo.a' + ISNULL(@w, N''))",
      `dbo.cfg dbo.a > ${TOLD}`,
    ],
    [
      "DECLARE @s nvarchar(max); SELECT @s = N'DELETE dbo.a WHERE k=' + k FROM dbo.cfg; EXEC(@s)",
      'dbo.cfg dbo.a > changed dbo.a',
    ],
    [
      "DECLARE @c nvarchar(max) = N''; SELECT @c += N',' + QUOTENAME(k) FROM dbo.cfg; EXEC(N'SELECT x' + @c + N' FROM dbo.a')",
      'dbo.cfg dbo.a >',
    ],
  ]);
});

describe('A procedure that a variable of T-SQL names', () => {
  const run = "EXEC @e N'DELETE dbo.a'; DELETE dbo.c";
  const procedure = (name: string): string => `DECLARE @e nvarchar(99) = ${name}; ${run}`;
  expectTold([
    [procedure("N'sp_executesql'"), 'dbo.a dbo.c > changed dbo.a dbo.c'],
    [procedure("N'wh2.sys.sp_executesql'"), 'wh2.dbo.a dbo.c > changed wh2.dbo.a dbo.c'],
    [procedure("N'[wh2]..sp_executesql'"), 'wh2.dbo.a dbo.c > changed wh2.dbo.a dbo.c'],
    [procedure("QUOTENAME(@db) + N'.sys.sp_executesql'"), `dbo.c > changed dbo.c ${TOLD}`],
    [procedure("IIF(@x = 1, N'a.sys.sp_executesql', N'b.sys.sp_executesql')"), `dbo.c > changed dbo.c ${TOLD}`],
    [procedure("N'lnk.wh2.sys.sp_executesql'"), 'dbo.c > changed dbo.c'],
    [procedure("N'dbo.p'"), 'dbo.c > changed dbo.c'],
    [procedure('@other'), `dbo.c > changed dbo.c ${TOLD}`],
    ['EXEC @r = @e @x, 5; DELETE dbo.c', 'dbo.c > changed dbo.c'],
    [
      "DECLARE @e sysname = N'sp_executesql'; EXEC @e @stmt = N'DELETE dbo.a'; EXEC @e @stmt = N'DELETE dbo.b'",
      'dbo.a dbo.b > changed dbo.a dbo.b',
    ],
  ]);
});

describe("Calls of functions in T-SQL's texts", () => {
  expectTold(
    ["REPLACE(@v, '''', '''''')", "REPLACE(@v, 'a', 'b')", 'LEFT(@v, 3)', "dbo.f(@v, 'a')"].map((call) => [
      `DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.a WHERE x=''' + ${call} + N''' AND y IN (SELECT y FROM dbo.b)'; EXEC(@s)`,
      'dbo.a dbo.b >',
    ])
  );
  expectTold([
    [
      "DECLARE @s nvarchar(max) = N'SELECT * FROM dbo.a '; SET @s = @s + STUFF(N'x', 1, 1, N'WHERE 1=1'); EXEC(@s)",
      `dbo.a > ${TOLD}`,
    ],
  ]);
});

describe('An ELSE of no IF in texts of T-SQL', () => {
  expectTold([
    ["IF @x = 1 SELECT 1; EXEC(@s); ELSE EXEC(N'DELETE dbo.a')", `dbo.a > changed dbo.a ${TOLD}`],
    ["BEGIN SET @s = N'DELETE dbo.a'; EXEC(@s); ELSE EXEC(@s); END", 'dbo.a > changed dbo.a'],
  ]);
});

describe("NULL behind T-SQL's SET CONCAT_NULL_YIELDS_NULL OFF", () => {
  const off = 'SET CONCAT_NULL_YIELDS_NULL OFF; ';
  const hist = "CASE WHEN @x = 1 THEN N'_h' END";
  expectTold([
    [`${off}EXEC(N'SELECT * FROM dbo.a' + ${hist})`, `> ${TOLD}`],
    [`${off}DECLARE @s nvarchar(99) = N'SELECT * FROM dbo.a'; SET @s += ${hist}; EXEC(@s)`, `> ${TOLD}`],
    [`${off}EXEC(N'SELECT * FROM dbo.a' + CASE WHEN @x = 1 THEN N' WHERE y = 1' END)`, 'dbo.a >'],
    [
      `${off}DECLARE @h sysname = NULL; DECLARE @s nvarchar(99) = N'DELETE dbo.a'; SET @s = @s + @h; EXEC(@s)`,
      'dbo.a > changed dbo.a',
    ],
    [`SET ANSI_NULLS, CONCAT_NULL_YIELDS_NULL OFF; EXEC(N'SELECT * FROM dbo.a' + ${hist})`, `> ${TOLD}`],
    [`${off}SET CONCAT_NULL_YIELDS_NULL ON; EXEC(N'SELECT * FROM dbo.a' + ${hist})`, 'dbo.a_h >'],
    [`EXEC(N'SELECT * FROM dbo.a' + ${hist})`, 'dbo.a_h >'],
  ]);
});

describe('Variables that no DECLARE of T-SQL names', () => {
  expectTold([
    ["SET @v = @v + N'b'; EXEC(N'DELETE dbo.' + @v)", `> ${TOLD}`],
    ["(@k int, @v nvarchar(9))SET @v += N'b'; EXEC(N'DELETE dbo.' + @v)", `> ${TOLD}`],
    ["IF @x = 1 SET @s = N'SELECT * FROM dbo.a'; EXEC(@s)", `> ${TOLD}`],
    ["DECLARE @k int, @s nvarchar(99); IF @x = 1 SET @s = N'SELECT * FROM dbo.a'; EXEC(@s)", 'dbo.a >'],
    ["DECLARE @v nvarchar(9); SET @v += N'b'; EXEC(N'DELETE dbo.' + @v)", '>'],
    [
      "SET @v = REPLACE(@v, '''', ''''''); EXEC(N'DELETE dbo.a WHERE n=''' + @v + N''' AND EXISTS(SELECT 1 FROM dbo.b)')",
      'dbo.a dbo.b > changed dbo.a',
    ],
  ]);
});
