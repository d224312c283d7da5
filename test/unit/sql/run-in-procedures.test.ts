import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

/** What usage makes of SQL that procedures and blocks put together and run. */
describe('SQL in strings that procedures run', () => {
  const whole: readonly (readonly [Dialect, string, string])[] = [
    ['oracle', "BEGIN EXECUTE IMMEDIATE 'DELETE FROM s' || CASE WHEN f = 1 THEN '_h' END; END;", `> ${TOLD}`],
    [
      'oracle',
      "DECLARE v VARCHAR2(9) := CASE WHEN x = 1 THEN '_h' END; BEGIN EXECUTE IMMEDIATE 'DELETE FROM a' || v; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "BEGIN EXECUTE IMMEDIATE 'DELETE FROM a' || NVL(CASE WHEN f = 1 THEN 'b' END, 'b'); END;",
      'ab > changed ab',
    ],
    ['oracle', "DECLARE v VARCHAR2(9); BEGIN v := NULL; EXECUTE IMMEDIATE 'DELETE FROM a' || v; END;", 'a > changed a'],
    ['postgres', "DO $$ BEGIN EXECUTE 'DELETE FROM s' || CASE WHEN f THEN '_h' END; END $$", 's_h > changed s_h'],
    [
      'oracle',
      "DECLARE v VARCHAR2(9) := 'A'; BEGIN GOTO l; v := 'B'; <<l>> EXECUTE IMMEDIATE 'DELETE FROM ' || v; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE v VARCHAR2(9) := 'A'; BEGIN <<l>> EXECUTE IMMEDIATE 'DELETE FROM ' || v; v := 'B'; GOTO l; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE v VARCHAR2(9); BEGIN IF x THEN GOTO l; END IF; v := 'B'; <<l>> v := 'C'; EXECUTE IMMEDIATE 'DELETE FROM ' || v; END;",
      'C > changed C',
    ],
    [
      'postgres',
      "DO $$ BEGIN FOR r IN EXECUTE 'SELECT * FROM a' LOOP INSERT INTO o VALUES (r.x); END LOOP; END $$",
      'a > o',
    ],
    [
      'postgres',
      "DO $$ BEGIN FOR r IN EXECUTE 'SELECT * FROM a' USING k LOOP INSERT INTO o SELECT 1; INSERT INTO p SELECT 1; END LOOP; END $$",
      'a > o p',
    ],
    [
      'postgres',
      "DO $$ BEGIN FOR r IN EXECUTE format('SELECT * FROM %I', t) LOOP INSERT INTO o SELECT * FROM z; END LOOP; END $$",
      `z > o ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ BEGIN FOR r IN EXECUTE 'SELECT n FROM c' LOOP EXECUTE format('DELETE FROM %I', r.n); END LOOP; END $$",
      `c > ${TOLD}`,
    ],
    ['postgres', "DO $$ BEGIN EXECUTE 'DELETE FROM a WHERE n = ' || (SELECT v FROM c); END $$", 'c a > changed a'],
    ['postgres', "DO $$ BEGIN EXECUTE (SELECT 'DELETE FROM ' || v FROM c); END $$", `c > ${TOLD}`],
    ['snowflake', "EXECUTE IMMEDIATE (SELECT 'DELETE FROM ' || v FROM c)", `c > ${TOLD}`],
    ['bigquery', "EXECUTE IMMEDIATE CONCAT('DELETE FROM ', (SELECT t FROM d.c))", `d.c > ${TOLD}`],
    [
      'bigquery',
      "EXECUTE IMMEDIATE FORMAT('DELETE FROM d.a WHERE x = %d', (SELECT t FROM d.c))",
      'd.c d.a > changed d.a',
    ],
    ['databricks', "DECLARE OR REPLACE q = 'DELETE FROM a'; EXECUTE IMMEDIATE q", 'a > changed a'],
    [
      'databricks',
      "DECLARE OR REPLACE VARIABLE q STRING DEFAULT 'DELETE FROM a'; EXECUTE IMMEDIATE q",
      'a > changed a',
    ],
    ['databricks', "DECLARE q STRING = 'DELETE FROM a'; EXECUTE IMMEDIATE q", 'a > changed a'],
    [
      'postgres',
      "DO $$ DECLARE t text := 'a'; BEGIN DECLARE t text := 'b'; BEGIN PERFORM t; END; EXECUTE 'DELETE FROM '||t; END $$",
      'a > changed a',
    ],
    [
      'postgres',
      "DO $$ DECLARE t text := 'a'; BEGIN DECLARE t text := 'b'; BEGIN EXECUTE 'TRUNCATE '||t; END; EXECUTE 'DELETE FROM '||t; END $$",
      'a > changed b a',
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; BEGIN DECLARE t VARCHAR2(9) := 'B'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM '||t; END; EXECUTE IMMEDIATE 'TRUNCATE TABLE '||t; END;",
      'B > changed B A',
    ],
    [
      'snowflake',
      "DECLARE t STRING := 'a'; BEGIN DECLARE t STRING := 'b'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t; END",
      'b > changed b a',
    ],
    [
      'snowflake',
      "BEGIN LET t STRING := 'a'; BEGIN LET t STRING := 'b'; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t; END",
      'b > changed b a',
    ],
    [
      'snowflake',
      "BEGIN LET t STRING := 'a'; BEGIN LET t STRING := 'b'; DELETE FROM IDENTIFIER(:t); END; DELETE FROM IDENTIFIER(:t); END",
      'b a > changed b a',
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; BEGIN DECLARE t VARCHAR(9) DEFAULT 'b'; EXECUTE IMMEDIATE CONCAT('DELETE FROM ',t); END; EXECUTE IMMEDIATE CONCAT('TRUNCATE ',t); END",
      'b > changed b a',
    ],
    [
      'bigquery',
      "DECLARE t STRING DEFAULT 'd.a'; BEGIN DECLARE t STRING DEFAULT 'd.b'; EXECUTE IMMEDIATE 'DELETE FROM ' || t || ' WHERE true'; END; EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t",
      'd.b > changed d.b d.a',
    ],
    [
      'databricks',
      "BEGIN DECLARE t STRING DEFAULT 'a'; BEGIN DECLARE t STRING DEFAULT 'b'; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END; EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t; END",
      'b > changed b a',
    ],
    ['mariadb', "SET @a='x'; SET @a='y', @b=CONCAT('DELETE FROM ',@a); PREPARE p FROM @b; EXECUTE p", 'x > changed x'],
    ['mysql', "SET @a='x'; SET @a='y', @b=CONCAT('DELETE FROM ',@a); PREPARE p FROM @b; EXECUTE p", `> ${TOLD}`],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET t='b'; CALL p(); EXECUTE IMMEDIATE CONCAT('DELETE FROM ',t); END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; DECLARE EXIT HANDLER FOR SQLEXCEPTION SET t='b'; CALL p(); EXECUTE IMMEDIATE CONCAT('DELETE FROM ',t); END",
      'a > changed a',
    ],
    [
      'mariadb',
      "SET @t='a'; BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION SET @t='b'; CALL p(); END; EXECUTE IMMEDIATE CONCAT('DELETE FROM ',@t)",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      'BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR SQLEXCEPTION INSERT INTO err VALUES(1); DELETE FROM a; END',
      'a > err changed a',
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR NOT FOUND, SQLSTATE '23000' BEGIN SET @s='DELETE FROM e'; EXECUTE IMMEDIATE @s; END; SET @s='DELETE FROM a'; EXECUTE IMMEDIATE @s; END",
      'e a > changed e a',
    ],
    [
      'postgres',
      "DO $$ DECLARE t text := 'a'; BEGIN BEGIN PERFORM f(); EXCEPTION WHEN OTHERS THEN t := 'b'; INSERT INTO err VALUES (1); END; EXECUTE 'DELETE FROM '||t; END $$",
      `> err ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'A'; BEGIN BEGIN f(1); EXCEPTION WHEN OTHERS THEN t := 'B'; INSERT INTO err VALUES (1); END; EXECUTE IMMEDIATE 'DELETE FROM '||t; END;",
      `> err ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'a'; PROCEDURE q IS BEGIN t := 'b'; END; PROCEDURE p IS BEGIN q; END; BEGIN t := 'c'; p; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;",
      `> ${TOLD}`,
    ],
    ['ansi', 'CREATE MULTISET TABLE d.t AS d.a WITH DATA PRIMARY INDEX (x)', 'd.a > d.t'],
    ['ansi', 'CREATE TABLE d.t AS d.a WITH NO DATA', 'd.a > d.t'],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`is read as it runs (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
