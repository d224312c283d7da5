import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

describe('SQL in strings of variables behind blocks and loops that are left', () => {
  const whole: readonly (readonly [Dialect, string, string])[] = [
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; l: BEGIN IF x THEN LEAVE l; END IF; SET v = 'b'; END; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; l: BEGIN IF x THEN LEAVE l; END IF; SET v = 'b'; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END; END",
      'b > changed b',
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; l: BEGIN SET v = 'b'; IF x THEN LEAVE l; END IF; END; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END",
      'b > changed b',
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; m: LOOP l: LOOP IF x THEN LEAVE m; END IF; SET v = 'b'; LEAVE l; END LOOP; SET v = 'a'; END LOOP; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE v VARCHAR(9) DEFAULT 'a'; l: WHILE y DO SET v = 'b'; IF x THEN ITERATE l; END IF; SET v = 'a'; END WHILE; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', v); END",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE v text := 'a'; BEGIN <<l>> BEGIN IF x THEN EXIT l; END IF; v := 'b'; END; EXECUTE 'DELETE FROM ' || v; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE v text := 'a'; BEGIN <<l>> DECLARE k int; BEGIN IF x THEN EXIT l; END IF; v := 'b'; END; EXECUTE 'DELETE FROM ' || v; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE v text := 'a'; BEGIN LOOP EXIT WHEN x; v := 'b'; END LOOP; EXECUTE 'DELETE FROM ' || v; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE v text := 'a'; BEGIN FOR i IN 1..3 LOOP v := 'c'; CONTINUE WHEN x; v := 'a'; END LOOP; EXECUTE 'DELETE FROM ' || v; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE v text := 'a'; BEGIN LOOP v := 'b'; EXIT WHEN x; END LOOP; EXECUTE 'DELETE FROM ' || v; END $$",
      'b > changed b',
    ],
    [
      'oracle',
      "DECLARE v VARCHAR2(9) := 'A'; BEGIN LOOP FETCH c INTO r; EXIT WHEN c%NOTFOUND; v := 'B'; EXECUTE IMMEDIATE 'DELETE FROM ' || v; END LOOP; END;",
      'B > changed B',
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99) := 'SELECT * FROM a'; BEGIN LOOP FETCH c INTO r; EXIT WHEN c%NOTFOUND; s := s || ' UNION ALL SELECT * FROM b'; END LOOP; EXECUTE IMMEDIATE s; END;",
      `a > ${TOLD}`,
    ],
    [
      'snowflake',
      "DECLARE v STRING := 'a'; BEGIN LOOP LOOP IF (x) THEN BREAK o; END IF; v := 'b'; END LOOP; v := 'a'; END LOOP o; EXECUTE IMMEDIATE 'DELETE FROM ' || v; END",
      `> ${TOLD}`,
    ],
    [
      'bigquery',
      "DECLARE v STRING DEFAULT 'a'; LOOP IF x THEN LEAVE; END IF; SET v = 'b'; END LOOP; EXECUTE IMMEDIATE 'DELETE FROM ' || v || ' WHERE TRUE'",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @t sysname = N'b'; WHILE @i < 3 BEGIN SET @t = N'a'; IF @x = 1 BREAK; SET @t = N'b' END; EXEC(N'DELETE FROM ' + @t)",
      `> ${TOLD}`,
    ],
    [
      'tsql',
      "DECLARE @t sysname = N'b'; WHILE @i < 3 BEGIN SET @t = N'a' IF @x = 1 CONTINUE SET @t = N'b' END EXEC(N'DELETE FROM ' + @t)",
      `> ${TOLD}`,
    ],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`has what each way out gives (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
