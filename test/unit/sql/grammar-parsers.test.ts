import { expect } from 'chai';
import { loadGrammars, type Dialect } from '../../../src/sql/index.js';
import { resolveLineage } from '../../../src/sql/parse-lineage.js';
import { shape, shapeOf } from './lineage-shape.js';

const TEXTS: readonly (readonly [Dialect, string])[] = [
  ['mysql', 'INSERT INTO t (x, y) SELECT a.k, b.v FROM a JOIN b ON a.id = b.id'],
  ['postgres', 'WITH c AS (SELECT k, v AS w FROM s) INSERT INTO t SELECT k, w FROM c'],
  ['snowflake', 'CREATE VIEW v (a, b) AS SELECT x, sum(y) AS y FROM t GROUP BY x'],
  [
    'snowflake',
    'MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET t.v = s.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)',
  ],
  ['postgres', 'UPDATE t SET v = s.v FROM s WHERE s.id = t.id'],
  ['hive', 'INSERT INTO t SELECT a.id, e.item FROM a LATERAL VIEW explode(a.items) e AS item'],
  ['ansi', 'INSERT INTO t SELECT x.id FROM (SELECT id FROM a UNION ALL SELECT key FROM b) x'],
  ['ansi', 'SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b) AND k IN (SELECT k FROM c)'],
];

describe('Grammar parsers', () => {
  for (const [dialect, sql] of TEXTS) {
    it(`agree with the token reader on: ${sql.slice(0, 60)} (${dialect})`, async () => {
      for (const parser of await loadGrammars(dialect)) {
        const reading = parser.read(sql, dialect);
        expect(reading, parser.name).not.to.equal(undefined);
        if (reading !== undefined)
          expect(shapeOf(resolveLineage(reading, parser.name, dialect, {})), parser.name).to.deep.equal(
            shape(sql, dialect)
          );
      }
    });
  }

  it('refuse what is no SQL', async () => {
    for (const parser of await loadGrammars('mysql')) expect(parser.read('FROB x (', 'mysql')).to.equal(undefined);
  });
});
