import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

describe('variables of SQL in strings', () => {
  const plpgsql = (statements: string): string => `DO $$ DECLARE t text := 'a'; BEGIN ${statements} END $$`;
  const run = "EXECUTE 'DELETE FROM ' || t;";
  const prepared = (statement: string): string =>
    `SET @t = 'a'; ${statement}; SET @s = CONCAT('DELETE FROM ', @t); PREPARE p FROM @s; EXECUTE p`;
  const filled: readonly (readonly [Dialect, string, string])[] = [
    ['postgres', plpgsql(`FOREACH t IN ARRAY ts LOOP ${run} END LOOP;`), `> ${TOLD}`],
    ['postgres', plpgsql(`FOREACH t SLICE 1 IN ARRAY ts LOOP ${run} END LOOP;`), `> ${TOLD}`],
    ['postgres', plpgsql(`FOREACH t IN ARRAY ts LOOP PERFORM 1; END LOOP; ${run}`), `> ${TOLD}`],
    ['postgres', `DO $$ <<l>> DECLARE t text := 'a'; BEGIN SELECT n INTO l.t FROM c; ${run} END $$`, `c > ${TOLD}`],
    [
      'postgres',
      `DO $$ <<l>> DECLARE t text := 'a'; BEGIN FOR l.t IN SELECT n FROM c LOOP ${run} END LOOP; END $$`,
      `c > ${TOLD}`,
    ],
    [
      'oracle',
      "<<l>> DECLARE t VARCHAR2(9) := 'A'; BEGIN SELECT n INTO l.t FROM c; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;",
      `c > ${TOLD}`,
    ],
    [
      'databricks',
      "DECLARE t STRING DEFAULT 'a'; SET VARIABLE (u, t) = (SELECT n, m FROM c); EXECUTE IMMEDIATE 'DELETE FROM ' || t",
      `c > ${TOLD}`,
    ],
    ['mysql', prepared("LOAD DATA INFILE 'f' INTO TABLE o (x, @t)"), `path:f > o ${TOLD}`],
    ['mysql', prepared("PREPARE q FROM 'CALL p(?)'; EXECUTE q USING @t"), `> ${TOLD}`],
    ['mysql', prepared("PREPARE q FROM 'DELETE FROM b WHERE x = ?'; EXECUTE q USING @t"), 'b a > changed b a'],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; EXECUTE IMMEDIATE 'CALL p(?)' USING t; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', t); END",
      `> ${TOLD}`,
    ],
    [
      'ansi',
      "BEGIN DECLARE t VARCHAR(9) DEFAULT 'a'; SET (u, t) = (SELECT n, m FROM c); EXECUTE IMMEDIATE 'DELETE FROM ' || t; END",
      `c > ${TOLD}`,
    ],
    ['postgres', `DO $$ DECLARE t text := 'a'; n ALIAS FOR t; BEGIN n := 'b'; ${run} END $$`, `> ${TOLD}`],
    ['snowflake', "SET t = 'a'; UNSET t; SELECT * FROM IDENTIFIER($t)", `> ${TOLD}`],
  ];
  for (const [dialect, sql, expected] of filled)
    it(`have no value that is known where a statement fills them (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  const listed = "SET @s = 'DELETE FROM q'; SET @s = 'DELETE FROM a', @s = CONCAT(@s, ' WHERE x = 1')";
  const own: readonly (readonly [Dialect, string, string])[] = [
    ['mariadb', `${listed}; PREPARE p FROM @s; EXECUTE p`, 'q > changed q'],
    ['mysql', `${listed}; PREPARE p FROM @s; EXECUTE p`, `> ${TOLD}`],
    ['mariadb', `BEGIN NOT ATOMIC ${listed}; EXECUTE IMMEDIATE @s; END`, 'a > changed a'],
  ];
  for (const [dialect, sql, expected] of own)
    it(`have in one SET what they had before it, and in bodies what it gave them (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});

describe('names in double quotes under ANSI_QUOTES', () => {
  const texts: readonly (readonly [Dialect, string, string])[] = [
    [
      'mysql',
      `SET SESSION sql_mode = 'ANSI_QUOTES'; SET @s = 'SELECT * FROM "t"'; PREPARE p FROM @s; EXECUTE p`,
      't >',
    ],
    ['mariadb', `EXECUTE IMMEDIATE 'INSERT INTO "s"."t" SELECT * FROM "u" WHERE x = ''y'''`, 'u > s.t'],
    ['mariadb', `EXECUTE IMMEDIATE 'SELECT * FROM t WHERE x = "u"'`, 't >'],
  ];
  for (const [dialect, sql, expected] of texts)
    it(`are those of tables in strings, too (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
