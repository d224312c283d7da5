import { expect } from 'chai';
import { parseLineage } from '../../../src/sql/index.js';

/** Statement, then `from > to (pairs of columns)` of its edges. */
const STATEMENTS: readonly (readonly [sql: string, edges: readonly string[]])[] = [
  [
    "INSERT INTO s.a AS x (id, n) SELECT DISTINCT ON (b.id) b.id, b.n::int FROM s.b LEFT JOIN LATERAL (SELECT c.* FROM s.c WHERE c.id = b.id LIMIT $1) l ON true WHERE b.tags && ARRAY['x']::text[] ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n RETURNING id",
    ['s.b > s.a (2)', 's.c > s.a (0)'],
  ],
  [
    'WITH gone AS (DELETE FROM s.a USING s.b WHERE a.id = b.id RETURNING a.*) INSERT INTO s.archive SELECT * FROM gone',
    ['s.a > s.archive (1)', 's.b > s.archive (0)'],
  ],
  ['UPDATE s.a SET n = b.n FROM s.b WHERE a.id = b.id RETURNING a.id', ['s.b > s.a (1)']],
  [
    "CREATE TABLE s.t AS SELECT (j->>'x')::numeric AS x, j #> '{a,b}' AS y, string_agg(n, ',' ORDER BY id) FILTER (WHERE id > 1) AS z FROM s.b GROUP BY 1, 2",
    ['s.b > s.t (4)'],
  ],
  ['SELECT x INTO s.made FROM s.b WHERE d = $tag$ FROM s.no $tag$', ['s.b > s.made (1)']],
  [
    'CREATE MATERIALIZED VIEW s.m AS SELECT n, percentile_cont(0.5) WITHIN GROUP (ORDER BY k) AS middle FROM ONLY s.b GROUP BY n',
    ['s.b > s.m (2)'],
  ],
];

describe("PostgreSQL's own syntax", () => {
  for (const [sql, edges] of STATEMENTS)
    it(`is read: ${sql.slice(0, 60)}`, () => {
      const found = parseLineage(sql, 'postgres').edges.map(
        ({ from, to, columns }) => `${from} > ${to} (${columns.length})`
      );
      expect(found).to.deep.equal(edges);
    });

  it('is read: functions in C and of the server have no statements', () => {
    for (const sql of [
      "CREATE FUNCTION s.f(a int) RETURNS int LANGUAGE internal AS 'int4abs'",
      "CREATE OR REPLACE FUNCTION s.f(a int, b int) RETURNS int AS 'MODULE_PATHNAME', 'f_1_2' IMMUTABLE STRICT PARALLEL SAFE COST 10 LANGUAGE C",
      "CREATE FUNCTION s.f() RETURNS int LANGUAGE 'c' AS '$libdir/f'",
      "CREATE FUNCTION s.f() RETURNS int AS '$libdir/f' LANGUAGE 'c'",
    ]) {
      const { edges, doubts } = parseLineage(sql, 'postgres');
      expect({ edges, doubts }, sql).to.deep.equal({ edges: [], doubts: [] });
    }
  });
});
