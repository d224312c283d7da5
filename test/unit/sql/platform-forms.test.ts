import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { changedTables, columnText, shapeOf, told, used } from './lineage-shape.js';

describe('forms of one platform', () => {
  const forms: readonly (readonly [Dialect, string, string])[] = [
    ['databricks', 'CREATE FLOW f AS INSERT INTO t BY NAME SELECT * FROM STREAM(a)', 'a > t'],
    ['databricks', 'CREATE FLOW f AS AUTO CDC INTO t FROM stream(a) KEYS (id) SEQUENCE BY ts', 'a > t'],
    ['databricks', 'APPLY CHANGES INTO t FROM STREAM(a) KEYS (id) SEQUENCE BY ts COLUMNS * EXCEPT (op)', 'a > t'],
    ['databricks', 'AUTO CDC INTO t FROM STREAM a KEYS (id) SEQUENCE BY ts STORED AS SCD TYPE 2', 'a > t'],
    ['databricks', 'CREATE STREAMING TABLE t FLOW AUTO CDC FROM STREAM(a) KEYS (id) SEQUENCE BY ts', 'a > t'],
    ['databricks', 'INSERT INTO t AS x REPLACE ON x.id = s.id (SELECT * FROM a) AS s', 'a > t'],
    ['bigquery', 'SELECT WITH(q AS (SELECT max(x) FROM d.b), q + 1) FROM d.a', 'd.a d.b >'],
    ['bigquery', 'CREATE MATERIALIZED VIEW d.v AS REPLICA OF d.b', 'd.b > d.v'],
    ['bigquery', 'SELECT * FROM [p:d.a] x JOIN [d.b@-3600] y ON x.id = y.a_id', 'p.d.a d.b > p.d.a.id=d.b.a_id'],
    [
      'bigquery',
      'CREATE MODEL d.m OPTIONS (x = 1) AS (training_data AS (SELECT * FROM d.a), custom_holiday AS (SELECT * FROM d.h))',
      'd.a d.h >',
    ],
    [
      'clickhouse',
      "SELECT * FROM cluster('c', d.a) x JOIN clusterAllReplicas('c', d, b) y ON x.id = y.id",
      'd.a d.b > d.a.id=d.b.id',
    ],
    ['clickhouse', "SELECT * FROM clusterAllReplicas('c', 'd.b')", 'd.b >'],
    ['clickhouse', 'SELECT a.x AS y FROM a JOIN b ON y = b.id', 'a b > a.x=b.id'],
    ['clickhouse', 'SELECT a.x + 1 AS y FROM a JOIN b ON y = b.id', 'a b >'],
    ['oracle', 'SELECT * FROM CONTAINERS(a) x JOIN SHARDS(b) y ON x.id = y.id', 'a b > a.id=b.id'],
    ['oracle', 'INSERT INTO (SELECT id, v FROM t WHERE id > 5 WITH CHECK OPTION) VALUES (1, 2)', '> t'],
    ['oracle', 'INSERT INTO (SELECT id, v FROM t) SELECT id, v FROM a', 'a > t'],
    [
      'oracle',
      'INSERT FIRST WHEN (SELECT COUNT(*) FROM b) > 0 THEN INTO t (v) VALUES (x) ELSE INTO u SELECT x FROM a',
      'b a > t u',
    ],
    [
      'oracle',
      'WITH FUNCTION f(x NUMBER) RETURN NUMBER IS n NUMBER; BEGIN SELECT max(v) INTO n FROM z; RETURN n; END f; q AS (SELECT 1 FROM c) SELECT f(a.id) FROM a, q',
      'z c a >',
    ],
    ['oracle', 'WITH function AS (SELECT * FROM a) SELECT * FROM function', 'a >'],
    [
      'oracle',
      'SELECT * FROM a MODEL REFERENCE r ON (SELECT k, v FROM b) DIMENSION BY (k) MEASURES (v) MAIN m DIMENSION BY (y) MEASURES (s) RULES (s[1] = s[2])',
      'a b >',
    ],
    ['oracle', 'SELECT * FROM e CONNECT BY NOCYCLE PRIOR e.id = e.manager_id', 'e > e.id=e.manager_id'],
    ['oracle', 'SELECT * FROM e CONNECT BY e.manager_id = PRIOR e.id AND LEVEL < 3', 'e > e.manager_id=e.id'],
    ['oracle', 'SELECT * FROM e ORDER BY e.id = e.manager_id', 'e >'],
    ['duckdb', 'CREATE TABLE t AS PIVOT a ON m USING sum(v) GROUP BY y', 'a > t'],
    [
      'duckdb',
      'SELECT * FROM (PIVOT a ON m IN (SELECT m FROM c) USING sum(v)) p JOIN b ON b.id = p.id',
      'a c b > b.id=a.id',
    ],
    ['duckdb', 'WITH p AS (UNPIVOT a ON x, y INTO NAME n VALUE v) FROM p', 'a >'],
    ['duckdb', 'PIVOT (SELECT * FROM a) ON m USING sum(v) ORDER BY 1', 'a >'],
    [
      'ansi',
      'WITH FUNCTION f(x bigint) RETURNS bigint RETURN x + 1 SELECT f(a.id) FROM a JOIN b ON a.id = b.id',
      'a b > a.id=b.id',
    ],
    [
      'ansi',
      'WITH FUNCTION f(x bigint) RETURNS bigint BEGIN RETURN x + 1; END, FUNCTION g() RETURNS int RETURN 1 WITH q AS (SELECT * FROM b) SELECT f(q.id) FROM q',
      'b >',
    ],
    ['ansi', "WITH SESSION query_max_run_time = '2h', c.y = 'z' SELECT * FROM a", 'a >'],
    ['ansi', 'PREPARE p FROM INSERT INTO t SELECT * FROM a WHERE x = ?', 'a > t'],
    ['ansi', "USING EXTERNAL FUNCTION f(x VARCHAR) RETURNS VARCHAR LAMBDA 'n' SELECT f(id) FROM a", 'a >'],
    [
      'hive',
      "FROM (FROM a MAP a.x USING 's' AS k CLUSTER BY k) m INSERT OVERWRITE TABLE t REDUCE m.k USING 'r' AS z",
      'a > t',
    ],
    ['hive', "INSERT OVERWRITE TABLE t MAP a.x, a.y USING '/bin/cat' AS (k string, v string) FROM a", 'a > t'],
    ['sparksql', "SELECT map('a', x), reduce(y, 0, (s, e) -> s + e) FROM a", 'a >'],
    ['tsql', 'SELECT * FROM a, b, c WHERE a.id *= b.a_id AND a.c_id =* c.id', 'a b c > a.id=b.a_id a.c_id=c.id'],
    ['tsql', "IF 1 = 1 RAISERROR('x', 16, 1) SELECT * FROM a", 'a >'],
    ['tsql', 'IF (@x = 1) SELECT * FROM a ELSE SELECT * FROM b', 'a b >'],
    ['tsql', "RAISERROR('x', 16, 1); DENY SELECT ON a TO b; RECONFIGURE WITH OVERRIDE; DISABLE TRIGGER x ON y", '>'],
    ['mysql', 'SELECT * FROM a, b WHERE a.id = b.a_id AND a.k <=> b.k XOR a.z = b.z', 'a b >'],
    ['mysql', 'SELECT * FROM a, b WHERE (a.id = b.a_id) AND a.k XOR a.z OR a.x = b.x', 'a b > a.x=b.x'],
    ['hive', 'SELECT o.id FROM a o JOIN [BROADCAST] b c ON o.c_id = c.id', 'a b > a.c_id=b.id'],
    ['clickhouse', 'EXCHANGE TABLES s.a AND s.b', 's.a > s.b changed s.a'],
    ['snowflake', "SELECT $1 FROM '@s/x.gz' (FILE_FORMAT => f) JOIN b ON 1 = 1", 'path:@s/x.gz b >'],
    [
      'snowflake',
      'WITH p AS PROCEDURE () RETURNS INT AS $$ BEGIN INSERT INTO t SELECT * FROM a; END $$ CALL p()',
      'a > t',
    ],
    ['tsql', 'insert bulk dbo.t ([id] int) with (TABLOCK)', '> dbo.t'],
    ['mysql', 'RENAME TABLE t TO o, n TO t; DROP TABLE o', '>'],
    ['mysql', 'SELECT * FROM a JOIN b ON a.id = b.a_id WHERE a.x XOR b.x', 'a b > a.id=b.a_id'],
  ];
  for (const [dialect, sql, expected] of forms)
    it(`are read (${dialect}): ${sql.slice(0, 100)}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  it('pass the rows of a view of ClickHouse on to its table', () => {
    const sql = 'CREATE MATERIALIZED VIEW d.v ON CLUSTER c TO d.t (x Int32) AS SELECT x FROM d.a';
    const { edges } = parseLineage(sql, 'clickhouse');
    expect(edges.map(({ from, to }) => `${from} > ${to}`)).to.deep.equal(['d.a > d.v', 'd.v > d.t']);
    expect(shapeOf(parseLineage(sql, 'clickhouse'))).to.deep.equal({
      ...{ sources: ['d.a'], targets: ['d.t'], columns: ['d.a.x > d.t.x'] },
    });
  });

  it('change the table of a DELETE from a query', () => {
    expect(changedTables('DELETE FROM (SELECT * FROM t JOIN s ON t.id = s.id)', 'oracle')).to.deep.equal([['T']]);
  });
});

describe('joins with temporary tables', () => {
  const joins: readonly (readonly [Dialect, string, string])[] = [
    ['tsql', 'SELECT o.id, o.c_id AS c INTO #o FROM o; SELECT * FROM #o t JOIN c ON c.id = t.c', 'o c > c.id=o.c_id'],
    [
      'bigquery',
      'CREATE TEMP TABLE q AS SELECT id FROM a GROUP BY 1; SELECT * FROM q JOIN b USING (id)',
      'a b > a.id=b.id',
    ],
    ['sparksql', 'CREATE TEMP VIEW v AS SELECT id FROM a; SELECT * FROM v JOIN b ON b.id = v.id', 'a b > b.id=a.id'],
    ['postgres', 'CREATE TEMP TABLE t AS SELECT * FROM a; SELECT * FROM t JOIN b ON b.id = t.id', 'a b > b.id=a.id'],
    [
      'postgres',
      'CREATE TEMP TABLE t AS SELECT id FROM a; CREATE TEMP TABLE u AS SELECT id AS k FROM t; SELECT * FROM u JOIN b ON b.id = u.k',
      'a b > b.id=a.id',
    ],
    ['postgres', 'CREATE TEMP TABLE t AS SELECT id + 1 AS id FROM a; SELECT * FROM t JOIN b ON b.id = t.id', 'a b >'],
    [
      'postgres',
      'CREATE TEMP TABLE t (id int); INSERT INTO t SELECT x FROM a; TRUNCATE t; INSERT INTO t SELECT y FROM c; SELECT * FROM t JOIN b ON b.id = t.id',
      'a c b > b.id=c.y',
    ],
    ['postgres', 'CREATE TABLE t AS SELECT id FROM a; SELECT * FROM t JOIN b ON b.id = t.id', 'a t b > b.id=t.id'],
  ];
  for (const [dialect, sql, expected] of joins)
    it(`are those of what fills them (${dialect}): ${sql.slice(0, 90)}`, () => {
      const { sources, joins: found } = used(sql, dialect);
      const columns = found.map(({ left, right }) => `${columnText(left)}=${columnText(right)}`);
      expect([sources.map(({ name }) => name).join(' '), '>', ...columns].join(' ')).to.equal(expected);
    });
});
