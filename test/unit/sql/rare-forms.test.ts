import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { shapeOf } from './lineage-shape.js';

/** Dialect, text, sources, targets, columns. */
type Form = readonly [Dialect, string, readonly string[], readonly string[], readonly string[]];

const FORMS: readonly Form[] = [
  // A subquery that is the first of several arguments, or part of a sum, is not all of its bracket.
  [
    'mysql',
    'INSERT INTO t (a) SELECT COALESCE((SELECT MAX(x) FROM u), b) FROM s',
    ['s', 'u'],
    ['t'],
    ['s.b > t.a', 'u.x > t.a'],
  ],
  [
    'snowflake',
    'INSERT INTO t (a) SELECT NVL((SELECT MAX(x) FROM u), (SELECT MIN(y) FROM w)) FROM s',
    ['s', 'u', 'w'],
    ['t'],
    ['u.x > t.a', 'w.y > t.a'],
  ],
  [
    'sqlite',
    'INSERT INTO t (a) SELECT (((SELECT MAX(x) FROM u)) + b) * c FROM s',
    ['s', 'u'],
    ['t'],
    ['s.b > t.a', 's.c > t.a', 'u.x > t.a'],
  ],
  [
    'mysql',
    'INSERT INTO t (a) SELECT b IN ((SELECT x FROM u), c) FROM s',
    ['s', 'u'],
    ['t'],
    ['s.b > t.a', 's.c > t.a', 'u.x > t.a'],
  ],
  [
    'ansi',
    'INSERT INTO t (a) SELECT ((SELECT x FROM u) UNION (SELECT y FROM w)) FROM s',
    ['s', 'u', 'w'],
    ['t'],
    ['u.x > t.a', 'w.y > t.a'],
  ],
  [
    'mysql',
    'INSERT INTO t (a) SELECT d + INTERVAL month DAY - INTERVAL day HOUR FROM s',
    ['s'],
    ['t'],
    ['s.d > t.a', 's.day > t.a', 's.month > t.a'],
  ],
  [
    'snowflake',
    "INSERT INTO t SELECT p.* FROM s PIVOT (SUM(v) FOR k IN ('x', 'y')) AS p (id, a, b)",
    ['s'],
    ['t'],
    ['s.id > t.id', 's.v > t.a', 's.v > t.b'],
  ],
  [
    'mysql',
    'CREATE TABLE t (b INT, PRIMARY KEY (b)) SELECT x AS b, y AS a FROM s',
    ['s'],
    ['t'],
    ['s.x > t.b', 's.y > t.a'],
  ],
  ['mysql', 'CREATE TABLE t (b INT, a INT) SELECT x AS a, y AS b FROM s', ['s'], ['t'], ['s.x > t.a', 's.y > t.b']],
  [
    'snowflake',
    'CREATE TABLE t (b INT, key VARCHAR(9), CONSTRAINT c UNIQUE (b), CHECK (b > 0)) AS SELECT x, y FROM s',
    ['s'],
    ['t'],
    ['s.x > t.b', 's.y > t.key'],
  ],
  ['mysql', 'SET STATEMENT max_statement_time = 60 FOR INSERT INTO t (a) SELECT b FROM s', ['s'], ['t'], ['s.b > t.a']],
  ['mysql', 'ANALYZE TABLE t, u', [], [], []],
  ['mysql', 'ANALYZE FORMAT = JSON UPDATE t JOIN s ON s.i = t.i SET t.a = s.b', ['s'], ['t'], ['s.b > t.a']],
  ['sqlite', 'INSERT INTO t (a, b) SELECT s.a, value FROM s, json_each(s.j)', ['s'], ['t'], ['s.a > t.a', 's.j > t.b']],
  ['snowflake', 'SHOW TABLES ->> INSERT INTO t (n) SELECT "name" FROM $1', [], ['t'], []],
  ['mysql', 'REPLACE INTO TABLE t SELECT a FROM s', ['s'], ['t'], ['s.a > t.a']],
  ['sparksql', 'INSERT OVERWRITE t IF EXISTS SELECT a FROM s', ['s'], ['t'], ['s.a > t.a']],
  ['databricks', 'INSERT INTO t REPLACE USING (a) SELECT a FROM s', ['s'], ['t'], ['s.a > t.a']],
  ['sparksql', 'INSERT INTO x WITH t (SELECT a FROM s) SELECT a FROM t', ['s'], ['x'], ['s.a > x.a']],
  [
    'tsql',
    'UPDATE t SET t.a = s.a OUTPUT inserted.a INTO log FROM dbo.s s JOIN t ON t.id = s.id',
    ['dbo.s'],
    ['log', 't'],
    ['dbo.s.a > log.a', 'dbo.s.a > t.a'],
  ],
  [
    'tsql',
    'INSERT INTO log (a) SELECT x.a FROM (MERGE t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v OUTPUT $action, s.v) AS x (k, a)',
    ['s'],
    ['log', 't'],
    ['s.v > log.a', 's.v > t.v'],
  ],
  [
    'tsql',
    'INSERT INTO o (a) SELECT s.a FROM s INNER HASH JOIN u ON u.id = s.id LEFT MERGE JOIN w ON w.id = s.id',
    ['s', 'u', 'w'],
    ['o'],
    ['s.a > o.a'],
  ],
  [
    'snowflake',
    'INSERT INTO o (x) SELECT NTH_VALUE(a, 2) FROM FIRST OVER (ORDER BY b) FROM s',
    ['s'],
    ['o'],
    ['s.a > o.x', 's.b > o.x'],
  ],
  [
    'snowflake',
    'INSERT INTO o (x) SELECT s.a FROM s CROSS DIRECTED JOIN u INNER DIRECTED JOIN w ON w.i = s.i',
    ['s', 'u', 'w'],
    ['o'],
    ['s.a > o.x'],
  ],
  ['snowflake', 'INSERT INTO o (x) SELECT a FROM s, WHERE b = 1', ['s'], ['o'], ['s.a > o.x']],
  ['duckdb', 'INSERT INTO o SELECT x: a, y: b + 1 FROM s', ['s'], ['o'], ['s.a > o.x', 's.b > o.y']],
  [
    'snowflake',
    'INSERT INTO o (a, b) SELECT end - opened, limit FROM s',
    ['s'],
    ['o'],
    ['s.end > o.a', 's.limit > o.b', 's.opened > o.a'],
  ],
  [
    'snowflake',
    'INSERT INTO o (a) SELECT CASE WHEN x THEN 0 ELSE y END FROM s',
    ['s'],
    ['o'],
    ['s.x > o.a', 's.y > o.a'],
  ],
  ['mysql', 'INSERT INTO o (a) VALUES (1) ON DUPLICATE KEY UPDATE a = a + 1', [], ['o'], []],
  ['mysql', 'INSERT INTO o (a) SELECT TRIM(LEADING \'x\' FROM "abc") FROM s', ['s'], ['o'], []],
  ['mysql', "PREPARE p FROM 'INSERT INTO o (a) SELECT b FROM s'", ['s'], ['o'], ['s.b > o.a']],
  ['mysql', "SELECT a FROM s ORDER BY a LIMIT 3 INTO OUTFILE '/out/a'", ['s'], ['path:/out/a'], []],
];

