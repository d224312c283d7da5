import { expect } from 'chai';
import { parseLineage } from '../../../src/sql/index.js';
import { columns, columnText, shape } from './lineage-shape.js';

const SCHEMA = { 'shop.orders': ['id', 'total', 'customer_id'], 'shop.customers': ['id', 'name', 'region'] };

describe('Columns of queries', () => {
  it('follow a chain of CTEs to the tables they come from', () => {
    const sql =
      'CREATE TABLE m.c AS WITH a AS (SELECT id, v FROM r.x), b AS (SELECT a.id, a.v + y.w AS s FROM a JOIN r.y y ON y.id = a.id) SELECT b.id AS bid, b.s FROM b';
    expect(columns(sql, 'snowflake')).to.deep.equal(['r.x.id > m.c.bid', 'r.x.v > m.c.s', 'r.y.w > m.c.s']);
  });

  it('end at the anchor of a recursive CTE', () => {
    const sql =
      'WITH RECURSIVE t AS (SELECT id, boss FROM hr.people WHERE boss IS NULL UNION ALL SELECT p.id, p.boss FROM hr.people p JOIN t ON t.id = p.boss) INSERT INTO hr.tree SELECT id, boss FROM t';
    expect(shape(sql, 'postgres')).to.deep.equal({
      sources: ['hr.people'],
      targets: ['hr.tree'],
      columns: ['hr.people.boss > hr.tree.boss', 'hr.people.id > hr.tree.id'],
    });
  });

  it('meet by position in set operations, under the first query’s names', () => {
    expect(columns('INSERT INTO dw.p SELECT id FROM eu.p UNION ALL SELECT key FROM us.p', 'mysql')).to.deep.equal([
      'eu.p.id > dw.p.id',
      'us.p.key > dw.p.id',
    ]);
  });

  it('of SELECT * are told by name when the schema is known', () => {
    expect(
      columns(
        'INSERT INTO dw.o SELECT o.*, c.region FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
        'mysql',
        { schema: SCHEMA }
      )
    ).to.deep.equal([
      'shop.customers.region > dw.o.region',
      'shop.orders.customer_id > dw.o.customer_id',
      'shop.orders.id > dw.o.id',
      'shop.orders.total > dw.o.total',
    ]);
  });

  it('of SELECT * stay a star when it is not', () => {
    expect(columns('INSERT INTO dw.o SELECT * FROM shop.orders', 'mysql')).to.deep.equal(['shop.orders.* > dw.o.*']);
  });

  it('leave out what EXCLUDE names and rename what RENAME names', () => {
    expect(
      columns('CREATE VIEW v AS SELECT * EXCLUDE (total) RENAME (id AS order_id) FROM shop.orders', 'snowflake', {
        schema: SCHEMA,
      })
    ).to.deep.equal(['shop.orders.customer_id > v.customer_id', 'shop.orders.id > v.order_id']);
  });

  it('without a qualifier belong to the table that has them', () => {
    expect(
      columns(
        'INSERT INTO t SELECT region, total FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id',
        'ansi',
        { schema: SCHEMA }
      )
    ).to.deep.equal(['shop.customers.region > t.region', 'shop.orders.total > t.total']);
  });

  it('without a qualifier and without a schema have no table when there are several', () => {
    expect(columns('INSERT INTO t SELECT x FROM a JOIN b ON a.id = b.id', 'ansi')).to.deep.equal(['x > t.x']);
  });

  it('of USING come from both sides', () => {
    expect(
      columns('INSERT INTO t SELECT id FROM (SELECT id FROM a) l JOIN (SELECT id FROM b) r USING (id)', 'ansi')
    ).to.deep.equal(['a.id > t.id', 'b.id > t.id']);
  });

  it('of windows count the partition and the order, also of a named window', () => {
    expect(
      columns(
        'CREATE VIEW v AS SELECT sum(x) OVER w AS s FROM t WINDOW w AS (PARTITION BY p ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)',
        'postgres'
      )
    ).to.deep.equal(['t.o > v.s', 't.p > v.s', 't.x > v.s']);
  });

  it('come out of scalar subqueries by what these select, not by what they filter', () => {
    expect(
      columns('CREATE VIEW v AS SELECT (SELECT max(b.x) FROM b WHERE b.k = a.k) AS m FROM a', 'postgres')
    ).to.deep.equal(['b.x > v.m']);
  });

  it('are not invented from types, date parts, intervals and keywords', () => {
    const sql = `CREATE VIEW v AS SELECT CAST(a AS decimal(10, 2)) AS c1, b::timestamp with time zone AS c2, EXTRACT(year FROM d) AS c3, DATEADD(day, 1, e) AS c4,
      f + INTERVAL '1' DAY AS c5, g AT TIME ZONE 'utc' AS c6, h IS DISTINCT FROM i AS c7, TRIM(BOTH ' ' FROM j) AS c8, CURRENT_DATE AS c9 FROM t`;
    expect(columns(sql, 'redshift')).to.deep.equal([
      't.a > v.c1',
      't.b > v.c2',
      't.d > v.c3',
      't.e > v.c4',
      't.f > v.c5',
      't.g > v.c6',
      't.h > v.c7',
      't.i > v.c7',
      't.j > v.c8',
    ]);
  });

  it('reach through FLATTEN, LATERAL VIEW and UNNEST to the column that is taken apart', () => {
    expect(
      columns(
        'INSERT INTO m.t (id, v) SELECT t.id, f.value:name::string FROM raw.t t, LATERAL FLATTEN(input => t.arr) f',
        'snowflake'
      )
    ).to.deep.equal(['raw.t.arr > m.t.v', 'raw.t.id > m.t.id']);
    expect(
      columns('INSERT INTO m.t SELECT a.id, e.item FROM raw.a LATERAL VIEW explode(a.items) e AS item', 'sparksql')
    ).to.deep.equal(['raw.a.id > m.t.id', 'raw.a.items > m.t.item']);
    expect(
      columns('INSERT INTO m.t SELECT it.sku FROM ds.s s CROSS JOIN UNNEST(s.items) AS it', 'bigquery')
    ).to.deep.equal(['ds.s.items > m.t.sku']);
  });

  it('have the names that the engine gives what a PIVOT makes', () => {
    const from = (source: string, list: string): string => `CREATE TABLE t AS SELECT ${list} FROM ${source}`;
    const rows = '(SELECT k, m, n, v, w FROM a)';
    for (const [dialect, sql] of [
      ['oracle', from(`${rows} PIVOT (SUM(v) FOR m IN ('JAN', 'feb', 3))`, `k, "'JAN'" j, "'feb'" f, "3" d`)],
      [
        'oracle',
        from(`${rows} PIVOT (SUM(v) AS s FOR m IN ('JAN', 'x' AS feb, 3))`, `k, "'JAN'_S" j, feb_s f, "3_S" d`),
      ],
      [
        'oracle',
        from(`${rows} PIVOT (SUM(v) FOR (m, n) IN (('JAN', 1), ('x', 2) AS f, (3, 4)))`, `k, "'JAN'_1" j, f, "3_4" d`),
      ],
      ['sparksql', from(`${rows} PIVOT (SUM(v) AS s FOR m IN ('JAN' j, 'f', 'd'))`, 'k, j, f, d')],
    ] as const)
      expect(columns(sql, dialect), sql).to.deep.equal(['a.k > t.k', 'a.v > t.d', 'a.v > t.f', 'a.v > t.j']);
    const several = from(`${rows} PIVOT (SUM(v) AS s, MAX(w) AS h FOR m IN ('j'))`, 'j_s, j_h');
    expect(columns(several, 'sparksql')).to.deep.equal(['a.v > t.j_s', 'a.w > t.j_h']);
  });

  it('come through PIVOT and UNPIVOT', () => {
    const schema = { s: ['id', 'month', 'amount'], w: ['id', 'jan', 'feb'] };
    expect(
      columns("CREATE VIEW v AS SELECT * FROM s PIVOT (SUM(amount) FOR month IN ('JAN' AS jan))", 'snowflake', {
        schema,
      })
    ).to.deep.equal(['s.amount > v.jan', 's.id > v.id']);
    expect(
      columns('CREATE VIEW v AS SELECT id, val FROM w UNPIVOT (val FOR month IN (jan, feb))', 'snowflake', { schema })
    ).to.deep.equal(['w.feb > v.val', 'w.id > v.id', 'w.jan > v.val']);
  });

  it('leave lambda parameters out', () => {
    expect(columns('INSERT INTO t SELECT transform(arr, x -> x + y) AS z FROM s', 'sparksql')).to.deep.equal([
      's.arr > t.z',
      's.y > t.z',
    ]);
  });

  it('use aliases of the same list where the dialect does', () => {
    const sql = 'CREATE VIEW v AS SELECT a AS x, x + 1 AS y FROM t';
    expect(columns(sql, 'snowflake')).to.deep.equal(['t.a > v.x', 't.a > v.y']);
    expect(columns(sql, 'mysql')).to.deep.equal(['t.a > v.x', 't.x > v.y']);
  });

  it('are called by their text when they have no name', () => {
    expect(columns('INSERT INTO t SELECT max(a), b + c FROM s', 'ansi')).to.deep.equal([
      's.a > t.max(a)',
      's.b > t.b + c',
      's.c > t.b + c',
    ]);
  });

  it('of count(*) are all of the table in ANSI, and none elsewhere', () => {
    expect(columns('INSERT INTO t SELECT count(*) AS n FROM s', 'ansi')).to.deep.equal(['s.* > t.n']);
    expect(columns('INSERT INTO t SELECT count(*) AS n FROM s', 'snowflake')).to.deep.equal([]);
  });

  it('go to the view when its definition is a plain query', () => {
    expect(shape('SELECT id AS key FROM shop.orders', 'mysql', { target: 'shop.v' })).to.deep.equal({
      sources: ['shop.orders'],
      targets: ['shop.v'],
      columns: ['shop.orders.id > shop.v.key'],
    });
  });
});

