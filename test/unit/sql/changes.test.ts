import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { changedTables, columns, shape, shapeOf, used } from './lineage-shape.js';

describe('Lineage of INSERT', () => {
  it('maps by position into a column list', () => {
    expect(columns('INSERT INTO t (x, y) SELECT a, b FROM s', 'mysql')).to.deep.equal(['s.a > t.x', 's.b > t.y']);
  });

  it('maps by position into the known columns of the target, less fixed partitions', () => {
    const schema = { t: ['card', 'kind', 'dt'] };
    expect(
      columns("INSERT OVERWRITE TABLE t PARTITION (dt = '2024') SELECT a, b FROM s", 'sparksql', { schema })
    ).to.deep.equal(['s.a > t.card', 's.b > t.kind']);
  });

  it('reads subqueries among VALUES', () => {
    expect(shape('INSERT INTO t (a, b) VALUES (1, (SELECT max(id) FROM s))', 'ansi')).to.deep.equal({
      sources: ['s'],
      targets: ['t'],
      columns: ['s.id > t.b'],
    });
  });

  it('is not disturbed by ON DUPLICATE KEY, ON CONFLICT and RETURNING', () => {
    expect(columns('INSERT INTO t (a) SELECT x FROM s ON DUPLICATE KEY UPDATE a = VALUES(a)', 'mysql')).to.deep.equal([
      's.x > t.a',
    ]);
    expect(
      columns('INSERT INTO t (a) SELECT x FROM s ON CONFLICT (a) DO UPDATE SET a = EXCLUDED.a RETURNING a', 'postgres')
    ).to.deep.equal(['s.x > t.a']);
  });

  it('takes several columns from one subquery where its key is there', () => {
    const sql = 'INSERT INTO t (k) VALUES (1) ON CONFLICT (k) DO UPDATE SET (a, b) = (SELECT x, y FROM s)';
    expect(columns(sql, 'postgres')).to.deep.equal(['s.x > t.a', 's.y > t.b']);
  });

  it('of Snowflake may fill several tables', () => {
    expect(
      shape('INSERT ALL WHEN n > 1 THEN INTO m.a (x) VALUES (id) ELSE INTO m.b SELECT id, n FROM s', 'snowflake')
    ).to.deep.equal({
      sources: ['s'],
      targets: ['m.a', 'm.b'],
      columns: ['s.id > m.a.x', 's.id > m.b.id', 's.n > m.b.n'],
    });
  });

  it('of Hive may start with FROM', () => {
    const sql = 'FROM raw.s INSERT OVERWRITE TABLE m.a SELECT id WHERE k = 1 INSERT INTO TABLE m.b SELECT id, v';
    expect(shape(sql, 'hive')).to.deep.equal({
      sources: ['raw.s'],
      targets: ['m.a', 'm.b'],
      columns: ['raw.s.id > m.a.id', 'raw.s.id > m.b.id', 'raw.s.v > m.b.v'],
    });
  });

  it('of Hive may follow a CTE and end each select in any column', () => {
    const sql =
      'WITH q AS (SELECT key FROM src) FROM q INSERT OVERWRITE TABLE a SELECT key INSERT OVERWRITE TABLE b SELECT key';
    expect(shape(sql, 'hive').columns).to.deep.equal(['src.key > a.key', 'src.key > b.key']);
  });

  it('follows T-SQL’s OUTPUT into a second table', () => {
    expect(columns('INSERT INTO dbo.a (x) OUTPUT inserted.x INTO dbo.log SELECT y FROM dbo.b', 'tsql')).to.deep.equal([
      'dbo.b.y > dbo.a.x',
      'dbo.b.y > dbo.log.x',
    ]);
  });

  it('takes the rows that a DELETE in a CTE returns', () => {
    expect(
      shape('WITH gone AS (DELETE FROM a RETURNING id) INSERT INTO b SELECT id FROM gone', 'postgres')
    ).to.deep.equal({ sources: ['a'], targets: ['b'], columns: ['a.id > b.id'] });
  });
});

