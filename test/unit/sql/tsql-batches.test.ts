import { expect } from 'chai';
import { told, used } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';

function expectTold(cases: readonly (readonly [string, string])[]): void {
  for (const [sql, expected] of cases) it(JSON.stringify(sql), () => expect(told(sql, 'tsql')).to.equal(expected));
}

describe('GO between the batches of T-SQL', () => {
  const routines = [
    'CREATE PROCEDURE dbo.p AS DELETE dbo.a',
    'CREATE OR ALTER PROCEDURE dbo.p AS BEGIN DELETE dbo.a END',
    'ALTER PROC dbo.p AS DELETE dbo.a',
    'CREATE FUNCTION dbo.f() RETURNS int AS BEGIN RETURN 1 END',
    'CREATE FUNCTION dbo.f() RETURNS TABLE RETURN WITH c AS (SELECT * FROM dbo.a) SELECT * FROM c',
    'CREATE TRIGGER dbo.tr ON dbo.c AFTER INSERT AS DELETE dbo.a',
    'CREATE PROCEDURE dbo.p @x int AS EXTERNAL NAME a.b.c',
  ];
  expectTold([
    ...routines.map((sql) => [`${sql}\nGO\nDELETE dbo.b`, 'dbo.b > changed dbo.b'] as const),
    ...routines.map((sql) => [`${sql}\r\ngo 2\r\nDELETE dbo.b`, 'dbo.b > changed dbo.b'] as const),
    ['CREATE PROCEDURE dbo.p AS DELETE dbo.a\nDELETE dbo.b', '>'],
    ['DELETE dbo.a\nGO\nUSE wh3\nGO\nDELETE dbo.b', 'dbo.a wh3.dbo.b > changed dbo.a wh3.dbo.b'],
    ['SELECT go FROM dbo.a', 'dbo.a >'],
    ['SELECT x go FROM dbo.a', 'dbo.a >'],
    ['SELECT * FROM dbo.a go JOIN dbo.b ON go.x = b.x', 'dbo.a dbo.b > dbo.a.x=dbo.b.x'],
    ['SELECT * FROM dbo.a\nGO -- done\nSELECT * FROM dbo.b', 'dbo.a dbo.b >'],
    ['CREATE VIEW dbo.v AS SELECT * FROM dbo.a GO DELETE dbo.b', 'dbo.a dbo.b > dbo.v changed dbo.b'],
  ]);
});

describe("T-SQL's USE without a semicolon before it", () => {
  expectTold([
    ["USE wh2; EXEC(N'DELETE dbo.a')\nUSE wh3; DELETE dbo.b", 'wh2.dbo.a wh3.dbo.b > changed wh2.dbo.a wh3.dbo.b'],
    ...['EXEC dbo.p @a = 1', "PRINT 'x'", 'SET NOCOUNT ON', 'DECLARE @x int', 'IF 1 = 1 EXEC dbo.p'].map(
      (sql) => [`${sql} USE wh3 DELETE dbo.b`, 'wh3.dbo.b > changed wh3.dbo.b'] as const
    ),
    ['SELECT * FROM dbo.a OPTION (USE PLAN x) DELETE dbo.b', 'dbo.a dbo.b > changed dbo.b'],
    ...['SELECT 1', 'SELECT @x = x + 1', 'GRANT SELECT TO u', 'CREATE TABLE #t(i int)', 'SELECT 1 WHERE 1 = 1'].map(
      (sql) =>
        [
          `${sql}\nUSE wh3\nDELETE b`,
          sql.includes('#t') ? 'wh3..b > #t changed wh3..b' : 'wh3..b > changed wh3..b',
        ] as const
    ),
    ['DELETE dbo.a WHERE x=1\nUSE wh3\nDELETE dbo.b', 'dbo.a wh3.dbo.b > changed dbo.a wh3.dbo.b'],
    ['UPDATE dbo.a SET x=1\nUSE [wh3]\nDELETE dbo.b', 'wh3.dbo.b > dbo.a changed wh3.dbo.b'],
    ['SELECT * FROM dbo.a ORDER BY x USE wh3 DELETE dbo.b', 'dbo.a wh3.dbo.b > changed wh3.dbo.b'],
    ['SELECT * FROM dbo.a GROUP BY x HAVING x=1 USE wh3 DELETE dbo.b', 'dbo.a wh3.dbo.b > changed wh3.dbo.b'],
    ["SELECT * FROM dbo.a OPTION (USE HINT ('x')) USE wh3 DELETE dbo.b", 'dbo.a wh3.dbo.b > changed wh3.dbo.b'],
    ['CREATE TABLE dbo.a(i int)\nUSE wh3\nDELETE dbo.b', 'wh3.dbo.b > dbo.a changed wh3.dbo.b'],
    ['DELETE dbo.a WHERE x=1\nUSE $(db)\nDELETE dbo.b', `dbo.a > changed dbo.a ${UNKNOWN_PARTS}`],
    ["EXEC(N'DELETE dbo.a WHERE x=1 USE ' + @d + N' DELETE dbo.b')", `dbo.a > changed dbo.a ${UNKNOWN_PARTS}`],
    ['SELECT [use], a.use, use FROM dbo.a a WHERE use = 1', 'dbo.a >'],
    ['SELECT * FROM dbo.use', 'dbo.use >'],
    ['UPDATE dbo.a SET use = 1', '> dbo.a'],
    // what else stands behind a CREATE TABLE
    ["CREATE TABLE dbo.a(i int)\nEXEC(N'DELETE dbo.b')", 'dbo.b > dbo.a changed dbo.b'],
    ['CREATE TABLE dbo.a(i int)\nTRUNCATE TABLE dbo.b', '> dbo.a changed dbo.b'],
    ['CREATE TABLE dbo.a(i int)\nALTER TABLE dbo.b ADD j int', '> dbo.a changed dbo.b'],
  ]);
});

describe("T-SQL's texts in double quotes", () => {
  expectTold([
    ['EXEC ("DELETE dbo.a")', 'dbo.a > changed dbo.a'],
    ['SET QUOTED_IDENTIFIER OFF; EXEC("SELECT * FROM dbo.a WHERE n=\'x\'")', 'dbo.a >'],
    ['SET QUOTED_IDENTIFIER OFF; DECLARE @s varchar(99); SET @s = "DELETE dbo.a"; EXEC(@s)', 'dbo.a > changed dbo.a'],
    ['SET QUOTED_IDENTIFIER OFF; SET QUOTED_IDENTIFIER ON; SELECT * FROM "dbo"."a"', 'dbo.a >'],
    ['EXEC ("DELETE dbo.a") AT lnk', '>'],
    ['EXEC "dbo"."p"', '>'],
  ]);
});

describe('EXPLAIN of T-SQL', () => {
  expectTold([
    ['EXPLAIN SELECT * FROM t', '>'],
    ['EXPLAIN WITH_RECOMMENDATIONS SELECT * FROM t', '>'],
    ['EXPLAIN INSERT INTO a SELECT * FROM b; SELECT * FROM u', 'u >'],
    ['EXPLAIN WITH c AS (SELECT * FROM t) SELECT * FROM c\nSELECT * FROM u', 'u >'],
  ]);

  it('is read in the other order, too', () => {
    expect(used('SELECT * FROM u; EXPLAIN DELETE t', 'tsql').changed).to.deep.equal([]);
  });
});
