import { expect } from 'chai';
import { dialectNamed, parseLineage, type Dialect } from '../../../src/sql/index.js';
import { changedTables, shapeOf, used } from './lineage-shape.js';

/** Text, sources, targets and joins; each is read without a doubt. */
type Form = readonly [sql: string, sources: string, targets?: string, joins?: string];

const JOINED = 'a.id=b.id';

const FORMS: Partial<Readonly<Record<Dialect, readonly Form[]>>> = {
  clickhouse: [
    ['select * from a global inner join b using id', 'a b', '', JOINED],
    ['select * from a any left join b using id, d where 1', 'a b', '', 'a.id=b.id a.d=b.d'],
    ['select * from a all left join b on a.id = b.id', 'a b', '', JOINED],
    ['select * from a left any join b on a.id = b.id', 'a b', '', JOINED],
    ['select * from a anti left join b on a.id = b.id', 'a b', '', JOINED],
    ['select * from a asof left join b using (id, t)', 'a b', '', 'a.id=b.id a.t=b.t'],
    ['select * from a global cross join b', 'a b'],
    ['select * from a final sample 0.1 prewhere d = 1 where id in (select id from b)', 'a b'],
    ['select * from a x sample 1/10 offset 1/2 join b final on x.id = b.id', 'a b', '', JOINED],
    ['select s, arr from a array join arr', 'a'],
    ['select x from a left array join arr as x, ys as y join b on a.id = b.id where x = 1', 'a b', '', JOINED],
    ['select * from a join b on a.id = b.id format TabSeparated', 'a b', '', JOINED],
    ["select format from a where format = 'x' settings max_threads = 4 format JSON", 'a'],
    ['with 1 as one select one, x from a join b on a.id = b.id and a.k = one', 'a b', '', JOINED],
    ['with (select max(t) from c) as last, x as (select * from q) select * from a, x where t > last', 'a c q'],
    ['with (x) -> x + 1 as f select f(a.y) from a', 'a'],
    ['select * from a where id in b and k global not in (select k from c)', 'a b c'],
    ['with (1, 2) as ids select * from a where id in ids', 'a'],
    ['select x from a group by x with totals having x in (select x from b)', 'a b'],
    ['ALTER TABLE a DELETE WHERE id IN (SELECT id FROM b)', 'a b'],
    ['ALTER TABLE a ON CLUSTER c DELETE IN PARTITION 3 WHERE id IN (SELECT id FROM b)', 'a b'],
    ['ALTER TABLE a UPDATE x = (SELECT max(x) FROM c), y = 1 WHERE id IN (SELECT id FROM b)', 'b c', 'a'],
    ['ALTER TABLE a ADD COLUMN x Int8, DELETE WHERE id IN (SELECT id FROM b)', 'a b'],
    ['ALTER TABLE a ADD COLUMN x Int8', ''],
    ["ALTER TABLE a REPLACE PARTITION tuple('x', 1) FROM b", 'b', 'a'],
    ['ALTER TABLE a MOVE PARTITION 1 TO TABLE b', 'a', 'b'],
    ['DELETE FROM a ON CLUSTER c WHERE id IN (SELECT id FROM b)', 'a b'],
    ['CREATE TABLE a AS s.b ENGINE = MergeTree ORDER BY id', 's.b', 'a'],
    ['CREATE TABLE a CLONE AS b', 'b', 'a'],
    ['CREATE TABLE a ENGINE = MergeTree ORDER BY id AS WITH (SELECT 1 FROM c) AS x SELECT * FROM b', 'b c', 'a'],
    ["INSERT INTO FUNCTION remote('h', d.t) SELECT * FROM b", 'b'],
    ['INSERT INTO a SETTINGS async_insert = 1 SELECT * FROM b', 'b', 'a'],
    ['INSERT INTO a (x) FORMAT JSONEachRow {"x": "select 1 from b; drop"}', '', 'a'],
    ['EXCHANGE TABLES a AND b', 'a', 'b'],
  ],
  mysql: [['select x, count(*) from a group by x with rollup having x in (select x from b)', 'a b']],
  bigquery: [
    [
      'SELECT 1 FROM my-project-123.s.a JOIN my-project-123.s.b ON a.id = b.id',
      'my-project-123.s.a my-project-123.s.b',
      '',
      'my-project-123.s.a.id=my-project-123.s.b.id',
    ],
    ['SELECT * FROM ML.PREDICT(MODEL s.m, TABLE a, STRUCT(0.5 AS threshold)) p', 'a'],
    ['SELECT * FROM APPENDS(TABLE a, NULL, NULL) x JOIN b ON x.k = b.k', 'a b'],
    ["SELECT * FROM VECTOR_SEARCH(TABLE a, 'e', TABLE s.b, top_k => 2)", 'a s.b'],
    ["SELECT * FROM VECTOR_SEARCH(TABLE a, 'e', (SELECT * FROM b))", 'a b'],
    ['SELECT * FROM s.a, a.items i JOIN b ON i = b.k', 'b s.a', '', 's.a.items=b.k'],
    ["EXPORT DATA WITH CONNECTION s.c OPTIONS (uri = 'gs://x') AS SELECT * FROM a", 'a', 'path:gs://x'],
    ["LOAD DATA INTO a FROM FILES (format = 'CSV', uris = ['gs://x'])", 'path:gs://x', 'a'],
    ['CREATE OR REPLACE MODEL m TRANSFORM (x) AS SELECT * FROM a JOIN b ON a.id = b.id', 'a b', '', JOINED],
    ['CREATE TABLE t LIKE a OPTIONS (x = 1) AS SELECT * FROM b', 'b', 't'],
    ['CREATE TABLE FUNCTION f(x INT64) AS SELECT * FROM a', ''],
    ['SELECT * FROM a FULL OUTER UNION ALL BY NAME SELECT * FROM b', 'a b'],
    ['SELECT * FROM a WHERE k = 1 INNER UNION ALL BY NAME ON (x) SELECT * FROM b', 'a b'],
    ["ASSERT (SELECT COUNT(*) FROM a) > 0 AS 'none'", 'a'],
    ['CASE WHEN EXISTS (SELECT 1 FROM a) THEN SELECT * FROM b; ELSE SELECT * FROM c; END CASE', 'a b c'],
    ['SELECT * FROM _SESSION.a', '_temporary_'],
  ],
  redshift: [
    ['MERGE INTO a USING b ON a.id = b.id REMOVE DUPLICATES', 'b', 'a', JOINED],
    ['CREATE MODEL m FROM (SELECT * FROM a) TARGET y FUNCTION f', 'a'],
    ['CREATE MODEL m FROM a TARGET y FUNCTION f', 'a'],
    ['SELECT 1 FROM a x, x.list AS l AT i JOIN b ON x.id = b.id', 'a b', '', JOINED],
    ['SELECT 1 FROM a x, UNPIVOT x.object AS v AT k JOIN b ON x.id = b.id', 'a b', '', JOINED],
  ],
  databricks: [
    ['SELECT * FROM a@v3 x JOIN b@20240101000000000 ON x.id = b.id', 'a b', '', JOINED],
    ["SELECT * FROM table_changes('a', 2) c JOIN b ON c.id = b.id", 'a b', '', JOINED],
    ['SELECT * FROM f(TABLE(a), TABLE b PARTITION BY k) JOIN c ON true', 'a b c'],
    ['MERGE WITH SCHEMA EVOLUTION INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET *', 'b', 'a', JOINED],
    ['WITH r (n) MAX RECURSION LEVEL 10 AS (SELECT id FROM a) SELECT * FROM r', 'a'],
  ],
  sparksql: [
    [
      'SELECT 1 FROM a FOR SYSTEM_VERSION AS OF 3 x JOIN b FOR SYSTEM_VERSION AS OF 4 y ON x.id = y.id',
      'a b',
      '',
      JOINED,
    ],
    ["INSERT OVERWRITE DIRECTORY USING parquet OPTIONS ('path' '/x', k 1) SELECT * FROM a", 'a', 'path:/x'],
  ],
  hive: [['SELECT * FROM a, a.items i JOIN b ON a.id = b.id', 'a b', '', JOINED]],
  postgres: [['DECLARE c CURSOR WITH HOLD FOR SELECT * FROM a JOIN b ON a.id = b.id', 'a b', '', JOINED]],
  ansi: [['SELECT * FROM TABLE(f(input => TABLE(a) PARTITION BY x ORDER BY y, q => TABLE b))', 'a b']],
  mariadb: [
    ['BEGIN NOT ATOMIC DECLARE p INT; SELECT 1 FROM a JOIN b ON a.id = b.id WHERE a.k = p; END', 'a b', '', JOINED],
  ],
};

