import { expect } from 'chai';
import { maskLiterals, parseLineage, sentCall, sentText } from '../../../src/sql/index.js';

const QUERY = "SELECT * FROM [a] WHERE k = @P0 AND n = N'O''Neil'";
const QUOTED = `N'${QUERY.replaceAll("'", "''")}'`;

describe('The SQL of a driver’s call', () => {
  for (const call of [
    `exec sp_executesql ${QUOTED},N'@P0 int',@P0=1`,
    `EXECUTE sys.sp_executesql @params = N'@P0 int, @q nvarchar(max)', @stmt = ${QUOTED}, @P0 = -1, @q = N'SELECT 2'`,
    `exec @rc = [sys].[sp_executesql] ${QUOTED}, N'@P0 int OUTPUT', @n OUTPUT;`,
    `sp_executesql ${QUOTED}`,
    `dbo.sp_executesql ${QUOTED}, N'@P0 int', @P0 = 1`,
    `[dbo].[sp_executesql] ${QUOTED}`,
    `execute dbo.sp_executesql ${QUOTED}`,
    `exec [dbo].[sp_executesql] ${QUOTED}`,
    `/* tag */ exec sp_executesql ${QUOTED} -- more`,
    `declare @p1 int\nset @p1=NULL\nexec sp_prepexec @p1 output,N'@P0 nvarchar(4000)',${QUOTED},N'y'\nselect @p1`,
    `DECLARE @p1 int; EXEC sp_prepare @p1 OUTPUT, NULL, ${QUOTED}, 1; SELECT @p1`,
    `declare @p1 int set @p1=0 declare @p2 int exec sp_cursorprepexec @p1 output,@p2 output,N'@P0 int',${QUOTED},@p5 output,@p6 output,@p7 output,1 select @p1, @p2`,
    `exec sp_cursorprepare @p1 output,N'@P0 int',${QUOTED},1,8193`,
    `declare @p1 int set @p1=180150003 exec sp_cursoropen @p1 output,${QUOTED},@p3 output,@p4 output,@p5 output select @p1, @p3`,
    `declare @p3 dbo.Ids insert into @p3 values(1) insert into @p3 values(2) exec sp_executesql ${QUOTED},N'@ids dbo.Ids READONLY',@ids=@p3`,
    `set nocount on; exec sp_executesql ${QUOTED}`,
    `exec sp_executesql N'exec sp_executesql ${QUOTED.replaceAll("'", "''")}'`,
    `(@P0 nvarchar(4000), @q decimal(5,2))${QUERY}`,
  ]) {
    it(`is what is read, grouped and stored: ${call.slice(0, 60)}`, () => {
      expect(sentText(call, 'tsql')).to.equal(QUERY);
      // the reader sees the same tables in the call itself, but for one without EXEC
      if (!/^(?:\[?dbo\]?\.)?\[?sp_/.test(call))
        expect(parseLineage(call, 'tsql').sources.map(({ name }) => name)).to.deep.equal(['a']);
    });
  }

  for (const text of [
    QUERY,
    `exec sp_executesql N'SELECT * FROM a WHERE k = ' + @k`,
    `exec sp_executesql N'SELECT * FROM ' + N'a'`,
    "exec sp_executesql @sql, N'SELECT 1'",
    `declare @q nvarchar(99) = ${QUOTED}; exec sp_executesql @q`,
    `exec sp_executesql ${QUOTED} select * from b`,
    `exec sp_executesql ${QUOTED}; exec sp_executesql ${QUOTED}`,
    `select 1 exec sp_executesql ${QUOTED}`,
    `set @p = (select max(k) from b) exec sp_executesql ${QUOTED}, N'@p int', @p`,
    `exec linked.other.sys.sp_executesql ${QUOTED}`,
    `exec other.own.sp_executesql ${QUOTED}`,
    `exec dbo.sp_executesql2 ${QUOTED}`,
    `exec dbo.p ${QUOTED}`,
    `dbo.p ${QUOTED}`,
    `linked.wh.sys.sp_executesql ${QUOTED}`,
    `print 1 dbo.sp_executesql ${QUOTED}`,
    `exec sp_prepexec ${QUOTED}`,
    "exec sp_executesql N'dbo.p @x'",
    "exec sp_executesql N'SELECT 1",
    'exec sp_executesql',
    'exec',
    'declare @p int',
    '(@p int)',
    '(@p + 1)',
  ]) {
    it(`is no part of another text: ${text.slice(0, 60)}`, () => expect(sentText(text, 'tsql')).to.equal(text));
  }

  it('runs in the database that its procedure is called in', () => {
    const called = ['exec wh.dbo.', 'exec [wh].sys.', 'exec wh..', '[wh].sys.', 'wh.dbo.', 'wh..'].map(
      (place) => `${place}sp_executesql ${QUOTED}`
    );
    const inner = `wh..sp_executesql N'exec sp_executesql ${QUOTED.replaceAll("'", "''")}'`;
    for (const call of [...called, `exec ${inner}`, `exec other..sp_executesql N'exec ${inner.replaceAll("'", "''")}'`])
      expect(sentCall(call, 'tsql'), call).to.deep.equal({ text: QUERY, database: 'wh' });
    expect(sentCall(`exec dbo.sp_executesql ${QUOTED}`, 'tsql')).to.deep.equal({ text: QUERY });
  });

  it('is a rule of SQL Server’s alone', () => {
    const call = `exec sp_executesql ${QUOTED}`;
    expect(sentText(call, 'snowflake')).to.equal(call);
  });

  it('has its secrets masked, and those of parameters go', () => {
    const stored = (text: string): string => maskLiterals(sentText(text, 'tsql'), 'tsql');
    expect(stored("exec sp_executesql N'CREATE LOGIN l WITH PASSWORD = ''hush''', N'@p int', @p = N'hush'")).to.equal(
      'CREATE LOGIN l WITH PASSWORD = ?'
    );
    expect(stored("exec sp_executesql N'EXEC sp_addlogin bob, hush -- hush', N'@p int', 5")).to.equal(
      'EXEC sp_addlogin ?, ?'
    );
    expect(stored("exec sp_executesql N'SELECT 1 EXEC (''CREATE LOGIN l WITH PASSWORD = ''''hush'''''')'")).to.equal(
      'SELECT ? EXEC (?)'
    );
    expect(
      stored("declare @p1 nvarchar(9) = N'hush' exec sp_executesql N'SELECT @p', N'@p nvarchar(9)', @p1")
    ).to.equal('SELECT @p');
  });
});