describe('Lineage of UPDATE', () => {
  it('reads the joined tables and not the changed one', () => {
    const expected = { sources: ['crm.c'], targets: ['shop.o'], columns: ['crm.c.region > shop.o.region'] };
    expect(shape('UPDATE shop.o o JOIN crm.c c ON o.cid = c.id SET o.region = c.region', 'mysql')).to.deep.equal(
      expected
    );
    expect(shape('UPDATE shop.o SET region = c.region FROM crm.c c WHERE c.id = o.cid', 'postgres')).to.deep.equal(
      expected
    );
    expect(
      shape('UPDATE o SET o.region = c.region FROM shop.o AS o JOIN crm.c AS c ON c.id = o.cid', 'tsql')
    ).to.deep.equal(expected);
  });

  it('of two tables tells which is changed by what is assigned', () => {
    expect(
      shape('UPDATE shop.a, stage.b SET shop.a.p = stage.b.p WHERE shop.a.id = stage.b.id', 'mysql')
    ).to.deep.equal({ sources: ['stage.b'], targets: ['shop.a'], columns: ['stage.b.p > shop.a.p'] });
  });

  it('splits a tuple that is set from a subquery', () => {
    expect(columns('UPDATE t SET (a, b) = (SELECT x, y FROM s WHERE s.id = t.id)', 'oracle')).to.deep.equal([
      's.x > t.a',
      's.y > t.b',
    ]);
  });

  it('goes through a CTE to the table behind it', () => {
    expect(shape('WITH c AS (SELECT id, v FROM dbo.a) UPDATE c SET v = 1', 'tsql')).to.deep.equal({
      sources: [],
      targets: ['dbo.a'],
      columns: [],
    });
  });
});

describe('Lineage of MERGE and DELETE', () => {
  it('of MERGE takes assignments and inserted values', () => {
    const sql = `MERGE INTO m.t t USING (SELECT id, v AS w FROM s.a) x ON t.id = x.id WHEN MATCHED AND x.w > 1 THEN UPDATE SET t.v = COALESCE(x.w, t.v)
      WHEN NOT MATCHED THEN INSERT (id, v) VALUES (x.id, x.w)`;
    expect(shape(sql, 'snowflake')).to.deep.equal({
      sources: ['s.a'],
      targets: ['m.t'],
      columns: ['s.a.id > m.t.id', 's.a.v > m.t.v'],
    });
  });

  it('of whole rows maps every column to its namesake', () => {
    expect(
      columns(
        'MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *',
        'databricks',
        { schema: { s: ['id', 'v'] } }
      )
    ).to.deep.equal(['s.id > t.id', 's.v > t.v']);
  });

  it('of DELETE is none', () => {
    expect(shape('DELETE FROM t WHERE id IN (SELECT id FROM s)', 'mysql')).to.deep.equal({
      sources: [],
      targets: [],
      columns: [],
    });
  });
});

