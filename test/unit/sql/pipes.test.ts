import { expect } from 'chai';
import { parseLineage, type Dialect, type LineageOptions } from '../../../src/sql/index.js';
import { columnText, shapeOf } from './lineage-shape.js';

/** Operators behind `FROM o AS o`, joins, sources, columns of the view. */
type Case = readonly [
  operators: string,
  joins: readonly string[],
  sources: readonly string[],
  columns: readonly string[],
];

const CASES: readonly Case[] = [
  ['|> WHERE v > 0 |> SELECT k, v AS w', [], ['o'], ['o.k > t.k', 'o.v > t.w']],
  // What is grouped by comes first, whatever order the rows are given.
  [
    '|> AGGREGATE SUM(v) AS s DESC, MAX(w) AS m GROUP AND ORDER BY k DESC NULLS LAST, DATE(d) AS day',
    [],
    ['o'],
    ['o.d > t.day', 'o.k > t.k', 'o.v > t.s', 'o.w > t.m'],
  ],
  ['|> AGGREGATE SUM(v) AS s GROUP BY ROLLUP (a, b)', [], ['o'], ['o.a > t.a', 'o.b > t.b', 'o.v > t.s']],
  [
    '|> JOIN c AS c ON c.id = o.cid |> LEFT JOIN d ON d.id = c.id |> SELECT o.x, c.y, d.z',
    ['c.id = o.cid', 'd.id = c.id'],
    ['c', 'd', 'o'],
    ['c.y > t.y', 'd.z > t.z', 'o.x > t.x'],
  ],
  ['|> EXTEND a + 1 AS b |> EXTEND b * 2 AS c |> SELECT c', [], ['o'], ['o.a > t.c']],
  ['|> SET v = w + 1 |> SELECT v', [], ['o'], ['o.w > t.v']],
  ['|> RENAME v AS w |> SELECT w', [], ['o'], ['o.v > t.w']],
  // The names of tables outlive what changes columns.
  [
    '|> JOIN c AS c ON c.id = o.cid |> SET v = c.w |> DROP u |> RENAME v AS r |> WHERE o.z = 1 |> SELECT o.x, c.y, r',
    ['c.id = o.cid'],
    ['c', 'o'],
    ['c.w > t.r', 'c.y > t.y', 'o.x > t.x'],
  ],
  ['|> AS p |> JOIN c AS q ON p.id = q.id |> SELECT p.x, q.y', ['o.id = c.id'], ['c', 'o'], ['c.y > t.y', 'o.x > t.x']],
  [
    '|> SELECT a, b |> UNION ALL (SELECT c, d FROM u), (FROM w |> SELECT e, f) |> EXTEND a + b AS s |> SELECT s',
    [],
    ['o', 'u', 'w'],
    ['o.a > t.s', 'o.b > t.s', 'u.c > t.s', 'u.d > t.s', 'w.e > t.s', 'w.f > t.s'],
  ],
  ["|> PIVOT (SUM(v) FOR k IN ('a', 'b')) |> SELECT a, b", [], ['o'], ['o.v > t.a', 'o.v > t.b']],
  [
    '|> WITH w AS (SELECT id, y FROM u) |> JOIN w ON w.id = o.id |> SELECT w.y',
    ['u.id = o.id'],
    ['o', 'u'],
    ['u.y > t.y'],
  ],
  ['|> CALL my.f(1) AS f |> SELECT f.a', [], ['o'], ['o.* > t.a']],
  ['|> LEFT JOIN UNNEST(o.list) AS e |> SELECT o.id, e', [], ['o'], ['o.id > t.id', 'o.list > t.e']],
  [
    '|> WHERE x IN (FROM u |> SELECT x) |> ORDER BY x DESC |> LIMIT 10 OFFSET 5 |> DISTINCT |> SELECT x',
    [],
    ['o', 'u'],
    ['o.x > t.x'],
  ],
  [
    '|> TABLESAMPLE SYSTEM (10 PERCENT) |> ASSERT x > 0, "x" |> SELECT x, SUM(v) OVER w AS s WINDOW w AS (PARTITION BY k)',
    [],
    ['o'],
    ['o.k > t.s', 'o.v > t.s', 'o.x > t.x'],
  ],
];

function read(sql: string, dialect: Dialect = 'bigquery', options?: LineageOptions): unknown {
  const lineage = parseLineage(sql, dialect, options);
  const joins = lineage.joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`).sort();
  return { ...shapeOf(lineage), joins, doubts: lineage.doubts };
}

describe('Pipes', () => {
  for (const dialect of ['bigquery', 'databricks', 'sparksql'] as const) {
    for (const [operators, joins, sources, columns] of CASES) {
      it(`are read in ${dialect}: ${operators}`, () => {
        expect(read(`CREATE VIEW t AS FROM o AS o ${operators}`, dialect)).to.deep.equal({
          sources,
          targets: ['t'],
          columns,
          joins,
          doubts: [],
        });
      });
    }
  }

  it('change the columns that are known', () => {
    const schema = { o: ['a', 'b', 'c'] };
    const sql = 'CREATE VIEW t AS FROM o |> SET a = b |> DROP c |> EXTEND a + b AS d |> RENAME b AS e';
    expect(read(sql, 'bigquery', { schema })).to.deep.include({ columns: ['o.b > t.a', 'o.b > t.d', 'o.b > t.e'] });
  });

  it('follow any query, in INSERTs, CTEs and subqueries too', () => {
    expect(read('INSERT INTO t (p, q) SELECT a, b FROM o |> WHERE a > 1 |> SELECT b, a')).to.deep.include({
      columns: ['o.a > t.q', 'o.b > t.p'],
      doubts: [],
    });
    expect(
      read('WITH w AS (FROM o |> SELECT a) SELECT 1 FROM w JOIN (FROM u |> SELECT b) s ON w.a = s.b')
    ).to.deep.include({
      joins: ['o.a = u.b'],
      doubts: [],
    });
    expect(read('CREATE VIEW t AS TABLE o |> WHERE a > 1 |> SELECT a', 'databricks')).to.deep.include({
      columns: ['o.a > t.a'],
      doubts: [],
    });
  });

  it('are read as far as they can be, and doubted, where they are thousands', () => {
    const sql = `CREATE VIEW t AS FROM o ${'|> SET a = a + 1 '.repeat(5000)} |> SELECT a; SELECT 1 FROM u`;
    expect(read(sql)).to.deep.include({ sources: ['o', 'u'], doubts: ['too many pipe operators'] });
    const filters = `CREATE VIEW t AS FROM o ${'|> WHERE a > 1 '.repeat(5000)} |> SELECT a`;
    expect(read(filters)).to.deep.include({ columns: ['o.a > t.a'], doubts: [] });
  });

  it('are doubted where an operator is not known', () => {
    const { doubts } = parseLineage('CREATE VIEW t AS FROM o |> FROBNICATE 1 2 |> SELECT a', 'bigquery');
    expect(doubts).to.deep.equal(['a pipe operator not read: "1"']);
  });
});
