import { expect } from 'chai';
import { parseLineage, type Dialect, type LineageOptions } from '../../../src/sql/index.js';
import { shape, shapeOf, used } from './lineage-shape.js';

const SCHEMA = { a: ['id', 'v', 'w'], b: ['k', 'v', 'y'] };

function joins(sql: string, dialect: Dialect, options: LineageOptions = {}): string[] {
  return used(sql, dialect, options).joins.map(
    ({ left, right }) => `${left.table ?? '?'}.${left.column} = ${right.table ?? '?'}.${right.column}`
  );
}

/** An INSERT's end; what its rows are joined by, without and with known columns. */
const INSERTED: readonly (readonly [insert: string, joins: string, known?: string])[] = [
  ['INTO a (v) SELECT v FROM b RETURNING id, v', 'a.id b.v'],
  ['INTO a (v) SELECT v FROM b RETURNING *', 'a.id b.v a.w'],
  ['INTO a (v) SELECT v FROM b RETURNING a.*', 'a.id b.v a.w'],
  ['INTO a AS t (v) SELECT v FROM b RETURNING t.id, t.w', 'a.id a.w'],
  ['INTO a AS t (v) SELECT v FROM b RETURNING t.*', 'a.id b.v a.w'],
  ['INTO s.a (v) SELECT v FROM b RETURNING a.id, s.a.v', 's.a.id b.v'],
  ['INTO a (v, w) SELECT v, 1 FROM b RETURNING *', 'a.id b.v a.w'],
  ['INTO a (v) SELECT lower(v) FROM b RETURNING id, v', 'a.id'],
  ['INTO a (v) SELECT v FROM b RETURNING id + v AS id', ''],
  ['INTO a (v) SELECT v FROM b UNION SELECT y FROM b RETURNING id, v', 'a.id b.v b.y'],
  ['INTO a (w, v) SELECT k, v FROM b RETURNING *', 'a.id b.v b.k'],
  ['INTO a SELECT v, k FROM b RETURNING *', '?.id ?.v ?.w', 'b.v b.k a.w'],
  ['INTO a SELECT * FROM b RETURNING id, v', '?.id ?.v', 'b.k b.v'],
  ['INTO a (id, v) SELECT k, v FROM b ON CONFLICT DO NOTHING RETURNING *', 'b.k b.v a.w'],
  [
    'INTO a (id, v) SELECT k, v FROM b ON CONFLICT (id) DO UPDATE SET v = excluded.v RETURNING old.id, new.v, w',
    'a.id b.v a.w',
  ],
  ['INTO a (id, v) SELECT k, v FROM b ON CONFLICT (id) DO UPDATE SET v = a.v + excluded.v RETURNING id, v', 'b.k a.v'],
  ['INTO a (v) VALUES ((SELECT y FROM b)) RETURNING *', 'a.id a.v a.w'],
  ['INTO a DEFAULT VALUES RETURNING *', 'a.id a.v a.w'],
];

describe('The rows that an INSERT returns', () => {
  for (const [insert, written, known = written] of INSERTED)
    it(`have the columns of the query, and the table's own beside them: ${insert}`, () => {
      const sql = `WITH u AS (INSERT ${insert}) SELECT 1 FROM u JOIN c ON c.id = u.id AND c.v = u.v AND c.w = u.w`;
      const right = (options?: LineageOptions): string =>
        joins(sql, 'postgres', options)
          .map((join) => join.split(' = ')[1])
          .join(' ');
      expect(right()).to.equal(written);
      expect(right({ schema: SCHEMA })).to.equal(known);
    });

  it('flow on from where each column comes from', () => {
    const change = 'WITH u AS (INSERT INTO a (v) SELECT v FROM b RETURNING id, v)';
    expect(shape(`${change} INSERT INTO h (i, n) SELECT id, v FROM u`, 'postgres')).to.deep.equal({
      sources: ['b'],
      targets: ['h'],
      columns: ['a.id > h.i', 'b.v > a.v', 'b.v > h.n'],
    });
    expect(shape(`${change.replace('id, ', '')} INSERT INTO h (n) SELECT v FROM u`, 'postgres')).to.deep.equal({
      sources: ['b'],
      targets: ['a', 'h'],
      columns: ['b.v > a.v', 'b.v > h.n'],
    });
    expect(shape(`${change} INSERT INTO h (n) SELECT k FROM c`, 'postgres').columns).to.deep.equal([
      'b.v > a.v',
      'c.k > h.n',
    ]);
    const all = 'WITH u AS (INSERT INTO a (v) SELECT v FROM b RETURNING *) INSERT INTO h SELECT * FROM u';
    expect(shape(all, 'postgres', { schema: SCHEMA }).columns).to.deep.equal([
      'a.id > h.id',
      'a.w > h.w',
      'b.v > a.v',
      'b.v > h.v',
    ]);
  });

  it('are in T-SQL what OUTPUT shows', () => {
    const nested =
      'INSERT INTO h SELECT o.id FROM (INSERT INTO a (v) OUTPUT inserted.* SELECT v FROM b) AS o JOIN c ON c.id = o.id AND c.v = o.v';
    expect(joins(nested, 'tsql')).to.deep.equal(['c.id = a.id', 'c.v = b.v']);
    const kept = 'INSERT INTO a (v) OUTPUT inserted.id, inserted.v INTO log (i, n) OUTPUT inserted.w SELECT v FROM b';
    expect(shape(kept, 'tsql')).to.deep.equal({
      sources: ['b'],
      targets: ['a', 'log'],
      columns: ['a.id > log.i', 'b.v > a.v', 'b.v > log.n'],
    });
  });
});

