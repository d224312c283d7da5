import { expect } from 'chai';
import { maskLiterals } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

describe("BigQuery's strings", () => {
  const query = (condition: string): string => `SELECT * FROM d.a WHERE ${condition} AND EXISTS (SELECT 1 FROM d.b)`;
  const run: readonly string[] = [
    `EXECUTE IMMEDIATE r"""${query('REGEXP_CONTAINS(x, "\\d")')}"""`,
    `EXECUTE IMMEDIATE R'''${query("REGEXP_CONTAINS(x, '\\d')")}'''`,
    `EXECUTE IMMEDIATE r"${query("REGEXP_CONTAINS(x, '\\d')")}"`,
    `EXECUTE IMMEDIATE """${query('x = \\"y\\"')}"""`,
    `EXECUTE IMMEDIATE '''${query("x = \\'y\\'")}'''`,
    `EXECUTE IMMEDIATE """${query('x = \\"\\"\\"y\\"\\"\\"')}"""`,
    `EXECUTE IMMEDIATE FORMAT("""${query('x = \\"y\\"')}""")`,
    `DECLARE q STRING DEFAULT r"""${query('REGEXP_CONTAINS(x, "\\d")')}"""; EXECUTE IMMEDIATE q`,
    `EXECUTE IMMEDIATE '''SELECT * FROM d.a''' || r""" WHERE REGEXP_CONTAINS(x, "\\d") AND EXISTS (SELECT 1 FROM d.b)"""`,
  ];
  for (const sql of run)
    it(`are the SQL that they say: ${sql}`, () => {
      expect(told(sql, 'bigquery')).to.equal('d.a d.b >');
    });

  const compared = [`r"""a"b\\"c"""`, `br'\\''`, `rb"""'"""`, `B'''x'y'''`, `"""\\""""`];
  for (const literal of compared)
    it(`end where they do: ${literal}`, () => {
      expect(told(query(`x = ${literal}`), 'bigquery')).to.equal('d.a d.b >');
      expect(maskLiterals(`SELECT x FROM d.a WHERE x = ${literal} AND y = 'z'`, 'bigquery')).to.equal(
        'SELECT x FROM d.a WHERE x = ? AND y = ?'
      );
    });

  it('are names elsewhere', () => {
    expect(told('SELECT r, b, rb FROM d.a AS r JOIN d.b AS b ON r.x = b.x', 'bigquery')).to.equal(
      'd.a d.b > d.a.x=d.b.x'
    );
    expect(told(`SELECT * FROM t WHERE x = r'\\' AND y IN (SELECT y FROM u)`, 'databricks')).to.equal('t u >');
  });
});
