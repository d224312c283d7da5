import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';

/** What is read, written and changed; `?` where the text is told as doubtful. */
function shown(sql: string, dialect: Dialect): string {
  const { sources, targets, changed, doubts } = parseLineage(sql, dialect, { countsAside: true, without: 'stored' });
  const list = (all: readonly { readonly name: string }[]): string =>
    all
      .map(({ name }) => name)
      .sort()
      .join(' ');
  return `${list(sources)} > ${list([...targets, ...changed])}${doubts.length > 0 ? ' ?' : ''}`.trim();
}

describe("T-SQL's queries in brackets behind other statements", () => {
  for (const [sql, expected] of [
    ['IF @q = 1 USE wh (SELECT * FROM dbo.b)', '>  ?'],
    ['WHILE @q = 1 USE wh (SELECT * FROM dbo.b)', '>  ?'],
    ['IF @q = 1 USE w1 ELSE USE w2 (SELECT * FROM dbo.b)', '>  ?'],
    ['USE wh (SELECT * FROM dbo.b)', 'wh.dbo.b >'],
    ['BEGIN TRY USE wh (SELECT * FROM dbo.b) END TRY BEGIN CATCH END CATCH', 'wh.dbo.b >'],
    ['ALTER DATABASE q SET READ_COMMITTED_SNAPSHOT ON (SELECT * FROM dbo.b)', 'dbo.b >'],
    ['ALTER DATABASE q SET ANSI_NULLS OFF, ANSI_PADDING ON (SELECT * FROM dbo.b)', 'dbo.b >'],
    ['SELECT a.x FROM a JOIN b ON (SELECT max(x) FROM c) = a.x', 'a b c >'],
    ["EXEC sp_executesql N'SELECT * FROM dbo.a' (SELECT * FROM dbo.b)", 'dbo.a dbo.b >'],
    ["DECLARE @q nvarchar(99) = N'SELECT * FROM dbo.a' EXEC sp_executesql @q (SELECT * FROM dbo.b)", 'dbo.a dbo.b >'],
    ["DECLARE @q nvarchar(99) SET @q = N'SELECT * FROM dbo.a' (SELECT * FROM dbo.b) EXEC(@q)", 'dbo.a dbo.b >'],
  ] as const)
    it(`are statements of their own: ${sql}`, () => {
      expect(shown(sql, 'tsql')).to.equal(expected);
    });
});

describe("What T-SQL's TOP of a change asks", () => {
  for (const [sql, expected] of [
    ['INSERT TOP (SELECT n FROM a) INTO t SELECT * FROM b', 'a b > t'],
    ['INSERT TOP ((SELECT n FROM a)) PERCENT t SELECT * FROM b', 'a b > t'],
    ['MERGE TOP (SELECT n FROM a) INTO t USING b ON t.id = b.id WHEN MATCHED THEN DELETE;', 'a b > t'],
    ['MERGE TOP (5) PERCENT t USING b ON t.id = b.id WHEN MATCHED THEN DELETE;', 'b > t'],
  ] as const)
    it(`is read: ${sql}`, () => {
      expect(shown(sql, 'tsql')).to.equal(expected);
    });
});

describe("T-SQL's statements for long texts", () => {
  for (const [sql, expected] of [
    ['READTEXT t.c @p 1 25', 't >'],
    ["WRITETEXT BULK dbo.t.c @p WITH LOG 'x'", '> dbo.t'],
    ["UPDATETEXT dbo.t.c @p 0 NULL 'x'", '> dbo.t'],
    ['UPDATETEXT dbo.t.c @p 0 NULL WITH LOG dbo.s.d @q', 'dbo.s > dbo.t'],
    ['SELECT * FROM a READTEXT dbo.t.c @p 1 25 HOLDLOCK SELECT * FROM b', 'a b dbo.t >'],
    ['IF @a = 1 BEGIN READTEXT dbo.t.c @p 1 25 END ELSE WRITETEXT dbo.w.c @p NULL', 'dbo.t > dbo.w'],
    ['SELECT readtext FROM writetext', 'writetext >'],
  ] as const)
    it(`name columns of tables: ${sql}`, () => {
      expect(shown(sql, 'tsql')).to.equal(expected);
    });
});

describe("The arguments of PL/pgSQL's OPEN", () => {
  for (const [call, expected] of [
    ['OPEN c(max(i) FROM a)', 'a b >'],
    ['OPEN c(n := max(i) FROM a)', 'a b >'],
    ['OPEN c((SELECT max(i) FROM a))', 'a b >'],
    ['OPEN c(1)', 'b >'],
  ] as const)
    it(`may have a FROM: ${call}`, () => {
      const sql = `DO $$ DECLARE c CURSOR (n int) FOR SELECT * FROM b WHERE id = n; BEGIN ${call}; END $$`;
      expect(shown(sql, 'postgres')).to.equal(expected);
    });
});
