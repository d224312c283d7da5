import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { columnText, shapeOf } from './lineage-shape.js';

const schema = { a: ['id', 'x'], b: ['id', 'y'], c: ['id', 'z'] };

/** Dialect, text, joins, columns of what is written. */
type Case = readonly [Dialect, string, readonly string[], readonly string[]];

const ALL_THREE = ['a.id = b.id', 'a.id = c.id', 'b.id = c.id'];

const CASES: readonly Case[] = [
  // In brackets and under an alias, a join is one relation.
  ['postgres', 'SELECT * FROM (a JOIN b USING (id)) AS j JOIN c ON j.id = c.id', ALL_THREE, []],
  ['duckdb', 'SELECT * FROM (a JOIN b USING (id)) j JOIN c ON j.id = c.id', ALL_THREE, []],
  ['postgres', 'SELECT * FROM (a JOIN b USING (id)) AS j JOIN c USING (id)', ALL_THREE, []],
  [
    'postgres',
    'INSERT INTO t SELECT j.x, j.y FROM (a JOIN b USING (id)) AS j',
    ['a.id = b.id'],
    ['a.x > t.x', 'b.y > t.y'],
  ],
  [
    'postgres',
    'INSERT INTO t SELECT j.* FROM (a JOIN b ON a.id = b.id) j (k, l, m, n)',
    ['a.id = b.id'],
    ['a.id > t.k', 'a.x > t.l', 'b.id > t.m', 'b.y > t.n'],
  ],
  ['postgres', 'SELECT 1 FROM (a CROSS JOIN b) AS j (p, q, r, s) JOIN c ON j.r = c.id', ['b.id = c.id'], []],
  [
    'postgres',
    'INSERT INTO t (p, q) SELECT n.id, n.y FROM ((a JOIN b USING (id)) AS j JOIN c USING (id)) AS n',
    ALL_THREE,
    ['a.id > t.p', 'b.id > t.p', 'b.y > t.q', 'c.id > t.p'],
  ],
  ['mysql', 'SELECT * FROM (a) x JOIN b ON x.id = b.id', ['a.id = b.id'], []],
  [
    'tsql',
    'INSERT INTO t SELECT p.x, p.[1] FROM (a JOIN b ON a.id = b.id) PIVOT (MAX(y) FOR z IN ([1], [2])) AS p',
    ['a.id = b.id'],
    ['a.x > t.x', 'b.y > t.1'],
  ],
  // Without one, the names inside stay visible.
  ['mysql', 'SELECT * FROM (a, b) JOIN c ON a.id = c.id AND b.id = c.id', ['a.id = c.id', 'b.id = c.id'], []],
  // The alias of USING qualifies the shared columns, and hides nothing.
  ['postgres', 'SELECT * FROM a JOIN b USING (id) AS m JOIN c ON m.id = c.id', ALL_THREE, []],
  [
    'postgres',
    'SELECT 1 FROM a JOIN b USING (id) AS m, LATERAL (SELECT * FROM c WHERE c.id = m.id) q',
    ['a.id = b.id', 'c.id = a.id', 'c.id = b.id'],
    [],
  ],
  [
    'postgres',
    'INSERT INTO t (p, q) SELECT m.*, a.x FROM a JOIN b USING (id) AS m',
    ['a.id = b.id'],
    ['a.id > t.p', 'a.x > t.q', 'b.id > t.p'],
  ],
  // UPDATE and MERGE take the same.
  [
    'postgres',
    'UPDATE c SET z = m.id FROM a JOIN b USING (id) AS m WHERE c.id = m.id',
    ['a.id = b.id', 'c.id = a.id', 'c.id = b.id'],
    ['a.id > c.z', 'b.id > c.z'],
  ],
  [
    'postgres',
    'MERGE INTO c USING (a JOIN b USING (id)) AS j ON c.id = j.id WHEN MATCHED THEN UPDATE SET z = j.x',
    ['a.id = b.id', 'c.id = a.id', 'c.id = b.id'],
    ['a.x > c.z'],
  ],
  [
    'tsql',
    'MERGE INTO c USING a JOIN b ON a.id = b.id ON c.id = a.id AND a.x > CASE WHEN b.y > 1 THEN 1 END WHEN MATCHED THEN UPDATE SET z = b.y;',
    ['a.id = b.id', 'c.id = a.id'],
    ['b.y > c.z'],
  ],
];

describe('Joins under a name', () => {
  for (const [dialect, sql, joins, columns] of CASES) {
    it(`pass their columns on: ${sql} (${dialect})`, () => {
      const lineage = parseLineage(sql, dialect, { schema });
      expect(lineage.joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal(joins);
      expect(shapeOf(lineage).columns).to.deep.equal(columns);
      expect(lineage.doubts).to.deep.equal([]);
    });
  }
});