describe('Rare forms of SQL', () => {
  for (const [dialect, sql, sources, targets, columns] of FORMS) {
    it(`are read: ${sql.slice(0, 90)}`, () => {
      const lineage = parseLineage(sql, dialect);
      expect(shapeOf(lineage)).to.deep.equal({ sources, targets, columns });
      expect(lineage.doubts).to.deep.equal([]);
    });
  }

  const INHERITED = Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase());
  for (const dialect of ['mysql', 'snowflake', 'sqlite', 'postgres', 'ansi'] as const)
    it(`take names that every object of this program inherits for names like others (${dialect})`, () => {
      for (const name of INHERITED) {
        const sql = `INSERT INTO t (${name}, b, c) SELECT s.${name}, ${name} AS b, ${name}(s.${name}) FROM s ORDER BY s.${name}`;
        const lineage = parseLineage(sql, dialect);
        const column = `s.${name}`;
        expect(shapeOf(lineage), sql).to.deep.equal({
          sources: ['s'],
          targets: ['t'],
          columns: [`${column} > t.${name}`, `${column} > t.b`, `${column} > t.c`].sort(),
        });
        expect(lineage.doubts, sql).to.deep.equal([]);
        const table = parseLineage(`INSERT INTO t (a) SELECT a x FROM ${name} ${name}`, dialect);
        expect(shapeOf(table), name).to.deep.equal({ sources: [name], targets: ['t'], columns: [`${name}.a > t.a`] });
      }
    });
});