describe('Tables of a statement without data flow', () => {
  const CHANGED: readonly (readonly [string, Dialect, ...string[]])[] = [
    ['DROP TABLE a, s.b', 'mysql', 'a', 's.b'],
    ['DROP TABLES IF EXISTS `a`, `b`', 'mariadb', 'a', 'b'],
    ['drop view if exists a, "B" cascade', 'postgres', 'a', 'B'],
    ['DROP MATERIALIZED VIEW a, b', 'postgres', 'a', 'b'],
    ['DROP FOREIGN TABLE a, b', 'postgres', 'a', 'b'],
    ['DROP DYNAMIC TABLE IF EXISTS d.s.a', 'snowflake', 'D.S.A'],
    ['DROP TABLE [a], dbo.b', 'tsql', 'a', 'dbo.b'],
    ['TRUNCATE a, ONLY s.b, c * RESTART IDENTITY CASCADE', 'postgres', 'a', 's.b', 'c'],
    ['TRUNCATE TABLE a, b', 'ansi', 'a', 'b'],
    ['DROP TABLE a; SELECT 1, b', 'mysql', 'a'],
    ['ALTER TABLE a ADD x INT, ADD y INT', 'mysql', 'a'],
    ['DROP INDEX i ON a', 'mysql'],
    ['DELETE FROM a WHERE x IN (SELECT a, b FROM c)', 'mysql', 'a'],
    ['DELETE b FROM a JOIN b ON a.id = b.id', 'mysql', 'b'],
    ['DELETE x, s.b.* FROM s.a AS x JOIN s.b ON x.id = b.id', 'mysql', 's.a', 's.b'],
    ['DELETE LOW_PRIORITY FROM a, y USING a JOIN s.b y', 'mysql', 'a', 's.b'],
    ['DELETE TOP (5) a WHERE id = 1', 'tsql', 'a'],
    ['DELETE TOP (5) PERCENT FROM a OUTPUT deleted.id INTO log WHERE id = 1', 'tsql', 'a'],
    ['WITH c AS (SELECT x FROM b) DELETE FROM a USING c WHERE a.x = c.x', 'postgres', 'a'],
    ['WITH x AS (SELECT 1 AS a) DELETE FROM a WHERE id = 4', 'mariadb', 'a'],
    ['SELECT * FROM b; DELETE FROM a WHERE id = 4', 'mysql', 'a'],
    ['SELECT * FROM b; TRUNCATE TABLE hr.a; ALTER TABLE c ADD x INT', 'mysql', 'hr.a', 'c'],
    ['UPDATE b SET x = 1; DROP TABLE a', 'mysql', 'a'],
    ['DELETE FROM a; DELETE FROM b; DELETE FROM a', 'mysql', 'a', 'b'],
    ['DELETE b FROM b JOIN c ON b.x = c.x; DELETE x FROM a x', 'mysql', 'b', 'a'],
    ['DELETE FROM o USING a AS o INNER JOIN c ON o.x = c.x', 'mysql', 'a'],
    ['BEGIN DELETE FROM a; IF n > 1 THEN DELETE FROM b; ELSE DROP TABLE c; END IF; END', 'snowflake', 'A', 'B', 'C'],
    ['SELECT 1 DELETE a WHERE x = 1 TRUNCATE TABLE b IF 1 = 1 DROP TABLE c', 'tsql', 'a', 'b', 'c'],
    ['CREATE TABLE #t (x INT) INSERT #t SELECT 1 DROP TABLE #t', 'tsql'],
    ['CREATE TEMPORARY TABLE IF NOT EXISTS a (x INT); INSERT INTO b SELECT x FROM a; DROP TABLE a', 'mysql'],
    ['WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d', 'postgres', 'a'],
    ['WITH d AS (DELETE FROM a RETURNING *) DELETE FROM b USING d WHERE b.x = d.x', 'postgres', 'a', 'b'],
    ['DO $$ BEGIN DELETE FROM a; END $$', 'postgres', 'a'],
    ["EXECUTE IMMEDIATE 'TRUNCATE TABLE a'", 'snowflake', 'A'],
    ["DO $$ BEGIN EXECUTE 'DELETE FROM a WHERE b = 1'; END $$", 'postgres', 'a'],
    ['DO LANGUAGE plpgsql $b$ BEGIN DELETE FROM a; END $b$', 'postgres', 'a'],
    ["DO LANGUAGE 'plpgsql' $b$ BEGIN TRUNCATE TABLE a; END $b$", 'postgres', 'a'],
    ["EXEC sp_executesql N'DELETE FROM a'; EXEC ('DROP TABLE b')", 'tsql', 'a', 'b'],
    ['CREATE PROCEDURE p() BEGIN DELETE FROM a; DROP TABLE b; END', 'mysql'],
    ['CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW BEGIN DELETE FROM b; END', 'mysql'],
    ['CREATE TABLE b (x INT REFERENCES c (x) ON DELETE CASCADE)', 'tsql'],
    ['MERGE INTO b USING c ON b.x = c.x WHEN MATCHED THEN DELETE', 'tsql'],
    ['GRANT DELETE ON a TO u; SHOW CREATE TABLE b', 'tsql'],
    ['ALTER TABLE s.a RENAME TO b', 'postgres'],
    ['RENAME TABLE a TO b', 'mysql'],
    ['USE s; DELETE FROM a WHERE x = 1; TRUNCATE b', 'mysql', 's.a', 's.b'],
    ["SELECT 'DELETE FROM a' /* ; DROP TABLE b */", 'mysql'],
    ['WITH d AS (SELECT ROW_NUMBER() OVER (ORDER BY x) n FROM s.a) DELETE FROM d WHERE n > 1', 'tsql', 's.a'],
  ];

  for (const [sql, dialect, ...tables] of CHANGED) {
    it(`of ${sql} (${dialect}) are ${tables.length === 0 ? 'none' : tables.join(', ')}`, () => {
      expect(changedTables(sql, dialect).map((parts) => parts.join('.'))).to.deep.equal(tables);
    });
  }

  it('are all there, however many a DROP names', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `s.t${index}`);
    expect(changedTables(`DROP TABLE ${names.join(', ')}`, 'mysql')).to.have.length(2000);
  });
});

