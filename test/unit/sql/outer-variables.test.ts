import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

describe('SQL in strings of variables that blocks around have', () => {
  const handled =
    "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET v = 'z';";
  const whole: readonly (readonly [Dialect, string, string])[] = [
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; BEGIN DECLARE t VARCHAR(9) DEFAULT CONCAT(t, 'b'); EXECUTE IMMEDIATE CONCAT('DELETE FROM ', t); END; END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; BEGIN DECLARE t VARCHAR(9) DEFAULT 't'; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', t); END; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', t); END",
      't a > changed t a',
    ],
    [
      'postgres',
      "DO $$ DECLARE t text := 'a'; BEGIN DECLARE t text := t || 'b'; BEGIN EXECUTE 'DELETE FROM ' || t; END; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE t text := 'a'; BEGIN DECLARE t text := t; BEGIN EXECUTE 'DELETE FROM ' || t; END; END $$",
      `> ${TOLD}`,
    ],
    [
      'snowflake',
      "DECLARE t STRING := 'a'; BEGIN DECLARE t STRING := t || 'b'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; END",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; BEGIN DECLARE t VARCHAR2(9) := t || 'B'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; PROCEDURE q IS BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; BEGIN t := 'B'; q; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; PROCEDURE q IS BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; BEGIN SELECT n INTO t FROM c; q; END;",
      `c > ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; PROCEDURE r IS BEGIN t := 'B'; END; PROCEDURE q IS BEGIN r; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; BEGIN q; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; PROCEDURE q IS BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; BEGIN q; END;",
      'A > changed A',
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; PROCEDURE q IS BEGIN t := 'C'; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; BEGIN t := 'B'; q; END;",
      'C > changed C',
    ],
    [
      'mariadb',
      `${handled} BEGIN DECLARE v VARCHAR(9) DEFAULT 'b'; CALL p(); EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END; END`,
      'b > changed b',
    ],
    [
      'mariadb',
      `${handled} BEGIN DECLARE v VARCHAR(9) DEFAULT 'b'; CALL p(); END; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END`,
      `> ${TOLD}`,
    ],
    ['mariadb', `${handled} BEGIN CALL p(); EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END; END`, `> ${TOLD}`],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`is read as far as it is certain (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
