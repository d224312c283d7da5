import { expect } from 'chai';
import { told } from './lineage-shape.js';

describe("Teradata's own words", () => {
  for (const [sql, expected] of [
    ['SEL a.x FROM dw.a a, dw.b b WHERE a.i = b.i', 'dw.a dw.b > dw.a.i=dw.b.i'],
    ['SEL TOP 10 * FROM (SEL * FROM a) x WHERE i IN (SEL i FROM b)', 'a b >'],
    ['SELECT i FROM a UNION ALL SEL i FROM b', 'a b >'],
    ['WITH c AS (SEL * FROM a) SEL * FROM c', 'a >'],
    ['INS INTO dw.t SEL * FROM a', 'a > dw.t'],
    ['INSERT INTO dw.t (i) SEL i FROM a', 'a > dw.t'],
    ['INSERT dw.t SEL * FROM a', 'a > dw.t'],
    ['INS dw.t (1, 2, 3)', '> dw.t'],
    ['DEL FROM a WHERE x = 1', 'a > changed a'],
    ['DEL a ALL', 'a > changed a'],
    ['UPD a SET x = 1 WHERE i = 2', '> a'],
    ['UPDATE o FROM dw.t o, a s SET x = s.x WHERE o.i = s.i', 'a > dw.t dw.t.i=a.i'],
    ['REPLACE VIEW v AS LOCKING ROW FOR ACCESS SEL * FROM a', 'a > v'],
    ['LOCKING TABLE dw.t FOR ACCESS MODE NOWAIT SELECT * FROM dw.t', 'dw.t >'],
    ['LOCKING dw.a FOR ACCESS LOCKING dw.b IN READ SEL * FROM dw.a', 'dw.a >'],
    ['CREATE VOLATILE TABLE x AS (SEL * FROM a) WITH DATA ON COMMIT PRESERVE ROWS', 'a > x'],
    ['CT x AS (SEL * FROM a) WITH DATA', 'a > x'],
    ['CV x AS SEL * FROM a', 'a > x'],
    ['BT; INS INTO b SEL * FROM a; ET;', 'a > b'],
    ['DATABASE dw; SEL * FROM a', 'dw.a >'],
    ['MERGE INTO t USING (SEL * FROM a) s ON t.i = s.i WHEN MATCHED THEN UPD SET x = s.x', 'a > t t.i=a.i'],
    ['COLLECT STATISTICS ON a COLUMN x', '>'],
    ["CALL DBC.SysExecSQL('DEL FROM a')", 'a > changed a'],
  ] as const)
    it(`are read as the standard's: ${sql}`, () => {
      expect(told(sql, 'ansi')).to.equal(expected);
    });

  for (const [sql, expected] of [
    ['SELECT sel, ins AS upd, del sel FROM a', 'a >'],
    ['SELECT sum(sel * 2), coalesce(sel - 1, 0) FROM a WHERE x IN (sel, del)', 'a >'],
    ['SELECT CASE WHEN x THEN ins ELSE upd END FROM a', 'a >'],
    ['SELECT * FROM a sel JOIN b AS del ON sel.i = del.i', 'a b > a.i=b.i'],
    ['SELECT * FROM (SELECT * FROM a) sel (x, y)', 'a >'],
    ['INSERT INTO ins (sel) SELECT sel FROM del', 'del > ins'],
    ['WITH sel AS (SELECT * FROM a) SELECT * FROM sel', 'a >'],
    ['LOCK TABLE a IN EXCLUSIVE MODE; SELECT * FROM b', 'b >'],
  ] as const)
    it(`are names where they may be: ${sql}`, () => {
      expect(told(sql, 'ansi')).to.equal(expected);
    });

  it('are no words of other engines', () => {
    expect(told('SEL * FROM a', 'mysql')).to.equal('> unknown statement "SEL"');
  });
});