describe('What a DELETE reads', () => {
  it('reads and joins in a CTE what it reads and joins on its own', () => {
    const joinsOf = (sql: string): string[] =>
      used(sql, 'postgres').joins.map(
        ({ left, right }) => `${left.table}.${left.column} = ${right.table}.${right.column}`
      );
    const gone = 'WITH d AS (DELETE FROM a USING b WHERE a.id = b.id RETURNING a.id)';
    expect(joinsOf(`${gone} SELECT 1 FROM d JOIN c ON c.id = d.id`)).to.deep.equal(['a.id = b.id', 'c.id = a.id']);
    expect(joinsOf('WITH d AS (DELETE FROM a USING b WHERE a.id = b.id) SELECT 1')).to.deep.equal(['a.id = b.id']);
  });

  it('joins what MySQL’s USING joins, by the aliases there', () => {
    const sql = 'DELETE FROM o USING orders AS o INNER JOIN customers AS c ON o.customer_id = c.id WHERE c.x = 1';
    const lineage = used(sql, 'mysql');
    expect(lineage.sources.map(({ name }) => name)).to.deep.equal(['orders', 'customers']);
    expect(lineage.joins).to.deep.equal([
      { left: { table: 'orders', column: 'customer_id' }, right: { table: 'customers', column: 'id' } },
    ]);
  });

  for (const [dialect, sql, ...tables] of [
    ['tsql', 'DELETE a WHERE x IN (SELECT x FROM b)', 'a', 'b'],
    ['tsql', 'DELETE TOP (10) PERCENT dbo.a WHERE x IN (SELECT x FROM b)', 'b', 'dbo.a'],
    ['tsql', 'DELETE FROM a OUTPUT deleted.id INTO log WHERE x IN (SELECT x FROM b)', 'a', 'b'],
    ['tsql', 'DELETE a OUTPUT deleted.* FROM a x JOIN b ON x.id = b.id WHERE x.y IN (SELECT y FROM c)', 'a', 'b', 'c'],
    ['tsql', 'DELETE FROM a FROM a JOIN b ON a.id = b.id', 'a', 'b'],
    ['oracle', 'DELETE a x WHERE EXISTS (SELECT 1 FROM b WHERE b.id = x.id) RETURNING id INTO :id', 'a', 'b'],
    ['oracle', 'DELETE (SELECT * FROM a JOIN b ON a.id = b.id WHERE b.x = 1) WHERE y = 2', 'a', 'b'],
    ['postgres', 'WITH c AS (SELECT x FROM b) DELETE FROM a USING c WHERE a.x = c.x', 'a', 'b'],
    ['postgres', 'DELETE FROM a USING b WHERE a.id = b.id RETURNING *', 'a', 'b'],
    ['mysql', 'DELETE FROM a RETURNING id; SELECT 1 FROM b', 'a', 'b'],
    ['mysql', 'SELECT * FROM c; DELETE FROM a WHERE x = 1; DELETE FROM b', 'a', 'b', 'c'],
    ['tsql', 'SELECT * FROM c DELETE a FROM a JOIN b ON a.x = b.x SELECT * FROM d', 'a', 'b', 'c', 'd'],
    ['snowflake', 'BEGIN DELETE FROM a USING b WHERE a.x = b.x; DELETE FROM c; END', 'a', 'b', 'c'],
    ['mysql', "DELETE LOW_PRIORITY FROM a WHERE x = 'it''s' /* ; */ AND y IN (SELECT y FROM b)", 'a', 'b'],
  ] as const) {
    it(`reads what the DELETE reads (${dialect}): ${sql}`, () => {
      expect(shapeOf(used(sql, dialect)).sources).to.deep.equal(tables);
    });
  }
});

