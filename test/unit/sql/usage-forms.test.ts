import { expect } from 'chai';
import { parseLineage, TextReader, type Dialect } from '../../../src/sql/index.js';
import { changedTables, columns, shapeOf, used } from './lineage-shape.js';

/** Dialect, text, sources, targets, joins, and the tables that it changes. */
type Form = readonly [Dialect, string, readonly string[], readonly string[], readonly string[], readonly string[]];

const JOINED = ['a.id = b.a_id'];
const INNER = 'delete from a where id in (select id from s.b)';
const IN_TEXTS: readonly (readonly [Dialect, string])[] = [
  ['snowflake', `EXECUTE IMMEDIATE '${INNER}'`],
  ['snowflake', `EXECUTE IMMEDIATE $$ begin ${INNER}; end $$`],
  ['snowflake', `begin let q := '${INNER}'; execute immediate :q; end`],
  ['mariadb', `EXECUTE IMMEDIATE "${INNER}"`],
  ['mariadb', "EXECUTE IMMEDIATE 'delete from a where k = \\'x\\' and id in (select id from s.b)'"],
  ['bigquery', `EXECUTE IMMEDIATE """${INNER}"""`],
  ['oracle', `begin execute immediate '${INNER}'; end;`],
  ['postgres', `DO $$ begin ${INNER}; end $$`],
  ['postgres', `DO LANGUAGE plpgsql $x$ begin execute '${INNER}'; end $x$`],
  ['postgres', "DO 'begin delete from a where k = ''x'' and id in (select id from s.b); end'"],
  ['tsql', `exec('${INNER}')`],
  ['tsql', `exec sp_executesql N'${INNER}', N'@k int', @k = 1`],
  ['tsql', `declare @q nvarchar(99) = N'${INNER}'; exec sp_executesql @q, N'@k int', @k = 1`],
  ['mysql', `PREPARE p FROM '${INNER}'`],
  ['mysql', `SET @q = '${INNER}'; PREPARE p FROM @q; EXECUTE p`],
  ['postgres', `prepare p as ${INNER}`],
  ['postgres', `prepare p (int, text) as ${INNER}`],
  ['mariadb', `SET STATEMENT max_statement_time = 1 FOR ${INNER}`],
  ['mariadb', `ANALYZE FORMAT = JSON ${INNER}`],
  ['mariadb', `BEGIN NOT ATOMIC ${INNER}; END`],
];

const TIMES: readonly (readonly [Dialect, string])[] = [
  ['mariadb', 'FOR SYSTEM_TIME AS OF NOW() - INTERVAL 1 DAY'],
  ['mariadb', 'FOR SYSTEM_TIME AS OF TRANSACTION 12'],
  ['mariadb', 'FOR SYSTEM_TIME BETWEEN (NOW() - INTERVAL 1 YEAR) AND NOW() - INTERVAL 1 DAY'],
  ['mariadb', "FOR SYSTEM_TIME FROM '2020-01-01' TO '2021-01-01'"],
  ['mariadb', 'FOR SYSTEM_TIME ALL'],
  ['oracle', "AS OF TIMESTAMP systimestamp - interval '5' minute"],
  ['oracle', "VERSIONS BETWEEN TIMESTAMP systimestamp - interval '1' day(2) to second AND systimestamp"],
  ['oracle', 'VERSIONS BETWEEN SCN MINVALUE AND MAXVALUE'],
  ['bigquery', 'FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)'],
  ['tsql', "FOR SYSTEM_TIME CONTAINED IN ('2020-01-01', '2021-01-01')"],
  ['databricks', 'TIMESTAMP AS OF current_timestamp() - INTERVAL 1 HOUR'],
];

