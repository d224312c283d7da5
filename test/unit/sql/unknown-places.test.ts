import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { shape, told } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';

describe('Files, stages and schemas of SQL that is put together', () => {
  const files: readonly (readonly [Dialect, string, string])[] = [
    ['tsql', "EXEC(N'BULK INSERT dw.t FROM ''' + @f + N''' WITH (FIRSTROW = 2)')", '> dw.t'],
    ['tsql', "EXEC(N'BULK INSERT dw.t FROM ''C:\\in\\' + @f + N'.csv''')", '> dw.t'],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'COPY INTO dw.t FROM @st/' || :f; END", 'path:@st > dw.t'],
    [
      'snowflake',
      "BEGIN EXECUTE IMMEDIATE 'COPY INTO dw.t FROM @d.s.st/in/' || :f || '.csv'; END",
      'path:@d.s.st > dw.t',
    ],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'COPY INTO dw.t FROM ''@st/' || :f || ''''; END", 'path:@st > dw.t'],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'COPY INTO @st/' || :f || ' FROM dw.t'; END", 'dw.t > path:@st'],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'INSERT INTO dw.t SELECT $1 FROM @st/' || :f; END", 'path:@st > dw.t'],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'COPY INTO dw.t FROM ''s3://b/' || :f || ''''; END", '> dw.t'],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'COPY INTO dw.t FROM @st' || :f; END", `> dw.t ${UNKNOWN_PARTS}`],
    ['postgres', "DO $$ BEGIN EXECUTE 'COPY dw.t FROM ''' || f || ''' CSV'; END $$", '> dw.t'],
    ['mysql', "SET @s = CONCAT('LOAD DATA INFILE ''', @f, ''' INTO TABLE dw.t'); PREPARE p FROM @s", '> dw.t'],
    ['mysql', "SET @s = CONCAT('SELECT * FROM dw.t INTO OUTFILE ''', @f, ''''); PREPARE p FROM @s", 'dw.t >'],
    [
      'bigquery',
      `EXECUTE IMMEDIATE FORMAT("EXPORT DATA OPTIONS (uri='gs://b/%s') AS SELECT * FROM dw.t", f)`,
      'dw.t >',
    ],
  ];
  for (const [dialect, sql, expected] of files)
    it(`are named as far as they are known (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
      expect(JSON.stringify(parseLineage(sql, dialect))).not.to.include('%(');
    });

  const strings: readonly (readonly [Dialect, string])[] = [
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'SELECT * FROM TABLE(''s.' || :t || ''')'; END"],
    ['databricks', "EXECUTE IMMEDIATE 'SELECT * FROM table_changes(''s.' || t || ''', 2)'"],
    ['clickhouse', "EXECUTE IMMEDIATE 'SELECT * FROM cluster(''c'', ''db.' || t || ''')'"],
    ['tsql', "EXEC(N'SELECT * FROM CHANGETABLE(CHANGES ' + @t + N', 0) c')"],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'SELECT * FROM t@' || lnk; END;"],
    ['postgres', "DO $$ BEGIN EXECUTE format('SELECT * FROM crosstab(''SELECT * FROM %s'') AS x(a int)', t); END $$"],
  ];
  for (const [dialect, sql] of strings)
    it(`name no table where a part of its name in a string is not known (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(`> ${UNKNOWN_PARTS}`);
      expect(JSON.stringify(parseLineage(sql, dialect))).not.to.include('%(');
    });

  const places: readonly (readonly [Dialect, string])[] = [
    ['postgres', "DO $$ BEGIN EXECUTE 'SET search_path = ' || s; EXECUTE 'SELECT * FROM t'; END $$"],
    ['postgres', "DO $$ BEGIN EXECUTE format('SET search_path = %L', s); END $$; SELECT * FROM t"],
    ['tsql', "EXEC(N'USE [' + @d + N']; SELECT * FROM dbo.t')"],
    ['snowflake', "BEGIN EXECUTE IMMEDIATE 'USE SCHEMA ' || :s; SELECT * FROM t; END"],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'ALTER SESSION SET CURRENT_SCHEMA = ' || s; DELETE FROM t; END;"],
  ];
  for (const [dialect, sql] of places)
    it(`make no table of another schema where what they choose is not known (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(`> ${UNKNOWN_PARTS}`);
    });

  it('leave temporary tables and whole names as they are', () => {
    const sql =
      "BEGIN EXECUTE IMMEDIATE 'USE SCHEMA ' || :s; CREATE TEMP TABLE x AS SELECT * FROM d.s.a; INSERT INTO d.s.h SELECT * FROM x; END";
    expect(shape(sql, 'snowflake')).to.deep.include({ sources: ['d.s.a'], targets: ['d.s.h'] });
  });

  it('know where a string of a quote alone begins', () => {
    const sql = "EXEC('SELECT 1 FROM a WHERE x = ''' + @f + '''' + ' AND EXISTS (SELECT 1 FROM b)')";
    expect(told(sql, 'tsql')).to.equal('a b >');
  });

  const partitions: readonly (readonly [Dialect, string, string])[] = [
    [
      'postgres',
      "DO $$ BEGIN EXECUTE 'ALTER TABLE ev DETACH PARTITION ' || p; END $$",
      `> changed ev ${UNKNOWN_PARTS}`,
    ],
    [
      'postgres',
      "DO $$ BEGIN EXECUTE format('ALTER TABLE ev ATTACH PARTITION %I FOR VALUES IN (1)', p); END $$",
      `> changed ev ${UNKNOWN_PARTS}`,
    ],
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'ALTER TABLE ev DROP PARTITION ' || p; END;", '> changed ev'],
  ];
  for (const [dialect, sql, expected] of partitions)
    it(`tell of partitions that are tables (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  const chosen: readonly (readonly [Dialect, string, string])[] = [
    ['snowflake', 'USE SCHEMA IDENTIFIER($s); SELECT * FROM a; SELECT * FROM q.b', `q.b > ${UNKNOWN_PARTS}`],
    ['snowflake', 'USE SCHEMA IDENTIFIER($s)', '>'],
    ['snowflake', 'USE SCHEMA IDENTIFIER($s); SELECT * FROM q.b', 'q.b >'],
    ['snowflake', 'USE SCHEMA IDENTIFIER($s); USE SCHEMA q; SELECT * FROM b', 'q.b >'],
    ['snowflake', 'USE DATABASE IDENTIFIER($d); SELECT * FROM d.q.b', 'd.q.b >'],
    ['snowflake', 'USE DATABASE IDENTIFIER($d); SELECT * FROM q.b', `q.b > ${UNKNOWN_PARTS}`],
    ['snowflake', 'USE DATABASE IDENTIFIER($d); USE SCHEMA q; SELECT * FROM b', `q.b > ${UNKNOWN_PARTS}`],
    ['snowflake', 'USE DATABASE IDENTIFIER($d); USE DATABASE d; SELECT * FROM q.b', 'd.q.b >'],
    ['databricks', 'USE CATALOG IDENTIFIER(:c); SELECT * FROM q.b', `q.b > ${UNKNOWN_PARTS}`],
    ['databricks', 'USE CATALOG IDENTIFIER(:c); USE SCHEMA q', '>'],
    ['snowflake', "USE DATABASE IDENTIFIER('d'); SELECT * FROM q.b", 'd.q.b >'],
    ['snowflake', 'BEGIN USE SCHEMA IDENTIFIER(:s); DELETE FROM a; END', `> ${UNKNOWN_PARTS}`],
    ['databricks', 'USE IDENTIFIER(:s); SELECT * FROM a', `> ${UNKNOWN_PARTS}`],
    [
      'tsql',
      'USE master;\nGO\nUSE $(db)\nGO\nDELETE dbo.b; DELETE d.dbo.c',
      `d.dbo.c > changed d.dbo.c ${UNKNOWN_PARTS}`,
    ],
    ['tsql', 'USE [$(db)]\nGO\nDELETE dbo.b', `> ${UNKNOWN_PARTS}`],
  ];
  for (const [dialect, sql, expected] of chosen)
    it(`of a USE that is not known hold no table (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