describe('Rows that a change returns', () => {
  for (const [dialect, sql, ...joins] of [
    [
      'postgres',
      'WITH u AS (UPDATE a SET x = 1 FROM b WHERE a.id = b.id RETURNING a.id) SELECT * FROM u JOIN c ON c.id = u.id',
      'a.id = b.id',
      'c.id = a.id',
    ],
    [
      'postgres',
      'WITH u AS (UPDATE a t SET x = 1 FROM b WHERE t.id = b.id RETURNING b.y) SELECT * FROM u, c WHERE c.y = u.y',
      'a.id = b.id',
      'c.y = b.y',
    ],
    [
      'postgres',
      'WITH u AS (INSERT INTO a (v) VALUES (1) RETURNING id) SELECT * FROM u JOIN c ON c.id = u.id',
      'c.id = a.id',
    ],
    [
      'postgres',
      'WITH u AS (INSERT INTO a AS t (v) VALUES (1) RETURNING t.id) SELECT * FROM u JOIN c ON c.id = u.id',
      'c.id = a.id',
    ],
    [
      'postgres',
      'WITH u AS (INSERT INTO a AS t (id) SELECT b.k FROM b RETURNING t.id) SELECT * FROM u JOIN c ON c.id = u.id',
      'c.id = b.k',
    ],
    [
      'postgres',
      'WITH u AS (INSERT INTO a (v) SELECT v FROM b RETURNING id) SELECT * FROM u JOIN c ON c.id = u.id',
      'c.id = a.id',
    ],
    [
      'postgres',
      'WITH u AS (INSERT INTO a (id) SELECT b.k FROM b RETURNING id) SELECT * FROM u JOIN c ON c.id = u.id',
      'c.id = b.k',
    ],
    [
      'postgres',
      'WITH u AS (MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE RETURNING a.k) SELECT * FROM u JOIN c ON c.k = u.k',
      'a.i = b.i',
      'c.k = a.k',
    ],
    [
      'tsql',
      'INSERT INTO h SELECT o.id FROM (UPDATE x SET v = 1 OUTPUT deleted.id FROM a AS x) AS o JOIN c ON c.id = o.id',
      'c.id = a.id',
    ],
    [
      'tsql',
      'INSERT INTO h SELECT o.id FROM (INSERT INTO a (v) OUTPUT inserted.id SELECT v FROM b) AS o JOIN c ON c.id = o.id',
      'c.id = a.id',
    ],
    [
      'tsql',
      'INSERT INTO h SELECT o.id FROM (DELETE x OUTPUT deleted.id FROM a x JOIN b ON b.i = x.i) AS o JOIN c ON c.id = o.id',
      'b.i = a.i',
      'c.id = a.id',
    ],
  ] as const) {
    it(`are joined as those of their table (${dialect}): ${sql}`, () => {
      const lineage = used(sql, dialect);
      expect(
        lineage.joins.map(({ left, right }) => `${left.table}.${left.column} = ${right.table}.${right.column}`)
      ).to.deep.equal(joins);
    });
  }

  it('are read where they are used, not elsewhere', () => {
    const change = 'WITH u AS (UPDATE a SET x = 1 FROM b WHERE a.id = b.id RETURNING a.id)';
    expect(shape(`${change} INSERT INTO h (id) SELECT id FROM u`, 'postgres')).to.deep.equal({
      ...{ sources: ['b'], targets: ['h'], columns: ['a.id > h.id'] },
    });
    expect(shape(`${change} INSERT INTO h (id) SELECT id FROM c`, 'postgres')).to.deep.equal({
      ...{ sources: ['b', 'c'], targets: ['a', 'h'], columns: ['c.id > h.id'] },
    });
    expect(shape('INSERT INTO h (id) SELECT id FROM (DELETE FROM a OUTPUT deleted.id) AS o', 'tsql')).to.deep.equal({
      sources: ['a'],
      targets: ['h'],
      columns: ['a.id > h.id'],
    });
  });
});