const FORMS: readonly Form[] = [
  ['bigquery', "EXECUTE IMMEDIATE '\\nSELECT 1 FROM d.a'", ['d.a'], [], [], []],
  ['mysql', "SET @s='\\r\\n  DELETE FROM s.a'; PREPARE p FROM @s", ['s.a'], [], [], ['s.a']],
  ['tsql', "EXEC sp_executesql N'RECONFIGURE; DELETE FROM s.a'", ['s.a'], [], [], ['s.a']],
  [
    'tsql',
    "DECLARE @sql nvarchar(max) = N'DELETE FROM s.a'; EXEC sp_executesql @stmt = @sql",
    ['s.a'],
    [],
    [],
    ['s.a'],
  ],
  ['tsql', "EXEC ('TRUNCATE TABLE s.a') AT linked", [], [], [], []],
  ['tsql', "exec sp_describe_undeclared_parameters N'SELECT * FROM s.a WHERE id = @p'", [], [], [], []],
  ['tsql', "EXEC sys.sp_describe_first_result_set @tsql = N'DELETE FROM s.a', @params = N''", [], [], [], []],
  ['tsql', "exec [d].[sys].[sp_describe_first_result_set] N'SELECT * FROM s.a',NULL,1", [], [], [], []],
  ['tsql', "exec sp_describe_parameter_encryption N'SELECT * FROM s.a WHERE id = @p', N'@p int'", [], [], [], []],
  ['tsql', "exec sp_describe_first_result_set N'SELECT * FROM s.a'; SELECT * FROM s.b", ['s.b'], [], [], []],
  [
    'tsql',
    'DELETE TOP (9) FROM s.a WITH (ROWLOCK, READPAST) OUTPUT deleted.* INTO s.h WHERE id IN (SELECT a_id FROM s.b)',
    ['s.a', 's.b'],
    ['s.h'],
    [],
    ['s.a'],
  ],
  [
    'tsql',
    'DELETE s.a WITH (ROWLOCK) OUTPUT deleted.id FROM s.a JOIN s.b ON s.b.a_id = s.a.id',
    ['s.a', 's.b'],
    [],
    ['s.b.a_id = s.a.id'],
    ['s.a'],
  ],
  ['databricks', 'USE CATALOG c; USE SCHEMA s; DELETE FROM a', ['c.s.a'], [], [], ['c.s.a']],
  ['databricks', 'SET CATALOG c; SELECT 1 FROM s.a', ['c.s.a'], [], [], []],
  ['sparksql', 'USE NAMESPACE s; SELECT 1 FROM a', ['s.a'], [], [], []],
  ['postgres', 'SET search_path TO x; SELECT 1 FROM a; RESET search_path; SELECT 1 FROM b', ['b', 'x.a'], [], [], []],
  ['postgres', 'SET search_path TO DEFAULT; SELECT 1 FROM a', ['a'], [], [], []],
  ['tsql', 'IF @@ROWCOUNT > 0 GOTO done; DELETE FROM a; done: SELECT 1 FROM b', ['a', 'b'], [], [], ['a']],
  ['tsql', 'DELETE FROM a\ndone:\nSELECT 1 FROM b', ['a', 'b'], [], [], ['a']],
  ['tsql', 'DELETE FROM a; done:\nUPDATE b SET x = 1', ['a'], ['b'], [], ['a']],
  [
    'tsql',
    'DECLARE c CURSOR LOCAL FOR SELECT id FROM a\nOPEN c\nFETCH NEXT FROM c INTO @i\nWHILE @@FETCH_STATUS = 0 BEGIN\nUPDATE b SET x = 1 WHERE id = @i\nFETCH NEXT FROM c INTO @i\nEND\nCLOSE c\nDEALLOCATE c',
    ['a'],
    ['b'],
    [],
    [],
  ],
  ['oracle', "BEGIN OPEN c FOR 'SELECT 1 FROM a WHERE x = :1' USING y; END;", ['a'], [], [], []],
  ['oracle', "BEGIN q := 'SELECT 1 FROM a'; q := q || ' WHERE x = 1'; OPEN c FOR q; END;", ['a'], [], [], []],
  ['tsql', "EXEC sp_MSforeachtable 'TRUNCATE TABLE ?'", [], [], [], []],
  ['tsql', "EXEC sp_MSforeachtable @command1 = N'INSERT INTO h SELECT COUNT(*) FROM ?'", [], ['h'], [], []],
  ['mariadb', "DELETE HISTORY FROM s.b BEFORE SYSTEM_TIME '2020-01-01'", [], [], [], ['s.b']],
  ['mariadb', 'DELETE FROM history', ['history'], [], [], ['history']],
  ['oracle', 'TRUNCATE CLUSTER c', [], [], [], []],
  ['tsql', 'ALTER TABLE a SWITCH PARTITION 1 TO b PARTITION 1', ['a'], ['b'], [], ['a']],
  ['snowflake', 'ALTER TABLE a SWAP WITH b', ['b'], ['a'], [], ['B']],
  ['mysql', 'ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b', ['b'], ['a'], [], ['b']],
  ['redshift', 'ALTER TABLE a APPEND FROM b', ['b'], ['a'], [], ['b']],
  ['clickhouse', 'ALTER TABLE a MOVE PARTITION 1 TO TABLE b', ['a'], ['b'], [], ['a']],
  ['clickhouse', 'ALTER TABLE a REPLACE PARTITION 1 FROM b', ['b'], ['a'], [], []],
  ['clickhouse', 'EXCHANGE TABLES a AND b', ['a'], ['b'], [], ['a']],
  ['mysql', 'CREATE TEMPORARY TABLE t LIKE a', ['a'], ['t'], [], []],
  ['postgres', 'CREATE TEMP TABLE t (LIKE a INCLUDING ALL)', ['a'], ['t'], [], []],
  ['postgres', "SELECT pg_catalog.set_config('search_path', 'm, public', false); SELECT 1 FROM a", ['m.a'], [], [], []],
  ['postgres', "SELECT set_config('search_path', '', false); SELECT 1 FROM a", ['a'], [], [], []],
  ['postgres', "SELECT set_config('search_path', 'm' || x, false) FROM b; SELECT 1 FROM a", ['a', 'b'], [], [], []],
  ['postgres', "SELECT set_config('search_path', 'm', false) FROM b; SELECT 1 FROM a", ['a', 'b'], [], [], []],
  ['postgres', "SELECT set_config('work_mem', 'm', false); SELECT 1 FROM a", ['a'], [], [], []],
  ['snowflake', "SET t = 's.a'; SELECT 1 FROM IDENTIFIER($t)", ['s.a'], [], [], []],
  [
    'snowflake',
    "EXECUTE IMMEDIATE $$ DECLARE t VARCHAR DEFAULT 's.a'; BEGIN SELECT 1 FROM IDENTIFIER(:t); END $$",
    ['s.a'],
    [],
    [],
    [],
  ],
  ['databricks', "DECLARE t = 's.a'; DELETE FROM IDENTIFIER(t)", ['s.a'], [], [], ['s.a']],
  [
    'tsql',
    "exec sp_executesql N'SET NOCOUNT ON;\nUPDATE [a] SET x = @p0 OUTPUT 1 WHERE id = @p1;',N'@p0 int'",
    [],
    ['a'],
    [],
    [],
  ],
  ['tsql', "exec sp_executesql N'-- by id\n\nSELECT 1 FROM a', N'@p int', @p = 1", ['a'], [], [], []],
  ['tsql', "exec sys.sp_executesql @params = N'@x int', @stmt = N'/* x */ SELECT 1 FROM a', @x = 5", ['a'], [], [], []],
  ['tsql', "EXEC('IF EXISTS (SELECT 1 FROM b) SELECT 1 FROM a')", ['a', 'b'], [], [], []],
  ['tsql', "exec sp_executesql N';WITH x AS (SELECT * FROM a) SELECT * FROM x'", ['a'], [], [], []],
  ['tsql', "EXEC dbo.find 'use by'; SELECT 1 FROM a", ['a'], [], [], []],
  ['snowflake', "EXECUTE IMMEDIATE 'USE SCHEMA s; SELECT 1 FROM a'", ['s.a'], [], [], []],
  ['oracle', "BEGIN EXECUTE IMMEDIATE '/* h */ DELETE FROM a'; END;", ['a'], [], [], ['A']],
  ['postgres', "DO $$ BEGIN EXECUTE '-- c\nUPDATE a SET x = 1'; END $$", [], ['a'], [], []],
  ['mysql', "SET @q = '/* x */ SELECT 1 FROM a'; PREPARE s FROM @q", ['a'], [], [], []],
  ['postgres', "EXECUTE by_name('use by', 5); SELECT 1 FROM a", ['a'], [], [], []],
  [
    'ansi',
    'SELECT f.id FROM FINAL TABLE (INSERT INTO p (id) SELECT id FROM a) f JOIN b ON b.id = f.id',
    ['a', 'b'],
    ['p'],
    ['b.id = a.id'],
    [],
  ],
  [
    'ansi',
    'SELECT id FROM OLD TABLE (DELETE FROM s.a WHERE x IN (SELECT x FROM b)) WHERE id > 1',
    ['b', 's.a'],
    [],
    [],
    ['s.a'],
  ],
  ['ansi', 'SELECT * FROM NEW TABLE (UPDATE a SET x = 1 WHERE id = 2)', ['a'], ['a'], [], []],
  ['ansi', 'SELECT final.id FROM final, new n', ['final', 'new'], [], [], []],
  ['mariadb', 'ALTER ONLINE TABLE a ADD COLUMN x INT', [], [], [], ['a']],
  ['mysql', 'ALTER IGNORE TABLE a ADD UNIQUE (x)', [], [], [], ['a']],
  ['mysql', 'DROP TEMPORARY TABLE IF EXISTS c', [], [], [], []],
  ['bigquery', 'DROP SNAPSHOT TABLE d.w', [], [], [], ['d.w']],
  [
    'oracle',
    'SELECT 1 FROM hr.b@prod.world x JOIN a ON a.id = x.id',
    ['a', 'hr.b@prod.world'],
    [],
    ['a.id = hr.b@prod.world.id'],
    [],
  ],
  ['oracle', 'DELETE FROM a WHERE x = 1 LOG ERRORS INTO e REJECT LIMIT UNLIMITED', ['a'], [], [], ['A']],
  ['tsql', 'SET NOCOUNT ON; DECLARE @d date = (SELECT MAX(x) FROM a), @k int; SELECT 1 FROM b', ['a', 'b'], [], [], []],
  ['tsql', 'SET NOCOUNT ON DECLARE @k int = 3 SELECT 1 FROM b', ['b'], [], [], []],
  ['bigquery', "ASSERT (SELECT COUNT(*) FROM a) > 0 AS 'x'", ['a'], [], [], []],
  [
    'postgres',
    'SET search_path TO m; SELECT 1 FROM a, b WHERE a.id = b.a_id',
    ['m.a', 'm.b'],
    [],
    ['m.a.id = m.b.a_id'],
    [],
  ],
  ['redshift', 'SET LOCAL search_path = "$user", "M", public; SELECT 1 FROM a', ['M.a'], [], [], []],
  ['postgres', "SET SCHEMA 'm'; INSERT INTO a SELECT 1 FROM s.b", ['s.b'], ['m.a'], [], []],
  ['postgres', 'SET search_path = "$user"; SELECT 1 FROM a', ['a'], [], [], []],
  ['oracle', 'ALTER SESSION SET CURRENT_SCHEMA = m; SELECT 1 FROM a', ['m.a'], [], [], []],
  ['oracle', "ALTER SESSION SET NLS_DATE_FORMAT = 'x'; SELECT 1 FROM a", ['a'], [], [], []],
  ['mysql', 'SET @schema = 3; SELECT 1 FROM a', ['a'], [], [], []],
  ['postgres', 'DECLARE "SQL_CUR1" CURSOR WITH HOLD FOR SELECT 1 FROM a', ['a'], [], [], []],
  ['mysql', 'select 1 from a, b where a.id = b.a_id && a.k = 3', ['a', 'b'], [], JOINED, []],
  ['mariadb', 'select 1 from a join b on (a.k = 3 || a.id = b.a_id)', ['a', 'b'], [], JOINED, []],
  ['mysql', 'update a, b set a.x = 1 where a.k = 3 && a.id = b.a_id', ['b'], ['a'], JOINED, []],
  ['mysql', 'delete a from a join b on a.id = b.a_id && b.k = 1', ['a', 'b'], [], JOINED, ['a']],
  ['mysql', 'select "a".k from "a", b where "a".id = b.a_id || b.k', ['a', 'b'], [], [], []],
  ['postgres', 'select 1 from a, b where a.id = b.a_id || b.k', ['a', 'b'], [], [], []],
  ['mariadb', 'BEGIN NOT ATOMIC TRUNCATE TABLE a; INSERT INTO h (x) VALUES (1); END', [], ['h'], [], ['a']],
  ['mariadb', "EXECUTE IMMEDIATE 'REPLACE INTO t (x) SELECT y FROM b'", ['b'], ['t'], [], []],
  ['mysql', 'DO (SELECT COUNT(*) FROM a)', ['a'], [], [], []],
  ['mysql', 'CALL p((SELECT MAX(a.id) FROM a JOIN b ON a.id = b.a_id), 1)', ['a', 'b'], [], JOINED, []],
  ['mysql', "DO RELEASE_LOCK('a')", [], [], [], []],
  ['mariadb', "UPDATE a FOR PORTION OF p FROM '2020-01-01' TO '2021-01-01' SET v = 1", [], ['a'], [], []],
  ['postgres', 'select 1 from a * join b x on a.id = x.a_id', ['a', 'b'], [], JOINED, []],
  ['postgres', 'delete from a * x using b * where x.id = b.a_id', ['a', 'b'], [], JOINED, ['a']],
  ['snowflake', 'DELETE FROM a USING (SELECT a_id FROM b) q WHERE a.id = q.a_id', ['a', 'b'], [], JOINED, ['A']],
  [
    'postgres',
    'DELETE FROM a USING (b JOIN c USING (k)) WHERE a.id = b.a_id',
    ['a', 'b', 'c'],
    [],
    ['b.k = c.k', ...JOINED],
    ['a'],
  ],
  ['mysql', 'DELETE a FROM a JOIN b USING (id)', ['a', 'b'], [], ['a.id = b.id'], ['a']],
  ['mysql', 'select 1 from a, b where a.id = b.a_id IS TRUE and a.k = 1', ['a', 'b'], [], JOINED, []],
  [
    'postgres',
    'select 1 from a join b on (a.id, a.k) = (b.a_id, b.k) IS TRUE',
    ['a', 'b'],
    [],
    [...JOINED, 'a.k = b.k'],
    [],
  ],
  ['postgres', 'select 1 from a join b on a.id = b.a_id IS FALSE', ['a', 'b'], [], [], []],
  ['postgres', 'SELECT a.id FROM a WINDOW w AS (ORDER BY (SELECT max(x) FROM b))', ['a', 'b'], [], [], []],
  ['postgres', 'SELECT 1 FROM a JOIN b ON a.id operator(pg_catalog.=) b.a_id AND a.k = 1', ['a', 'b'], [], JOINED, []],
  ['postgres', 'SELECT 1 FROM a JOIN b ON a.id OPERATOR(pg_catalog.<>) b.a_id', ['a', 'b'], [], [], []],
  ['postgres', 'ALTER TABLE a ATTACH PARTITION s.b FOR VALUES IN (1)', [], [], [], ['a', 's.b']],
  ['sqlite', 'SELECT 1 FROM a JOIN b ON a.id IS b.a_id WHERE a.k IS NULL', ['a', 'b'], [], JOINED, []],
  ['sqlite', 'SELECT 1 FROM a JOIN b ON a.id IS NOT b.a_id', ['a', 'b'], [], [], []],
  ['databricks', 'RESTORE TABLE s.a TO VERSION AS OF 3', [], [], [], ['s.a']],
  ['databricks', 'RESTORE s.a TO VERSION AS OF 3', [], [], [], ['s.a']],
  ['sparksql', "SELECT 1 FROM b; RESTORE a TO TIMESTAMP AS OF '2020-01-01'", ['b'], [], [], ['a']],
  ['databricks', 'RESTORE delta.`/mnt/x` TO VERSION AS OF 3', [], [], [], []],
  ['databricks', "UNDROP TABLE WITH ID '1'", [], [], [], []],
  ['tsql', "RESTORE DATABASE a FROM DISK = 'x'", [], [], [], []],
  ['snowflake', 'UNDROP TABLE b', [], [], [], []],
  ['snowflake', 'UNDROP DYNAMIC TABLE s.b', [], [], [], []],
  ['databricks', 'UNDROP TABLE s.b', [], [], [], []],
  ['sparksql', 'CACHE TABLE q AS SELECT * FROM a JOIN b ON a.id = b.a_id', ['a', 'b'], ['q'], JOINED, []],
  ['sparksql', "CACHE LAZY TABLE q OPTIONS ('storageLevel' = 'DISK_ONLY') SELECT x FROM a", ['a'], ['q'], [], []],
  ['databricks', 'CACHE TABLE s.a', ['s.a'], [], [], []],
  ['databricks', "CACHE LAZY TABLE a OPTIONS ('storageLevel' 'DISK_ONLY')", ['a'], [], [], []],
  ['databricks', 'CACHE SELECT id FROM a WHERE x IN (SELECT y FROM b)', ['a', 'b'], [], [], []],
  ['sparksql', 'CACHE TABLE q WITH w AS (SELECT * FROM a) SELECT * FROM w; SELECT 1 FROM q, b', ['a', 'b'], [], [], []],
  ['mysql', 'CACHE INDEX a IN hot', [], [], [], []],
  ['postgres', 'SELECT 1 FROM a, b WHERE (a).id = (b).a_id', ['a', 'b'], [], JOINED, []],
  ['postgres', 'SELECT 1 FROM a, b WHERE ((a).id) = ((b).a_id) AND a.k = 1', ['a', 'b'], [], JOINED, []],
  [
    'postgres',
    'SELECT 1 FROM a JOIN b ON ((a).id, a.k) = ((b).a_id, b.k)',
    ['a', 'b'],
    [],
    [...JOINED, 'a.k = b.k'],
    [],
  ],
  ['postgres', 'SELECT 1 FROM (SELECT (a).id AS i FROM a) s JOIN b ON s.i = b.a_id', ['a', 'b'], [], JOINED, []],
  ['duckdb', 'SELECT 1 FROM a, b WHERE (a).id = b.a_id', ['a', 'b'], [], JOINED, []],
  ['sparksql', 'SELECT 1 FROM a, b WHERE (a).id = (b).a_id', ['a', 'b'], [], JOINED, []],
  ['postgres', 'SELECT 1 FROM a, b WHERE (a.c).id = b.a_id OR NOT ((a).id = b.a_id)', ['a', 'b'], [], [], []],
  ['postgres', 'SELECT 1 FROM a JOIN b ON a.x OPERATOR(pg_catalog.+) a.y = b.z', ['a', 'b'], [], [], []],
  [
    'postgres',
    'DO $$ BEGIN FOR r IN SELECT 1 FROM a JOIN b ON a.id = b.a_id LOOP UPDATE c SET x = 1; END LOOP; END $$',
    ['a', 'b'],
    ['c'],
    JOINED,
    [],
  ],
  [
    'databricks',
    'BEGIN FOR r AS SELECT 1 FROM a JOIN b ON a.id = b.a_id DO INSERT INTO c SELECT 1 FROM d; END FOR; END',
    ['a', 'b', 'd'],
    ['c'],
    JOINED,
    [],
  ],
  [
    'postgres',
    'DECLARE c BINARY NO SCROLL CURSOR WITH HOLD FOR SELECT 1 FROM a JOIN b ON a.id = b.a_id',
    ['a', 'b'],
    [],
    JOINED,
    [],
  ],
  ['postgres', 'REINDEX TABLE a', [], [], [], []],
  [
    'postgres',
    'DO $$ BEGIN PERFORM f(c.x) FROM c; IF true THEN PERFORM 1 FROM a JOIN b ON a.loop = b.loop AND a.id = b.a_id; END IF; PERFORM g(1); END $$',
    ['a', 'b', 'c'],
    [],
    ['a.loop = b.loop', ...JOINED],
    [],
  ],
  ['tsql', 'DECLARE @n int = (SELECT COUNT(*) FROM a JOIN b ON a.id = b.a_id); SELECT @n', ['a', 'b'], [], JOINED, []],
  ['tsql', 'UPDATE STATISTICS dbo.a WITH FULLSCAN', [], [], [], []],
  ['tsql', 'UPDATE statistics SET x = 1', [], ['statistics'], [], []],
  [
    'tsql',
    '(@P1 int, @P2 varchar(8000))SELECT a.id FROM a JOIN b ON a.id = b.a_id WHERE a.k = @P1',
    ['a', 'b'],
    [],
    JOINED,
    [],
  ],
  ['tsql', "BULK INSERT a FROM 'x.csv' WITH (FIRSTROW = 2)", ['path:x.csv'], ['a'], [], []],
  ['tsql', "BACKUP DATABASE a TO DISK = 'x'", [], [], [], []],
  ['tsql', 'RENAME OBJECT::dbo.a TO b', [], [], [], []],
  ['snowflake', 'ALTER TABLE IF EXISTS s.a RENAME TO s.b', [], [], [], []],
  ['snowflake', 'ALTER VIEW a RENAME TO b', [], [], [], []],
  ['bigquery', 'ALTER TABLE d.a RENAME TO b', [], [], [], []],
  ['oracle', 'ALTER TABLE s.a RENAME TO b', [], [], [], []],
  ['mysql', 'ALTER TABLE a RENAME TO b, ALGORITHM=INPLACE, LOCK=NONE', [], [], [], []],
  ['mysql', 'ALTER TABLE a RENAME b, RENAME AS c', [], [], [], []],
  ['mysql', 'ALTER TABLE a ADD x INT, RENAME TO b', [], [], [], ['a']],
  ['mysql', 'ALTER TABLE a RENAME TO b, DROP COLUMN x', [], [], [], ['a']],
  ['mysql', 'ALTER TABLE a RENAME COLUMN x TO y', [], [], [], ['a']],
  ['postgres', 'ALTER TABLE a ADD x INT; ALTER TABLE a RENAME TO b', [], [], [], ['a']],
  [
    'tsql',
    "WITH XMLNAMESPACES ('x' AS n), q AS (SELECT * FROM a) SELECT 1 FROM q JOIN b ON q.id = b.a_id",
    ['a', 'b'],
    [],
    JOINED,
    [],
  ],
  ['tsql', "WITH XMLNAMESPACES ('x' AS n) SELECT 1 FROM a", ['a'], [], [], []],
  ['tsql', 'SELECT 1 FROM CHANGETABLE(CHANGES a, 0) AS ct JOIN b ON ct.id = b.a_id', ['a', 'b'], [], JOINED, []],
  ['tsql', "SELECT 1 FROM CONTAINSTABLE(dbo.a, n, 'x') k", ['dbo.a'], [], [], []],
  [
    'databricks',
    'MERGE WITH SCHEMA EVOLUTION INTO a USING b ON a.id = b.a_id WHEN MATCHED THEN UPDATE SET *',
    ['b'],
    ['a'],
    JOINED,
    [],
  ],
  ['databricks', 'INSERT WITH SCHEMA EVOLUTION INTO t SELECT * FROM a', ['a'], ['t'], [], []],
  ['sparksql', 'REPLACE TABLE t USING delta AS SELECT * FROM a', ['a'], ['t'], [], []],
  ['databricks', 'INSERT INTO t REPLACE WHERE id IN (SELECT id FROM b) SELECT * FROM a', ['a', 'b'], ['t'], [], []],
  ['databricks', "SELECT 1 FROM table_changes('a', 1, 2) c JOIN b ON c.id = b.a_id", ['a', 'b'], [], JOINED, []],
  ['databricks', 'SELECT 1 FROM a@v1 x JOIN b ON x.id = b.a_id', ['a', 'b'], [], JOINED, []],
  ['oracle', 'FLASHBACK TABLE a, s.b TO BEFORE DROP RENAME TO c', [], [], [], []],
  ['oracle', 'FLASHBACK TABLE a, s.b TO SCN 12', [], [], [], ['A', 'S.B']],
  ['oracle', 'FLASHBACK DATABASE TO SCN 1', [], [], [], []],
  [
    'oracle',
    'MERGE INTO a USING b ON (a.id = b.a_id) WHEN MATCHED THEN UPDATE SET v = b.v WHERE b.k IN (SELECT k FROM c) DELETE WHERE (b.d IN (SELECT d FROM e)) WHEN NOT MATCHED THEN INSERT (id) VALUES (b.id) WHERE b.x IN (SELECT x FROM f) LOG ERRORS INTO err REJECT LIMIT 10',
    ['b', 'c', 'e', 'f'],
    ['a'],
    JOINED,
    [],
  ],
  [
    'oracle',
    'SELECT 1 FROM a PARTITION FOR (1) x JOIN b SUBPARTITION FOR (1) y ON x.id = y.a_id',
    ['a', 'b'],
    [],
    JOINED,
    [],
  ],
  ['oracle', 'SELECT 1 FROM a x LEFT OUTER JOIN b y PARTITION BY (y.k) ON (x.id = y.a_id)', ['a', 'b'], [], JOINED, []],
  [
    'oracle',
    'BEGIN FORALL i IN 1 .. x.COUNT SAVE EXCEPTIONS INSERT INTO t SELECT * FROM a WHERE id = x(i); FORALL j IN INDICES OF q DELETE FROM u WHERE id = q(j); END;',
    ['a', 'u'],
    ['t'],
    [],
    ['U'],
  ],
  ['oracle', 'SELECT 1 FROM a, TABLE(a.nested) n WHERE n.id = a.id', ['a'], [], [], []],
  ['oracle', "SELECT nq'!a'b!' FROM a JOIN b ON a.id = b.a_id", ['a', 'b'], [], JOINED, []],
  ['oracle', 'SELECT * FROM a PIVOT XML (SUM(v) FOR m IN (SELECT m FROM b)) p', ['a', 'b'], [], [], []],
];

