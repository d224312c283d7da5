import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { used } from './lineage-shape.js';

/** Which tables a text changes, and whether more is told. */
function changed(sql: string, dialect: Dialect): readonly [string, boolean] {
  const { changed: tables, doubts } = used(sql, dialect);
  return [tables.map(({ name }) => name).join(' '), doubts.length > 0];
}

describe('SQL in strings of variables', () => {
  const loops: readonly (readonly [Dialect, string, string, boolean])[] = [
    ['postgres', 'FOR t IN 1..3 LOOP NULL; END LOOP', 'a', false],
    ['postgres', 'FOR t IN REVERSE 3..1 LOOP NULL; END LOOP', 'a', false],
    ['postgres', 'FOR t IN c LOOP NULL; END LOOP', 'a', false],
    ['postgres', 'FOR t IN SELECT x FROM y LOOP NULL; END LOOP', '', true],
    ['postgres', "FOR t IN EXECUTE 'SELECT x FROM y' LOOP NULL; END LOOP", '', true],
    ['postgres', 'FOREACH t IN ARRAY u LOOP NULL; END LOOP', '', true],
    ['oracle', 'FOR t IN 1..3 LOOP NULL; END LOOP', 'a', false],
    ['oracle', 'FOR t IN (SELECT x FROM y) LOOP NULL; END LOOP', 'a', false],
    ['oracle', "FOR t IN 1..3 LOOP EXECUTE IMMEDIATE 'DELETE FROM b'||t; END LOOP", 'a', true],
  ];
  for (const [dialect, loop, tables, isTold] of loops)
    it(`keep theirs behind a loop that has its own of the name (${dialect}): ${loop}`, () => {
      const sql =
        dialect === 'oracle'
          ? `DECLARE t VARCHAR2(9) := 'a'; BEGIN ${loop}; EXECUTE IMMEDIATE 'DELETE FROM '||t; END;`
          : `DO $$ DECLARE t text := 'a'; BEGIN ${loop}; EXECUTE 'DELETE FROM '||t; END $$`;
      expect(changed(sql, dialect)).to.deep.equal([tables, isTold]);
    });

  const unset: readonly (readonly [string, string, boolean])[] = [
    ['DECLARE v VARCHAR2(9); BEGIN', 'a', false],
    ['DECLARE v VARCHAR2(9); BEGIN p(v);', '', true],
    ['DECLARE v VARCHAR2(9); n NUMBER; BEGIN n := f(v);', '', true],
    ["DECLARE v VARCHAR2(9); PROCEDURE p IS BEGIN v := 'b'; END; BEGIN p;", '', true],
    // of a package
    ['BEGIN', '', true],
  ];
  for (const [start, tables, isTold] of unset)
    it(`are NULL in PL/SQL where nothing gives them a value: ${start}`, () => {
      const sql = `${start} EXECUTE IMMEDIATE 'DELETE FROM '||NVL(v, 'a'); END;`;
      expect(changed(sql, 'oracle')).to.deep.equal([tables, isTold]);
    });

  it('join NULL as the text around them has it set', () => {
    const inner = "EXEC(N'DECLARE @s nvarchar(99); SET @s=@s+N''DELETE dbo.a''; EXEC(@s)')";
    expect(changed(`SET CONCAT_NULL_YIELDS_NULL OFF; ${inner}`, 'tsql')).to.deep.equal(['dbo.a', false]);
    expect(changed(inner, 'tsql')).to.deep.equal(['', false]);
    const ended = "EXEC(N'SET CONCAT_NULL_YIELDS_NULL OFF');";
    expect(changed(`${ended} ${inner}`, 'tsql')).to.deep.equal(['', false]);
  });
});
