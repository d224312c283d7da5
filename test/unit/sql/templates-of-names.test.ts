import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

function expectTold(cases: readonly (readonly [Dialect, string, string])[]): void {
  for (const [dialect, sql, expected] of cases)
    it(`${dialect}: ${sql}`, () => expect(told(sql, dialect)).to.equal(expected));
}

describe('A name that is empty', () => {
  expectTold([
    ['tsql', "DECLARE @t sysname = N''; EXEC(N'DELETE dbo.' + QUOTENAME(@t))", '> a name is empty'],
    ['tsql', "DECLARE @t sysname = N''; EXEC(N'DELETE [' + @t + N']')", '> a name is empty'],
    ['tsql', 'SELECT * FROM dbo.""', '> a name is empty'],
    ['postgres', "DO $$ BEGIN EXECUTE 'DELETE FROM ' || quote_ident(''); END $$", '> a name is empty'],
    ['tsql', 'SELECT * FROM db..t', 'db..t >'],
  ]);
});

describe('A name of which a template has the rest', () => {
  expectTold([
    ['tsql', 'SELECT * FROM dbo.{t}', '> a template is in a name not understood from "."'],
    ['tsql', 'DELETE dbo.$(t)', '> a template is in a name not understood from "."'],
    ['tsql', 'SELECT * FROM dbo.t{x}', '> a template is in a name not understood from "{"'],
    ['tsql', 'SELECT * FROM dbo.a JOIN dbo.{t} ON 1=1', 'dbo.a > a template is in a name not understood from "."'],
    ['tsql', "EXEC sp_executesql N'DELETE dbo.{t}'", '> a template is in a name not understood from "."'],
    ['tsql', 'BEGIN DELETE dbo.{t} END', '> a template is in a name'],
    ['databricks', 'SELECT * FROM db.{t}', '> a template is in a name not understood from "."'],
  ]);
});

describe('REPLACE in SQL that is put together', () => {
  const replaced = (text: string, ...args: string[]): string =>
    `DECLARE @s nvarchar(99) = REPLACE(${[text, ...args].join(', ')}); EXEC(@s)`;
  expectTold([
    ['tsql', replaced("N'DELETE dbo.{t}'", "N'{t}'", '@t'), `> ${TOLD}`],
    ['tsql', replaced("N'DELETE dbo.{t}'", "N'{t}'", "N'a'"), 'dbo.a > changed dbo.a'],
    ['tsql', replaced("N'DELETE dbo.a WHERE x={v}'", "N'{v}'", '@v'), 'dbo.a > changed dbo.a'],
    ['tsql', replaced("N'DELETE dbo.{t}'", '@what', "N'a'"), `> ${TOLD}`],
    ['tsql', replaced("N'DELETE dbo.{t}'", "N'{t}'", 'NULL'), '>'],
    // the collation may see it, or not
    ['tsql', replaced("N'DELETE dbo.{t}'", "N'{T}'", "N'a'"), `> ${TOLD}`],
    // what is not known may begin with what is sought
    ['tsql', replaced("N'DELETE dbo.a' + @v", "N'ab'", "N'c'"), `> ${TOLD}`],
    [
      'tsql',
      `DECLARE @t sysname = N'a'; IF @x=1 SET @t = N'b'; ${replaced("N'DELETE dbo.{t}'", "N'{t}'", '@t')}`,
      `> ${TOLD}`,
    ],
    ['oracle', "BEGIN EXECUTE IMMEDIATE REPLACE('DELETE FROM s.{t}', '{t}', v); END;", `> ${TOLD}`],
    ['postgres', "DO $$ BEGIN EXECUTE replace('DELETE FROM s.{t}', '{t}', 'a'); END $$", 's.a > changed s.a'],
    ['bigquery', "EXECUTE IMMEDIATE REPLACE('DELETE FROM s.{t} WHERE true', '{t}', v)", `> ${TOLD}`],
    ['bigquery', "EXECUTE IMMEDIATE REGEXP_REPLACE('DELETE FROM s.q WHERE true', 'q', v)", `> ${TOLD}`],
    ['oracle', "BEGIN EXECUTE IMMEDIATE TRANSLATE('DELETE FROM s.q', 'q', 'a'); END;", `> ${TOLD}`],
  ]);
});
