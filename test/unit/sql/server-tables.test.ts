import { expect } from 'chai';
import { isServerTable, type Dialect } from '../../../src/sql/index.js';

/** Names as they are written, in a session of the database `wh` and the schema `sales`. */
const OF_THE_SERVER: Readonly<Record<Dialect, string>> = {
  ansi: 'system.runtime.queries wh.information_schema.tables syscat.tables SYSIBM.SYSDUMMY1 dbc.tablesv',
  mysql: 'mysql.user sys.schema_table_statistics performance_schema.threads information_schema.tables',
  mariadb: 'mysql.general_log',
  snowflake: 'SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY wh.information_schema.tables',
  sqlite: 'sqlite_master main.sqlite_schema pragma_table_info',
  postgres: 'pg_class pg_catalog.pg_class information_schema.columns pg_stat_activity',
  bigquery:
    'information_schema.tables region-us.INFORMATION_SCHEMA.JOBS wh.sales.INFORMATION_SCHEMA.COLUMNS sales.__TABLES__',
  redshift: 'stl_query svv_table_info pg_catalog.stv_recents SYS_QUERY_HISTORY pg_class',
  hive: 'sys.tbls',
  sparksql: 'information_schema.tables',
  databricks: 'system.billing.usage wh.information_schema.tables',
  tsql: 'sys.tables wh.sys.schemas master..sysprocesses dbo.sysobjects sysobjects INFORMATION_SCHEMA.TABLES msdb.dbo.sysjobs master.dbo.spt_values master..spt_values',
  oracle:
    'ALL_TABLES user_tab_columns DBA_SEGMENTS V$SESSION gv$instance sys.v_$session sys.obj$ dual NLS_SESSION_PARAMETERS',
  clickhouse: 'system.tables INFORMATION_SCHEMA.TABLES',
  duckdb: 'duckdb_tables pg_catalog.pg_class sqlite_master',
};

/** Tables that users may have. */
const OF_USERS: Readonly<Record<Dialect, string>> = {
  ansi: 'sys.tables system.t a.system.t stl_query',
  mysql: 'system.t pg_class my.sys_user',
  mariadb: 'shop.mysql',
  snowflake: 'sys.tables snowflake_sample_data.tpch.orders snowflake.orders account_usage.query_history',
  sqlite: 'sys.tables mysql.user',
  postgres: 'sys.tables mysql.user performance_schema.t stl_query system.t',
  bigquery: 'sys.tables mysql.user',
  redshift: 'sys_config public.sys_query_history sys.tables',
  hive: 'system.t mysql.user',
  sparksql: 'sys.tables system.runtime.queries',
  databricks: 'system.t sys.tables',
  tsql: 'pg_class mysql.user shop.sysobjects system.t master.dbo.orders spt_values dbo.spt_values master.dbo.spt_orders sys_tables sysorders',
  oracle: 'USER_ORDERS all_sales shop.all_tables system.t pg_class',
  clickhouse: 'sys.tables mysql.user',
  duckdb: 'sys.tables',
};

describe('tables of the server itself', () => {
  const given = (names: string, dialect: Dialect): string[] =>
    names
      .split(' ')
      .filter((name) => isServerTable({ parts: name.split('.'), database: 'wh', schema: 'sales' }, dialect));

  for (const [dialect, names] of Object.entries(OF_THE_SERVER) as [Dialect, string][]) {
    it(`are those of ${dialect}, and none that users of it may have`, () => {
      expect(given(names, dialect)).to.deep.equal(names.split(' '));
      expect(given(OF_USERS[dialect], dialect)).to.deep.equal([]);
    });
  }

  it('are those of the schema or database that the session is in', () => {
    expect(isServerTable({ parts: ['general_log'], schema: 'mysql' }, 'mysql')).to.equal(true);
    expect(isServerTable({ parts: ['dbo', 'sysjobs'], database: 'msdb', schema: 'dbo' }, 'tsql')).to.equal(true);
    expect(isServerTable({ parts: ['ACCOUNT_USAGE', 'USERS'], database: 'SNOWFLAKE' }, 'snowflake')).to.equal(true);
  });
});
