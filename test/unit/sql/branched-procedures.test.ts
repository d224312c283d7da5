import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const TOLD = 'SQL that is put together has parts that are not known';

/** What usage makes of SQL that is run, behind branches that gave it its text. */
describe('SQL in strings that branches of procedures put together', () => {
  const whole: readonly (readonly [Dialect, string, string])[] = [
    [
      'postgres',
      "DO $$ DECLARE s text; BEGIN IF x THEN s := 'SELECT * FROM a'; ELSE s := 'SELECT * FROM b'; END IF; EXECUTE s; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE s text; BEGIN IF x THEN s := 'SELECT * FROM a'; EXECUTE s; ELSIF y THEN s := 'SELECT * FROM b'; EXECUTE s; END IF; END $$",
      'a b >',
    ],
    [
      'postgres',
      "DO $$ DECLARE s text; BEGIN CASE x WHEN 1 THEN s := 'SELECT * FROM a'; WHEN 2 THEN s := 'SELECT * FROM b'; ELSE s := 'SELECT * FROM c'; END CASE; EXECUTE s; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN IF x THEN s := s || ' WHERE id = 1'; END IF; EXECUTE s; END $$",
      'a >',
    ],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN FOR r IN SELECT 1 LOOP s := s || ' UNION ALL SELECT * FROM b'; END LOOP; EXECUTE s; END $$",
      `a > ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN BEGIN s := 'SELECT * FROM b'; EXCEPTION WHEN OTHERS THEN s := 'SELECT * FROM c'; END; EXECUTE s; END $$",
      `> ${TOLD}`,
    ],
    [
      'postgres',
      "DO $$ DECLARE t text; BEGIN t := 'a'; EXECUTE 'DELETE FROM ' || t; t := 'b'; EXECUTE 'DELETE FROM ' || t; END $$",
      'a b > changed a b',
    ],
    [
      'postgres',
      "DO $$ BEGIN EXECUTE CASE WHEN x THEN 'SELECT * FROM a' ELSE 'SELECT * FROM b' END; END $$",
      `> ${TOLD}`,
    ],
    ['postgres', "DO $$ BEGIN EXECUTE 'SELECT * FROM ' || CASE WHEN x THEN 'a' ELSE 'a' END; END $$", 'a >'],
    [
      'postgres',
      "DO $$ DECLARE s text := 'SELECT * FROM a'; BEGIN IF x THEN RAISE EXCEPTION 'x'; END IF; EXECUTE s; END $$",
      'a >',
    ],
    [
      'postgres',
      "DO $$ DECLARE s text; BEGIN IF x THEN s := 'SELECT * FROM a'; ELSE RAISE EXCEPTION 'x'; END IF; EXECUTE s; END $$",
      'a >',
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99); BEGIN IF x = 1 THEN s := 'SELECT * FROM a'; ELSE s := 'SELECT * FROM b'; END IF; EXECUTE IMMEDIATE s; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99); BEGIN IF x = 1 THEN s := 'DELETE FROM a'; EXECUTE IMMEDIATE s; ELSE s := 'DELETE FROM b'; EXECUTE IMMEDIATE s; END IF; END;",
      'a b > changed a b',
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99); BEGIN CASE WHEN x = 1 THEN s := 'DELETE FROM a'; ELSE s := 'DELETE FROM b'; END CASE; EXECUTE IMMEDIATE s; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99); BEGIN s := CASE x WHEN 1 THEN 'DELETE FROM a' ELSE 'DELETE FROM b' END; EXECUTE IMMEDIATE s; END;",
      `> ${TOLD}`,
    ],
    [
      'oracle',
      "DECLARE s VARCHAR2(99); BEGIN FOR i IN 1..3 LOOP s := 'DELETE FROM a'; EXECUTE IMMEDIATE s; END LOOP; END;",
      'a > changed a',
    ],
    [
      'oracle',
      "DECLARE t VARCHAR2(9) := 'a'; PROCEDURE q IS BEGIN t := 'b'; END; BEGIN q; EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;",
      `> ${TOLD}`,
    ],
    [
      'mysql',
      "CREATE PROCEDURE p() BEGIN IF x THEN SET @s = 'SELECT * FROM a'; ELSE SET @s = 'SELECT * FROM b'; END IF; PREPARE q FROM @s; EXECUTE q; END",
      '>',
    ],
    ['mysql', "SET @s = IF(@x, 'SELECT * FROM a', 'SELECT * FROM b'); PREPARE p FROM @s; EXECUTE p", `> ${TOLD}`],
    ['mysql', "SET @s = IF(@x, 'SELECT * FROM a', 'SELECT id FROM a'); PREPARE p FROM @s; EXECUTE p", 'a >'],
    [
      'mysql',
      "SET @t = IF(@x = 1, 'a', 'b'); SET @s = CONCAT('DELETE FROM ', @t); PREPARE p FROM @s; EXECUTE p",
      `> ${TOLD}`,
    ],
    ['mysql', "SET @s = 'SELECT * FROM a'; PREPARE p FROM @s; SET @s = 'SELECT * FROM b'; PREPARE p FROM @s", 'a b >'],
    [
      'mariadb',
      "BEGIN NOT ATOMIC IF @x = 1 THEN SET @s = 'SELECT * FROM a'; ELSE SET @s = 'SELECT * FROM b'; END IF; EXECUTE IMMEDIATE @s; END",
      `> ${TOLD}`,
    ],
    [
      'mariadb',
      "BEGIN NOT ATOMIC IF @x = 1 THEN SET @s = 'SELECT * FROM a'; EXECUTE IMMEDIATE @s; ELSE SET @s = 'SELECT * FROM b'; EXECUTE IMMEDIATE @s; END IF; END",
      'a b >',
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := 'SELECT * FROM a'; IF (x = 1) THEN s := 'SELECT * FROM b'; END IF; EXECUTE IMMEDIATE :s; END",
      `> ${TOLD}`,
    ],
    [
      'snowflake',
      "DECLARE s STRING; BEGIN IF (x = 1) THEN s := 'SELECT * FROM a'; EXECUTE IMMEDIATE :s; ELSE s := 'SELECT * FROM b'; EXECUTE IMMEDIATE :s; END IF; END",
      'a b >',
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := IFF(x = 1, 'SELECT * FROM a', 'SELECT * FROM b'); EXECUTE IMMEDIATE :s; END",
      `> ${TOLD}`,
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := 'SELECT * FROM a'; FOR i IN 1 TO 3 DO s := s || ' UNION ALL SELECT * FROM b'; END FOR; EXECUTE IMMEDIATE :s; END",
      `a > ${TOLD}`,
    ],
    [
      'snowflake',
      "BEGIN LET s STRING := ''; CASE (x) WHEN 1 THEN s := 'SELECT * FROM a'; ELSE s := 'SELECT * FROM b'; END; EXECUTE IMMEDIATE :s; END",
      `> ${TOLD}`,
    ],
    [
      'bigquery',
      "DECLARE s STRING; IF x THEN SET s = 'SELECT * FROM d.a'; ELSE SET s = 'SELECT * FROM d.b'; END IF; EXECUTE IMMEDIATE s",
      `> ${TOLD}`,
    ],
    [
      'bigquery',
      "DECLARE s STRING; IF x THEN SET s = 'SELECT * FROM d.a'; EXECUTE IMMEDIATE s; ELSEIF y THEN SET s = 'SELECT * FROM d.b'; EXECUTE IMMEDIATE s; END IF",
      'd.a d.b >',
    ],
    [
      'bigquery',
      "DECLARE s STRING DEFAULT IF(x, 'SELECT * FROM d.a', 'SELECT * FROM d.b'); EXECUTE IMMEDIATE s",
      `> ${TOLD}`,
    ],
    [
      'bigquery',
      "DECLARE s STRING DEFAULT 'SELECT * FROM d.a'; WHILE x DO SET s = 'SELECT * FROM d.b'; EXECUTE IMMEDIATE s; END WHILE; EXECUTE IMMEDIATE s",
      `d.b > ${TOLD}`,
    ],
    ['bigquery', "DECLARE s STRING; LOOP SET s = 'SELECT * FROM d.a'; LEAVE; END LOOP; EXECUTE IMMEDIATE s", 'd.a >'],
    [
      'databricks',
      "BEGIN DECLARE s STRING DEFAULT 'SELECT * FROM a'; IF x THEN SET s = 'SELECT * FROM b'; END IF; EXECUTE IMMEDIATE s; END",
      `> ${TOLD}`,
    ],
    [
      'databricks',
      "BEGIN DECLARE s STRING; IF x THEN SET s = 'SELECT * FROM a'; EXECUTE IMMEDIATE s; ELSE SET s = 'SELECT * FROM b'; EXECUTE IMMEDIATE s; END IF; END",
      'a b >',
    ],
    [
      'databricks',
      "DECLARE VARIABLE s STRING DEFAULT 'SELECT * FROM a'; EXECUTE IMMEDIATE s; SET VAR s = 'SELECT * FROM b'; EXECUTE IMMEDIATE s",
      'a b >',
    ],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`has the texts of its branches (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });

  it('are names of IDENTIFIER, too', () => {
    const named = (branch: string): string =>
      `BEGIN LET t STRING := 'a'; IF (x) THEN ${branch} END IF; SELECT * FROM IDENTIFIER(:t); END`;
    expect(told(named("t := 'b';"), 'snowflake')).to.equal(`> ${TOLD}`);
    expect(told(named("t := 'a';"), 'snowflake')).to.equal('a >');
  });

  it('are those of their own routine, or batch', () => {
    const routine = (name: string, table: string): string =>
      `PROCEDURE ${name} IS s VARCHAR2(99); BEGIN IF x = 1 THEN s := 'DELETE FROM ${table}'; END IF; EXECUTE IMMEDIATE s; END;`;
    expect(
      told(`DECLARE s VARCHAR2(9) := 'x'; ${routine('p', 'a')} ${routine('q', 'b')} BEGIN q; END;`, 'oracle')
    ).to.equal('a b > changed a b');
    const batch = (table: string): string =>
      `DECLARE @s nvarchar(max)\nIF @x = 1 SET @s = N'SELECT * FROM ${table}'\nEXEC(@s)\n`;
    expect(told(`${batch('a')}GO\n${batch('b')}GO\nEXEC(@s)`, 'tsql')).to.equal(`a b > ${TOLD}`);
  });
});