describe('Tables of queries', () => {
  it('of a CTE are the CTE’s, but a qualified name of the same sound is a table', () => {
    expect(shape('WITH w AS (SELECT * FROM s.a) SELECT * FROM w CROSS JOIN db.w', 'ansi').sources).to.deep.equal([
      'db.w',
      's.a',
    ]);
  });

  it('in conditions count as read', () => {
    expect(
      shape(
        'SELECT 1 FROM a WHERE x IN (SELECT y FROM b) AND EXISTS (SELECT 1 FROM c) ORDER BY (SELECT max(z) FROM d)',
        'ansi'
      ).sources
    ).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('get the defaults put before them when these are given', () => {
    const options = { defaultSchema: 'PUBLIC', defaultDatabase: 'DB' };
    expect(shape('INSERT INTO s.t SELECT * FROM u', 'snowflake', options))
      .to.include.deep.keys('sources')
      .and.to.deep.include({ sources: ['DB.PUBLIC.u'], targets: ['DB.s.t'] });
  });

  it('keep dots inside quotes as part of a name', () => {
    expect(parseLineage('SELECT * FROM "a.b"."c"', 'postgres').sources[0]?.parts).to.deep.equal(['a.b', 'c']);
  });

  const SHARING = { a: ['x', 'k', 'y'], b: ['z', 'k', 'w'], c: ['q', 'k', 'x'], d: ['k', 'x', 'y'] };
  // As SELECT * FROM … shows them on PostgreSQL 15, MariaDB 10.11, SQLite 3.40 and DuckDB.
  for (const [dialect, from, shown] of [
    ['postgres', 'a JOIN b USING (k)', 'a.k+b.k a.x a.y b.z b.w'],
    ['snowflake', 'a LEFT JOIN b USING (k)', 'a.k+b.k a.x a.y b.z b.w'],
    ['postgres', 'a RIGHT JOIN b USING (k)', 'a.k+b.k a.x a.y b.z b.w'],
    ['postgres', 'a NATURAL RIGHT JOIN d', 'a.x+d.x a.k+d.k a.y+d.y'],
    ['postgres', 'c JOIN (a JOIN b USING (k)) USING (x, k)', 'a.x+c.x a.k+b.k+c.k c.q a.y b.z b.w'],
    ['postgres', 'b, a JOIN c USING (x, k)', 'b.z b.k b.w a.x+c.x a.k+c.k a.y c.q'],
    ['postgres', 'a JOIN b USING (k) JOIN d USING (k)', 'a.k+b.k+d.k a.x a.y b.z b.w d.x d.y'],
    ['postgres', 'b RIGHT JOIN (a RIGHT JOIN c USING (x)) USING (w)', 'b.w b.z b.k a.x+c.x a.k a.y c.q c.k'],
    ['mysql', 'a LEFT JOIN b USING (k)', 'a.k+b.k a.x a.y b.z b.w'],
    ['mariadb', 'a RIGHT JOIN b USING (k)', 'a.k+b.k b.z b.w a.x a.y'],
    ['mariadb', 'a NATURAL RIGHT JOIN d', 'a.k+d.k a.x+d.x a.y+d.y'],
    ['mariadb', 'c JOIN (a JOIN b USING (k)) USING (x, k)', 'a.k+b.k+c.k a.x+c.x c.q a.y b.z b.w'],
    ['mysql', 'a LEFT JOIN (d RIGHT JOIN c USING (x, k)) USING (k)', 'a.k+c.k+d.k a.x a.y c.x+d.x c.q d.y'],
    ['mysql', 'a JOIN b ON a.k = b.k RIGHT JOIN d USING (y)', 'a.y+d.y d.k d.x a.x a.k b.z b.k b.w'],
    ['sqlite', 'a JOIN b USING (k)', 'a.x a.k+b.k a.y b.z b.w'],
    ['sqlite', 'a NATURAL JOIN c', 'a.x+c.x a.k+c.k a.y c.q'],
    ['duckdb', 'c JOIN (a JOIN b USING (k)) USING (x, k)', 'c.q a.k+b.k+c.k a.x+c.x a.y b.z b.w'],
  ] as const) {
    it(`of SELECT * have the places that ${dialect} gives them: ${from}`, () => {
      const places = shown.split(' ').map((_, index) => `p${index}`);
      const { columns: pairs } = parseLineage(`INSERT INTO t (${places.join(', ')}) SELECT * FROM ${from}`, dialect, {
        schema: SHARING,
      });
      const sources = places.map((place) =>
        pairs.filter(([, to]) => to.column === place).map(([from]) => columnText(from))
      );
      expect(
        sources
          .map((names) => names.sort().join('+'))
          .join(' ')
          .trim()
      ).to.equal(shown);
    });
  }

  it('shared by a join are the first of SELECT *, also when no others are known', () => {
    const sql = 'INSERT INTO t (p, q) SELECT * FROM a JOIN b USING (id)';
    expect(columns(sql, 'postgres', { schema: { a: ['x', 'id'] } })).to.include.members(['a.id > t.p', 'b.id > t.p']);
    expect(columns(sql, 'postgres', { schema: { a: ['x', 'id'] } })).to.include('a.x > t.q');
    const natural = 'INSERT INTO t (p, q) SELECT * FROM a NATURAL JOIN b';
    expect(columns(natural, 'postgres', { schema: { a: ['x', 'id'] } })).to.not.include('a.x > t.p');
  });

  it('joined by NATURAL show what they share once', () => {
    const schema = { a: ['id', 'x'], b: ['id', 'y'] };
    expect(columns('INSERT INTO t (p, q, r) SELECT * FROM a NATURAL JOIN b', 'mysql', { schema })).to.deep.equal([
      'a.id > t.p',
      'a.x > t.q',
      'b.id > t.p',
      'b.y > t.r',
    ]);
  });

  it('joined by = are told with their columns', () => {
    const { joins } = parseLineage(
      'SELECT 1 FROM shop.orders o JOIN shop.customers c ON o.customer_id = c.id AND o.kind > 3',
      'mysql'
    );
    expect(joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal([
      'shop.orders.customer_id = shop.customers.id',
    ]);
  });

  it('joined by a subquery of ORDER BY are told with their columns', () => {
    const { joins } = parseLineage('SELECT a.x FROM a ORDER BY a.x, (SELECT z FROM c WHERE c.id = a.id)', 'postgres');
    expect(joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal(['c.id = a.id']);
  });

  for (const [item, pairs] of [
    ['a.id', ['a.id = c.id']],
    ['(a.id)', ['a.id = c.id']],
    ['max(a.id)', []],
    ['a.id + 1', []],
    ['CASE WHEN a.x > 1 THEN a.id END', []],
  ] as const) {
    it(`joined through a subquery that shows ${item} are ${pairs.length === 0 ? 'not ' : ''}told`, () => {
      for (const sql of [
        `SELECT 1 FROM (SELECT ${item} AS k FROM a) q JOIN c ON q.k = c.id`,
        `WITH q (k) AS (SELECT ${item} FROM a) SELECT 1 FROM q JOIN c ON q.k = c.id`,
      ])
        expect(
          parseLineage(sql, 'snowflake').joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)
        ).to.deep.equal(pairs);
    });
  }

  it('joined by what a table function makes of a column are not told', () => {
    expect(parseLineage('SELECT 1 FROM a, unnest(a.x) u(v), b WHERE u.v = b.id', 'postgres').joins).to.deep.equal([]);
  });

  const ID = 's.a.id = s.b.id';
  for (const [dialect, condition, pairs = [ID]] of [
    ['mysql', 'a.id = (b.id)'],
    ['postgres', '((a.id) = ((b.id)))'],
    ['snowflake', 'a.id = b.id OR a.x = b.y', [ID, 's.a.x = s.b.y']],
    ['mysql', '(a.id = b.id) OR (a.x = (b.y) AND a.z > 1)', [ID, 's.a.x = s.b.y']],
    ['postgres', '(a.id, a.x, a.z) = (b.id, b.y, 3)', [ID, 's.a.x = s.b.y']],
    ['postgres', 'ROW(a.id, a.x) = ROW(b.id, b.y) AND a.z = 3', [ID, 's.a.x = s.b.y']],
    ['mysql', 'a.id = b.id COLLATE utf8mb4_bin AND a.z = 3'],
    ['tsql', '(a.id COLLATE Latin1_General_BIN) = b.id COLLATE Latin1_General_BIN'],
    ['postgres', 'a.id = b.id COLLATE pg_catalog."C"'],
    ['mysql', 'a.id <=> b.id'],
    ['sqlite', 'a.id == b.id'],
    ['snowflake', 'a.id IS NOT DISTINCT FROM b.id AND a.z = 3'],
    ['oracle', 'a.id = b.id (+) AND a.z = 3'],
    ['oracle', 'a.id (+) = b.id'],
    ['postgres', '((a.id = b.id) IS TRUE)'],
    ['mysql', 'a.z = 3 AND NOT (a.id = b.id)', []],
    ['mysql', '!(a.z = 3 AND (a.id = b.id))', []],
    ['mysql', '(a.id = b.id) = 0', []],
    ['mysql', '(a.id = b.id) IS FALSE', []],
    ['postgres', 'NOT ((a.id, a.x) = (b.id, b.y))', []],
    ['mysql', 'a.id = b.id XOR a.x = b.y', []],
    ['mysql', '(a.id = b.id) XOR (a.x = b.y)', []],
    ['bigquery', 'a.id = (b.id + 1) AND lower(a.id) = b.id AND a.id = lower(b.id)', []],
    ['postgres', 'a.id IN (a.x, b.y) AND NOT (a.id) = b.id AND (a.id, a.x) = (b.id, b.y, 1)', []],
  ] as const) {
    it(`joined by ${condition} in ${dialect} are told with their columns`, () => {
      const { joins, doubts } = parseLineage(
        `SELECT 1 FROM s.a a LEFT JOIN s.b b ON ${condition} WHERE a.z > 3`,
        dialect
      );
      expect(joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal(pairs);
      expect(doubts).to.deep.equal([]);
    });
  }

  for (const hint of ['FORCE INDEX FOR JOIN (PRIMARY)', 'IGNORE KEY FOR ORDER BY (i)', 'USE INDEX FOR GROUP BY (i, j)'])
    it(`joined behind ${hint} are told`, () => {
      const { joins, sources } = parseLineage(`SELECT 1 FROM a JOIN b ${hint} ON a.id = b.id`, 'mysql');
      expect(joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal([
        'a.id = b.id',
      ]);
      expect(sources.map(({ name }) => name)).to.deep.equal(['a', 'b']);
    });

  const NATURAL = { 's.a': ['x', 'id', 'day'], 's.b': ['day', 'z', 'ID'], 's.c': ['id', 'Z'] };
  for (const [sql, pairs, schema] of [
    ['SELECT 1 FROM s.a x LEFT JOIN s.b USING (id, day)', ['s.a.id = s.b.id', 's.a.day = s.b.day']],
    ['SELECT 1 FROM s.a JOIN s.b USING (id) JOIN s.c USING (ID)', ['s.a.id = s.b.id', 's.a.ID = s.c.ID']],
    ['SELECT 1 FROM s.a JOIN s.b ON a.x = b.y JOIN s.c USING (id)', ['s.a.x = s.b.y', 'id = s.c.id']],
    [
      'SELECT 1 FROM s.a JOIN s.b ON a.x = b.y JOIN s.c USING (id)',
      ['s.a.x = s.b.y', 's.b.id = s.c.id'],
      { 's.a': ['x'], 's.b': ['y', 'id'], 's.c': ['id'] },
    ],
    ['UPDATE s.a JOIN s.b USING (id) SET a.x = b.y', ['s.a.id = s.b.id']],
    ['SELECT 1 FROM s.c, s.a JOIN s.b USING (id)', ['s.a.id = s.b.id']],
    [
      'SELECT 1 FROM s.a JOIN (s.b JOIN s.c USING (day)) USING (id, day)',
      ['s.b.day = s.c.day', 's.a.id = id', 's.a.day = s.b.day'],
    ],
    ['SELECT 1 FROM s.a NATURAL JOIN s.b', ['* = *']],
    ['SELECT 1 FROM s.c, s.a x NATURAL JOIN s.b', ['s.a.id = s.b.ID', 's.a.day = s.b.day'], NATURAL],
    [
      'SELECT 1 FROM s.a NATURAL LEFT OUTER JOIN s.b NATURAL INNER JOIN s.c',
      ['s.a.id = s.b.ID', 's.a.day = s.b.day', 's.a.id = s.c.id', 's.b.z = s.c.Z'],
      NATURAL,
    ],
    ['SELECT 1 FROM (SELECT id, y FROM s.a) q NATURAL FULL JOIN s.c', ['s.a.id = s.c.id'], NATURAL],
    ['UPDATE s.a NATURAL JOIN s.b SET a.x = b.z', ['s.a.id = s.b.ID', 's.a.day = s.b.day'], NATURAL],
  ] as const) {
    it(`joined by USING or NATURAL are told with their columns${schema === undefined ? '' : ', placed by those of the tables'}: ${sql}`, () => {
      const { joins } = parseLineage(sql, 'mysql', schema === undefined ? {} : { schema });
      expect(joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`).sort()).to.deep.equal(
        [...pairs].sort()
      );
    });
  }
});