describe('An INSERT without a list of columns', () => {
  it('fills the first ones in PostgreSQL', () => {
    expect(shape('INSERT INTO a SELECT v, k FROM b', 'postgres', { schema: SCHEMA }).columns).to.deep.equal([
      'b.k > a.v',
      'b.v > a.id',
    ]);
  });
});

describe('RETURNING and OUTPUT', () => {
  for (const [dialect, sql, ...found] of [
    [
      'postgres',
      'WITH u AS (UPDATE a SET v = 1 RETURNING WITH (OLD AS o, NEW AS n) o.id, n.v) SELECT 1 FROM u, c WHERE c.id = u.id AND c.v = u.v',
      'c.id = a.id',
      'c.v = a.v',
    ],
    ['postgres', 'UPDATE a SET v = 1 FROM b WHERE a.id = b.k RETURNING a.v = b.v AS same', 'a.id = b.k'],
    [
      'postgres',
      'MERGE INTO a USING b ON a.id = b.k WHEN MATCHED THEN DELETE RETURNING (SELECT y FROM c WHERE c.id = a.id)',
      'a.id = b.k',
      'c.id = a.id',
    ],
    ['mariadb', 'INSERT INTO a (v) VALUES (1) RETURNING id, (SELECT max(y) FROM c WHERE c.k = a.id)', 'c.k = a.id'],
    ['mariadb', 'DELETE FROM a RETURNING id, (SELECT max(y) FROM c WHERE c.k = a.id)', 'c.k = a.id'],
    [
      'postgres',
      'INSERT INTO a (id) SELECT k FROM b ON CONFLICT (id) DO UPDATE SET v = 1 WHERE a.w > (SELECT max(y) FROM c WHERE c.id = a.id)',
      'c.id = a.id',
    ],
  ] as const)
    it(`read what their subqueries read, and compare nothing else (${dialect}): ${sql}`, () => {
      expect(joins(sql, dialect)).to.deep.equal(found);
      if (sql.includes(' c ')) expect(shapeOf(used(sql, dialect)).sources).to.include('c');
    });

  it('put values into variables', () => {
    for (const [dialect, sql] of [
      ['oracle', 'INSERT INTO a (v) SELECT v FROM b RETURNING id INTO :x'],
      ['oracle', 'UPDATE a SET v = 1 RETURNING id, v BULK COLLECT INTO x, y'],
      [
        'postgres',
        'DO $$ BEGIN INSERT INTO a (v) VALUES (1) RETURNING id INTO x; UPDATE a SET v = x RETURNING v INTO x; END $$',
      ],
    ] as const)
      expect(parseLineage(sql, dialect).doubts, sql).to.deep.equal([]);
  });

  for (const [dialect, sql, expected] of [
    [
      'postgres',
      'WITH d AS (DELETE FROM a AS t USING b AS s WHERE t.id = s.k RETURNING t.id, s.y) INSERT INTO h (i, y) SELECT id, y FROM d',
      { sources: ['a', 'b'], targets: ['h'], columns: ['a.id > h.i', 'b.y > h.y'] },
    ],
    [
      'postgres',
      'WITH n AS (SELECT k FROM b), d AS (DELETE FROM ONLY a USING n WHERE a.id = n.k AND a.w IN (SELECT y FROM c) RETURNING a.*, n.k) INSERT INTO h (i, y) SELECT id, k FROM d',
      { sources: ['a', 'b', 'c'], targets: ['h'], columns: ['a.id > h.i', 'b.k > h.y'] },
    ],
    [
      'tsql',
      'DELETE FROM a OUTPUT deleted.id, deleted.v INTO log (i, n) WHERE w IN (SELECT y FROM b)',
      { sources: ['a', 'b'], targets: ['log'], columns: ['a.id > log.i', 'a.v > log.n'] },
    ],
    [
      'tsql',
      'WITH d AS (SELECT * FROM a WHERE v = 1) DELETE TOP (9) FROM d OUTPUT deleted.id INTO log FROM d JOIN b ON b.k = d.id OPTION (MAXDOP 1)',
      { sources: ['a', 'b'], targets: ['log'], columns: ['a.id > log.id'] },
    ],
    [
      'tsql',
      'UPDATE a SET v = 1 OUTPUT deleted.v INTO log WHERE w = 2',
      { sources: [], targets: ['a', 'log'], columns: ['a.v > log.v'] },
    ],
    [
      'tsql',
      'UPDATE x SET v = b.v OUTPUT inserted.id, b.y INTO log (i, y) FROM a x JOIN b ON x.id = b.k',
      { sources: ['b'], targets: ['a', 'log'], columns: ['a.id > log.i', 'b.v > a.v', 'b.y > log.y'] },
    ],
    [
      'tsql',
      'UPDATE x SET v = b.v, w = x.w + b.y OUTPUT inserted.v, deleted.v, inserted.w INTO log (n, o, w) FROM a x JOIN b ON x.id = b.k',
      {
        sources: ['b'],
        targets: ['a', 'log'],
        columns: ['a.v > log.o', 'a.w > log.w', 'b.v > a.v', 'b.v > log.n', 'b.y > a.w', 'b.y > log.w'],
      },
    ],
    [
      'tsql',
      'UPDATE a SET v = w, w = 1 OUTPUT inserted.*, deleted.id INTO log (v, w)',
      { sources: [], targets: ['a', 'log'], columns: ['a.* > log.*', 'a.id > log.id', 'a.w > log.v'] },
    ],
    [
      'tsql',
      'WITH d AS (SELECT TOP 5 id, v FROM a ORDER BY id) UPDATE d SET v = 1 OUTPUT inserted.id, deleted.v INTO log (id, v)',
      { sources: ['a'], targets: ['a', 'log'], columns: ['a.id > log.id', 'a.v > log.v'] },
    ],
    [
      'tsql',
      'MERGE a USING b ON a.id = b.k WHEN MATCHED THEN UPDATE SET v = b.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (b.k, b.y) OUTPUT $action, inserted.id, inserted.v, deleted.v INTO log (x, i, n, o);',
      {
        sources: ['b'],
        targets: ['a', 'log'],
        columns: [
          'a.id > log.i',
          'a.v > log.o',
          'b.k > a.id',
          'b.k > log.i',
          'b.v > a.v',
          'b.v > log.n',
          'b.y > a.v',
          'b.y > log.n',
        ],
      },
    ],
    [
      'tsql',
      'INSERT INTO h (o, n) SELECT c.o, c.n FROM (UPDATE a SET v = b.v OUTPUT deleted.v, inserted.v FROM a JOIN b ON a.id = b.k) AS c (o, n)',
      { sources: ['b'], targets: ['a', 'h'], columns: ['a.v > h.o', 'b.v > a.v', 'b.v > h.n'] },
    ],
    [
      'tsql',
      'WITH n AS (SELECT k, y FROM b) UPDATE a SET v = n.y OUTPUT n.k INTO log (k) FROM a JOIN n ON a.id = n.k',
      { sources: ['b'], targets: ['a', 'log'], columns: ['b.k > log.k', 'b.y > a.v'] },
    ],
    [
      'tsql',
      'MERGE a USING b ON a.id = b.k WHEN MATCHED THEN UPDATE SET v = b.v OUTPUT $action, b.y INTO log (x, y);',
      { sources: ['b'], targets: ['a', 'log'], columns: ['b.v > a.v', 'b.y > log.y'] },
    ],
    [
      'tsql',
      'INSERT INTO h (y) SELECT o.y FROM (UPDATE x SET v = b.v OUTPUT b.y FROM a x JOIN b ON x.id = b.k) AS o',
      { sources: ['b'], targets: ['a', 'h'], columns: ['b.v > a.v', 'b.y > h.y'] },
    ],
  ] as const)
    it(`pass on what was changed and what feeds the change (${dialect}): ${sql}`, () => {
      expect(shape(sql, dialect)).to.deep.equal(expected);
      expect(shapeOf(used(sql, dialect)).sources).to.deep.equal(expected.sources);
    });

  it('link the changed table with the one that keeps its rows', () => {
    const sql =
      'UPDATE a SET v = b.v OUTPUT inserted.v, deleted.v, deleted.id INTO log (n, o, i) FROM a JOIN b ON a.id = b.k';
    const edges = parseLineage(sql, 'tsql').edges.map(
      ({ from, to, columns }) =>
        `${from} > ${to}: ${columns.map(([one, other]) => `${one.column} > ${other.column}`).join()}`
    );
    expect(edges).to.deep.equal(['b > log: v > n', 'a > log: v > o,id > i', 'b > a: v > v']);
  });
});
