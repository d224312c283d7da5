import { expect } from 'chai';
import { used } from './lineage-shape.js';

const TOLD = 'the database or schema of a name depends on a USE that may not run';

describe("T-SQL's USE that may not run", () => {
  // what changes, and whether more is told
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['IF @x=1 BEGIN USE wh3 END ELSE BEGIN USE wh4 END\nDELETE dbo.b', '', true],
    ['IF @x=1 USE wh3\nDELETE dbo.b', '', true],
    ['IF @x=1 USE wh3\nDELETE d.dbo.b', 'd.dbo.b', false],
    ['IF @x=1 USE wh3\nDELETE #t', '', false],
    ['IF @x=1 USE wh3 ELSE USE [WH3]\nDELETE dbo.b', 'wh3.dbo.b', false],
    ['USE wh3\nIF @x=1 USE wh3\nDELETE dbo.b', 'wh3.dbo.b', false],
    ['IF @y=1 BEGIN IF @x=1 USE wh3 ELSE USE wh3 END ELSE USE wh3\nDELETE dbo.b', 'wh3.dbo.b', false],
    ['IF @y=1 BEGIN IF @x=1 USE wh3 END ELSE USE wh3\nDELETE dbo.b', '', true],
    ['USE wh2\nIF @x=1 BEGIN USE wh3; DELETE dbo.a END ELSE DELETE dbo.c', 'wh3.dbo.a wh2.dbo.c', false],
    ['IF @x=1 BEGIN USE wh3 DELETE dbo.a END ELSE DELETE dbo.c\nDELETE dbo.b', 'wh3.dbo.a dbo.c', true],
    ['IF @x=1 USE wh3\nGO\nDELETE dbo.b', '', true],
    ['IF @x=1 USE wh3\nGO\nUSE wh4\nDELETE dbo.b', 'wh4.dbo.b', false],
    // what leaves does not go on behind
    ['IF @x=1 BEGIN USE wh3 RETURN END DELETE dbo.b', 'dbo.b', false],
    ['IF @x=1 BEGIN USE wh3 END ELSE RETURN\nDELETE dbo.b', 'wh3.dbo.b', false],
    ['IF @x=1 BEGIN USE wh3 RETURN END\nGO\nDELETE dbo.b', '', true],
    ['BEGIN TRY USE wh3; DELETE dbo.a END TRY BEGIN CATCH THROW END CATCH DELETE dbo.b', 'wh3.dbo.a wh3.dbo.b', false],
    ["BEGIN TRY USE wh3; DELETE dbo.a END TRY BEGIN CATCH PRINT 'x' END CATCH DELETE dbo.b", 'wh3.dbo.a', true],
    ['BEGIN TRY USE wh3 END TRY BEGIN CATCH DELETE dbo.c END CATCH', '', true],
    ['USE wh3 BEGIN TRY USE wh3 END TRY BEGIN CATCH DELETE dbo.c END CATCH DELETE dbo.b', 'wh3.dbo.c wh3.dbo.b', false],
    ['WHILE @x<3 BEGIN DELETE dbo.a; USE wh3; DELETE dbo.c END', 'wh3.dbo.c', true],
    ['WHILE @x<3 BEGIN USE wh3; DELETE dbo.c END DELETE dbo.b', 'wh3.dbo.c', true],
    ['USE wh3 WHILE @x<3 BEGIN DELETE dbo.a; USE wh3; DELETE dbo.c END', 'wh3.dbo.a wh3.dbo.c', false],
    ['GOTO l\nUSE wh3\nl: DELETE dbo.b', '', true],
    ['IF @x=1 BEGIN USE wh3; GOTO l END DELETE dbo.a l: DELETE dbo.b', 'dbo.a', true],
    ['USE wh2 IF @x=1 GOTO l DELETE dbo.a l: DELETE dbo.b', 'wh2.dbo.a wh2.dbo.b', false],
    // what a text chooses ends with it
    ["USE wh2; EXEC(N'IF @x=1 USE wh3 ELSE DELETE dbo.a') DELETE dbo.b", 'wh2.dbo.a wh2.dbo.b', false],
    ["EXEC(N'IF @x=1 USE wh3 DELETE dbo.a') DELETE dbo.b", 'dbo.b', true],
    ["IF @x=1 EXEC(N'USE wh3') DELETE dbo.b", 'dbo.b', false],
  ];
  for (const [sql, changed, isTold] of cases)
    it(JSON.stringify(sql), () => {
      const lineage = used(sql, 'tsql');
      expect(lineage.changed.map(({ name }) => name).join(' ')).to.equal(changed);
      expect(lineage.doubts).to.deep.equal(isTold ? [TOLD] : []);
    });

  it('is followed in long texts in good time', () => {
    const sql = 'IF @x=1 USE wh3 ELSE USE wh4\nDELETE dbo.b\n'.repeat(2_000);
    const start = performance.now();
    expect(used(sql, 'tsql').doubts).to.deep.equal([TOLD]);
    expect(performance.now() - start).to.be.below(10_000);
  });
});
