import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';

describe('Strings that procedures are handed', () => {
  const others: readonly (readonly [Dialect, string])[] = [
    ['tsql', "EXEC sp_send_dbmail @body = 'Delete from x done'"],
    ['tsql', "DECLARE @b nvarchar(99) = N'Delete from x done'; EXEC msdb.dbo.sp_send_dbmail @body = @b"],
    ['tsql', "EXEC dbo.log N'Insert into x failed', 3"],
    ['tsql', "EXEC master..xp_cmdshell 'delete from x'"],
    ['tsql', "EXEC @procedure N'x was deleted'"],
    ['tsql', "EXECUTE AS USER = 'delete from x'"],
    ['tsql', "EXEC lnk.db..sp_executesql N'delete from x'"],
    ['tsql', "EXEC sp_MSforeachdb 'USE [?]; INSERT INTO t SELECT * FROM x'"],
    ['oracle', "EXEC log_pkg.write('delete from x')"],
    ['oracle', "BEGIN dbms_output.put_line('delete from x'); log_pkg.write('delete from x'); END;"],
    ['oracle', "BEGIN dbms_job.submit(j, 'delete from x;', SYSDATE); END;"],
    ['postgres', "EXECUTE p('delete from x')"],
    ['postgres', "SELECT dblink_exec('c', 'delete from x')"],
    ['mariadb', "EXECUTE s USING 'delete from x'"],
    ['snowflake', "CALL p('delete from x')"],
    ['ansi', "EXEC p('delete from x')"],
  ];
  for (const [dialect, sql] of others)
    it(`are no SQL of the text where they are not known to run in it (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal('>');
    });

  const run: readonly (readonly [Dialect, string, string])[] = [
    ['tsql', "EXEC msdb.dbo.sp_send_dbmail @subject = 'Delete from x', @query = N'SELECT * FROM dw.a'", 'dw.a >'],
    ['tsql', "DECLARE @q nvarchar(99) = N'SELECT * FROM a'; EXEC sp_send_dbmail @body = 'm', @query = @q", 'a >'],
    ['tsql', "EXEC sp_send_dbmail @query = N'SELECT * FROM dbo.a', @execute_query_database = 'dw'", 'dw.dbo.a >'],
    ['tsql', 'EXEC sp_send_dbmail @query = @q', `> ${UNKNOWN_PARTS}`],
    ['tsql', "EXEC sp_executesql @params = N'@p int', @stmt = N'DELETE FROM a WHERE i = @p', @p = 3", 'a > changed a'],
    ['tsql', "EXEC sp_prepexec @h OUTPUT, NULL, N'SELECT * FROM a'", 'a >'],
    ['tsql', "EXEC dbo.log 'delete from x' EXECUTE sp_executesql N'DELETE FROM a'", 'a > changed a'],
    [
      'tsql',
      "INSERT INTO b EXEC sp_execute_external_script @script = N'x', @input_data_1 = N'SELECT * FROM a'",
      'a > b',
    ],
    ['tsql', "EXEC sp_MSforeachtable @command1 = 'INSERT INTO b SELECT COUNT(*) FROM ?'", '> b'],
    ['oracle', "BEGIN dbms_sql.parse(c, 'DELETE FROM a', dbms_sql.native); END;", 'a > changed a'],
    [
      'oracle',
      "DECLARE s CLOB := 'DELETE FROM a'; BEGIN dbms_sql.parse(c => c, statement => s); END;",
      'a > changed a',
    ],
    ['oracle', "CALL dbms_utility.exec_ddl_statement('TRUNCATE TABLE a')", '> changed a'],
    ['ansi', "CALL DBC.SysExecSQL('DELETE FROM a')", 'a > changed a'],
    ['ansi', "EXECUTE STATEMENT 'DELETE FROM a'", 'a > changed a'],
    ['mysql', "CALL sys.execute_prepared_stmt('SELECT * FROM a')", 'a >'],
  ];
  for (const [dialect, sql, expected] of run)
    it(`count where the parameter is one that runs SQL (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  it('are no SQL where they are put into it by USING', () => {
    for (const [dialect, sql] of [
      ['postgres', "DO $$ BEGIN EXECUTE q USING 'delete from x'; END $$"],
      ['oracle', "BEGIN EXECUTE IMMEDIATE q USING 'delete from x'; END;"],
    ] as const)
      expect(told(sql, dialect)).to.equal(`> ${UNKNOWN_PARTS}`);
  });
});
