import { expect } from 'chai';
import { told } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';
const DECLARED = "DECLARE l_sql CLOB := 'INSERT INTO dw.t'; BEGIN";
const RUN = 'EXECUTE IMMEDIATE l_sql; END;';

describe("SQL that Oracle's dbms_lob puts together", () => {
  for (const [sql, expected] of [
    [`${DECLARED} dbms_lob.append(l_sql, ' SELECT * FROM a'); ${RUN}`, 'a > dw.t'],
    [`${DECLARED} SYS.DBMS_LOB.APPEND(dest_lob => l_sql, src_lob => ' SELECT * FROM a'); ${RUN}`, 'a > dw.t'],
    [`${DECLARED} dbms_lob.append(l_sql, to_clob(' SELECT * FROM a') || ' WHERE i = 1'); ${RUN}`, 'a > dw.t'],
    [`${DECLARED} dbms_lob.append(l_sql, q'[ SELECT * FROM a WHERE x = 'y']'); ${RUN}`, 'a > dw.t'],
    [
      `${DECLARED} dbms_lob.append(l_sql, ' SELECT * FROM a'); dbms_lob.append(l_sql, ' JOIN b USING (i)'); ${RUN}`,
      'a b > dw.t a.i=b.i',
    ],
    [`${DECLARED} dbms_lob.writeappend(l_sql, 16, ' SELECT * FROM a'); ${RUN}`, 'a > dw.t'],
    [
      "DECLARE l_sql CLOB; BEGIN dbms_lob.createtemporary(l_sql, TRUE); dbms_lob.append(l_sql, 'DELETE FROM a'); EXECUTE IMMEDIATE l_sql; END;",
      'a > changed a',
    ],
    [
      "DECLARE l_sql CLOB := EMPTY_CLOB(); BEGIN dbms_lob.append(l_sql, 'DELETE FROM a'); OPEN c FOR l_sql; END;",
      'a > changed a',
    ],
    [`${DECLARED} dbms_lob.trim(l_sql, 0); dbms_lob.append(l_sql, 'DELETE FROM a'); ${RUN}`, 'a > changed a'],
    [`${DECLARED} n := dbms_lob.getlength(l_sql); dbms_lob.append(l_sql, ' SELECT * FROM a'); ${RUN}`, 'a > dw.t'],
  ] as const)
    it(`is read as what is appended: ${sql}`, () => {
      expect(told(sql, 'oracle')).to.equal(expected);
    });

  for (const call of [
    'append(l_sql, v)',
    'writeappend(l_sql, 7, l_rest)',
    "writeappend(l_sql, 7, ' SELECT * FROM a')",
    'writeappend(l_sql, length(v), v)',
    'copy(l_sql, v, 10)',
    'trim(l_sql, 9)',
  ])
    it(`is told where it is not known: ${call}`, () => {
      expect(told(`${DECLARED} dbms_lob.${call}; ${RUN}`, 'oracle')).to.equal(`> ${UNKNOWN_PARTS}`);
    });
});
