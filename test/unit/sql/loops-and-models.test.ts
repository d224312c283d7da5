import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { columns, told } from './lineage-shape.js';

describe('Rows of a loop', () => {
  it('are no column of the tables in it', () => {
    const sql = 'FOR r IN (SELECT id FROM a) DO SELECT c.v FROM c WHERE c.id = r.id AND r.k = c.k; END FOR';
    expect(told(sql, 'bigquery')).to.equal('a c >');
    const filled = 'BEGIN FOR r AS SELECT id FROM a DO INSERT INTO d SELECT r.id AS i, c.v FROM c; END FOR; END';
    expect(columns(filled, 'databricks')).to.deep.equal(['c.v > d.v']);
  });

  it('are those of the loops around a statement alone', () => {
    const sql = `FOR r IN (SELECT id FROM a) DO
      WHILE x DO SELECT 1 FROM c JOIN e ON c.id = r.id; END WHILE;
      FOR s IN (SELECT k FROM b WHERE b.x = r.id) DO SELECT 1 FROM c JOIN e ON c.k = s.k; END FOR;
      SELECT 1 FROM c JOIN s ON c.k = s.k;
    END FOR;
    SELECT 1 FROM c JOIN r ON c.id = r.id`;
    expect(told(sql, 'bigquery')).to.equal('a c e b s r > c.k=s.k c.id=r.id');
  });
});

describe('Rows of a nested column', () => {
  for (const dialect of ['redshift', 'bigquery'] as const)
    it(`are no join with the column when one of their fields is compared (${dialect})`, () => {
      const sql = 'SELECT i.x FROM orders o, o.items i JOIN p ON p.id = i.pid AND p.o_id = o.id';
      expect(told(sql, dialect)).to.equal('orders p > p.o_id=orders.id');
      expect(columns(`INSERT INTO t (x) ${sql}`, dialect)).to.deep.equal(['orders.items > t.x']);
    });
});

describe("Oracle's MODEL", () => {
  const models = [
    "MODEL RETURN UPDATED ROWS PARTITION BY (c) DIMENSION BY (p, y) MEASURES (sale s) RULES (s['B', 2] = s['B', 1]) ORDER BY c",
    "MODEL PARTITION BY (c) DIMENSION BY (p) MEASURES (sale s) RULES UPSERT SEQUENTIAL ORDER (s[FOR p IN ('a', 'b')] = s[CV()])",
    "MODEL DIMENSION BY (p) MEASURES (sale s) RULES UPDATE AUTOMATIC ORDER (s['x'] = 1) ORDER BY p",
  ];
  for (const model of models)
    it(`is read to its end: ${model.slice(0, 60)}`, () => {
      const dialect: Dialect = 'oracle';
      expect(told(`SELECT * FROM v ${model}; DELETE FROM w`, dialect)).to.equal('v w > changed w');
    });
});