describe('Forms of SQL of one engine', () => {
  for (const [name, forms] of Object.entries(FORMS)) {
    const dialect = dialectNamed(name);
    for (const [sql, sources, targets = '', joins = ''] of forms)
      it(`are read (${name}): ${sql.slice(0, 90)}`, () => {
        const lineage = used(sql, dialect);
        const shape = shapeOf(lineage);
        const named = lineage.sources.map((table) => (table.temporary === true ? '_temporary_' : table.name));
        expect({
          sources: named.sort().join(' '),
          targets: shape.targets.join(' '),
          joins: lineage.joins
            .map(({ left, right }) => `${left.table ?? ''}.${left.column}=${right.table ?? ''}.${right.column}`)
            .join(' '),
          doubts: lineage.doubts,
        }).to.deep.equal({ sources, targets, joins, doubts: [] });
      });
  }

  it('are those of ClickHouse in the log of a service of that type', () => {
    expect(dialectNamed('Clickhouse')).to.equal('clickhouse');
    expect(['Timescale', 'MicrosoftFabric', 'Iomete', 'Teradata'].map(dialectNamed)).to.deep.equal([
      'postgres',
      'tsql',
      'sparksql',
      'ansi',
    ]);
  });

  it('end, whatever follows a WITH', () => {
    for (const sql of [
      'with (select 1) as x select * from a',
      'with (x) -> x',
      'insert into a with with (',
      'with with',
    ])
      expect(() => parseLineage(sql, 'ansi')).not.to.throw();
  });

  it("change BigQuery's tables by their whole names", () => {
    const changed = (sql: string): unknown => changedTables(sql, 'bigquery');
    const whole = [['my-project-1', 's', 'a']];
    expect(changed('TRUNCATE TABLE `my-project-1.s.a`')).to.deep.equal(whole);
    expect(changed('DROP TABLE `my-project-1`.s.a')).to.deep.equal(whole);
    expect(changed('DELETE FROM my-project-1.s.a WHERE id IN (SELECT id FROM s.b)')).to.deep.equal(whole);
  });
});