function formOf(sql: string, dialect: Dialect) {
  const lineage = used(sql, dialect);
  const { sources, targets } = shapeOf(lineage);
  const joins = lineage.joins.map(
    ({ left, right }) => `${left.table ?? ''}.${left.column} = ${right.table ?? ''}.${right.column}`
  );
  const changed = lineage.changed.map(({ parts }) => parts.join('.'));
  return { sources, targets, joins, changed, doubts: lineage.doubts };
}

describe('Forms of SQL that usage counts', () => {
  for (const [dialect, sql, sources, targets, joins, changed] of FORMS)
    it(`are read (${dialect}): ${sql.slice(0, 90)}`, () => {
      expect(formOf(sql, dialect)).to.deep.equal({ sources, targets, joins, changed, doubts: [] });
    });

  for (const [dialect, sql] of IN_TEXTS)
    it(`have what a DELETE in a text, block or frame reads and changes (${dialect}): ${sql.slice(0, 60)}`, () => {
      const changed = [dialect === 'snowflake' || dialect === 'oracle' ? 'A' : 'a'];
      expect(formOf(sql, dialect)).to.deep.equal({
        sources: ['a', 's.b'],
        targets: [],
        joins: [],
        changed,
        doubts: [],
      });
    });

  for (const [dialect, time] of TIMES)
    it(`have the alias behind a time (${dialect}): ${time}`, () => {
      const sql = `SELECT 1 FROM a ${time} x JOIN b ON x.id = b.a_id`;
      expect(formOf(sql, dialect)).to.deep.equal({
        ...{ sources: ['a', 'b'], targets: [], joins: JOINED, changed: [], doubts: [] },
      });
    });

  it('have the columns of what PostgreSQL writes with brackets and named operators', () => {
    expect(columns('CREATE TABLE t AS SELECT (a).id, (a.c).f, (k).g AS h FROM a', 'postgres')).to.deep.equal([
      'a.c > t.f',
      'a.id > t.id',
      'a.k > t.h',
    ]);
    const sql =
      'CREATE TABLE t AS SELECT a.x OPERATOR(pg_catalog.+) a.y AS z, (b).*, a.x OPERATOR(pg_catalog.||) k FROM a, b';
    expect(columns(sql, 'postgres', { schema: { a: ['x', 'y', 'k'], b: ['i'] } })).to.deep.equal([
      'a.k > t.a.x OPERATOR(pg_catalog.||) k',
      'a.x > t.a.x OPERATOR(pg_catalog.||) k',
      'a.x > t.z',
      'a.y > t.z',
      'b.i > t.i',
    ]);
    expect(columns('CREATE TABLE t AS SELECT (a).x FROM a', 'postgres', { schema: { a: ['a', 'x'] } })).to.deep.equal([
      'a.a > t.x',
    ]);
  });

  it('are no lineage where a cache alone keeps what they read', () => {
    const read = (sql: string) => shapeOf(parseLineage(sql, 'databricks'));
    expect(read('CACHE TABLE q AS SELECT * FROM a')).to.deep.equal({ sources: [], targets: [], columns: [] });
    expect(read('CACHE TABLE a; SELECT 1 FROM b')).to.deep.equal({ sources: ['b'], targets: [], columns: [] });
    expect(read('CACHE TABLE q AS SELECT id FROM a; INSERT INTO t SELECT id FROM q')).to.deep.equal({
      ...{ sources: ['a'], targets: ['t'], columns: ['a.id > t.id'] },
    });
  });

  it('are read to their end, however many CTEs they have', () => {
    const ctes = Array.from({ length: 30_000 }, (_, index) => `c${index} AS (SELECT 1)`);
    expect(shapeOf(parseLineage(`WITH ${ctes.join(', ')} SELECT * FROM a`, 'postgres')).sources).to.deep.equal(['a']);
  });

  it('take no string for a statement that nothing runs', () => {
    const sql = "INSERT INTO log (text) VALUES ('delete from a'); UPDATE log SET text = 'delete from b'; EXECUTE p";
    expect(changedTables(sql, 'mysql')).to.deep.equal([]);
  });

  it('say which steps on the way the SQL itself makes', () => {
    const steps = (sql: string): unknown =>
      parseLineage(sql, 'postgres').intermediate.map(({ name, made }) => [name, made]);
    const returned = 'WITH u AS (INSERT INTO x (v) SELECT v FROM b RETURNING id) INSERT INTO h SELECT id FROM u';
    expect(steps(returned)).to.deep.equal([['x', undefined]]);
    expect(steps('CREATE TABLE x AS SELECT * FROM b; INSERT INTO h SELECT * FROM x')).to.deep.equal([['x', true]]);
    const renamed =
      'CREATE TABLE y (i INT); INSERT INTO y SELECT i FROM b; ALTER TABLE y RENAME TO x; INSERT INTO h SELECT i FROM x';
    expect(steps(renamed)).to.deep.equal([['x', true]]);
  });

  it('are read again where only the text that runs differs', () => {
    const reader = new TextReader();
    reader.read("EXECUTE IMMEDIATE 'grant select on a to u'", 'mariadb', { countsAside: true });
    reader.read("EXECUTE IMMEDIATE 'p_load(1)'", 'mariadb', { countsAside: true });
    const read = (table: string): readonly string[] => {
      const sql = `EXECUTE IMMEDIATE 'delete from ${table} where id = 1'`;
      return reader.read(sql, 'mariadb', { countsAside: true }).sources.map(({ name }) => name);
    };
    expect([read('a'), read('b')]).to.deep.equal([['a'], ['b']]);
  });
});
