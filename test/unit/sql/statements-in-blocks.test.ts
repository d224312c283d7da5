import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { used } from './lineage-shape.js';

/** Tables of a text, however they count, with what was doubted. */
function tables(sql: string, dialect: Dialect): string {
  const { sources, targets, intermediate, changed, doubts } = used(sql, dialect);
  const names = [...sources, ...targets, ...intermediate, ...changed].map(({ name }) => name.toLowerCase());
  return [...new Set(names)].sort().concat(doubts).join(' ');
}

interface Blocks {
  /** `§` is where a statement stands. */
  readonly blocks: readonly string[];
  readonly statements: readonly (readonly [string, string])[];
}

const BLOCKS: Partial<Record<Dialect, Blocks>> = {
  oracle: {
    blocks: [
      'BEGIN § END;',
      'BEGIN IF x = 1 THEN § END IF; END;',
      'BEGIN IF x = 1 THEN NULL; ELSIF y THEN § END IF; END;',
      'BEGIN IF x = 1 THEN NULL; ELSE § END IF; END;',
      'BEGIN FOR i IN 1..5 LOOP § END LOOP; END;',
      'BEGIN NULL; EXCEPTION WHEN DUP_VAL_ON_INDEX THEN § END;',
      'BEGIN CASE k WHEN 1 THEN § ELSE NULL; END CASE; END;',
    ],
    statements: [
      ['DELETE b;', 'b'],
      ['DELETE b x WHERE x.i = 1;', 'b'],
      ['DELETE FROM b WHERE i = 1;', 'b'],
      ['INSERT INTO b SELECT * FROM e;', 'b e'],
      ['MERGE INTO b USING e ON (b.i = e.i) WHEN MATCHED THEN UPDATE SET x = 1 DELETE WHERE y = 2;', 'b e'],
    ],
  },
  mariadb: {
    blocks: [
      'BEGIN NOT ATOMIC § END',
      'BEGIN NOT ATOMIC IF x THEN § END IF; END',
      'BEGIN NOT ATOMIC CASE k WHEN 1 THEN § ELSE SET y = 1; END CASE; END',
      'BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR NOT FOUND § SET y = 1; END',
      "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE '23000' § SET y = 1; END",
    ],
    statements: [
      ['DELETE FROM b;', 'b'],
      ['DELETE QUICK FROM b;', 'b'],
      ['DELETE b FROM b JOIN e USING (i);', 'b e'],
      ['REPLACE INTO b SELECT * FROM e;', 'b e'],
      ['REPLACE b SELECT * FROM e;', 'b e'],
      ['SELECT * FROM b;', 'b'],
    ],
  },
  bigquery: {
    blocks: [
      'BEGIN § END',
      'IF x = 1 THEN § END IF',
      'IF x THEN SET y = 1; ELSEIF z THEN § END IF',
      'CASE WHEN x THEN § ELSE SET y = 1; END CASE',
      'BEGIN SET y = 1; EXCEPTION WHEN ERROR THEN § END',
      'l: LOOP § LEAVE l; END LOOP l',
      'l: BEGIN § END l',
      'BEGIN BEGIN TRANSACTION; § COMMIT TRANSACTION; END',
      'CREATE PROCEDURE d.p() BEGIN BEGIN TRANSACTION; SELECT 1; COMMIT; END; §',
    ],
    statements: [
      ['DELETE b WHERE TRUE;', 'b'],
      ['DELETE FROM b WHERE TRUE;', 'b'],
      ['MERGE b USING e ON b.i = e.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT ROW;', 'b e'],
      ['SELECT * FROM b;', 'b'],
      ['FROM b |> WHERE x;', 'b'],
      ["LOAD DATA INTO b FROM FILES (uris = ['x'], format = 'CSV');", 'b path:x'],
    ],
  },
  databricks: {
    blocks: [
      'BEGIN § END',
      'BEGIN IF x THEN SELECT 1; ELSE § END IF; END',
      'BEGIN l: LOOP § LEAVE l; END LOOP l; END',
      'BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN § END; SELECT 1; END',
      'BEGIN DECLARE load INT; SET load = CASE WHEN x THEN load ELSE refresh END; § END',
    ],
    statements: [
      ['TABLE b;', 'b'],
      ['FROM b INSERT INTO e SELECT *;', 'b e'],
      ['RESTORE TABLE b TO VERSION AS OF 1;', 'b'],
    ],
  },
  postgres: {
    blocks: ['DO $$ BEGIN § END $$', 'DO $$ BEGIN CASE k WHEN 1 THEN § ELSE NULL; END CASE; END $$'],
    statements: [
      ['REFRESH MATERIALIZED VIEW b;', 'b'],
      ['RETURN QUERY DELETE FROM b RETURNING *;', 'b'],
    ],
  },
};

describe('Statements in blocks, branches, loops and handlers', () => {
  for (const [dialect, { blocks, statements }] of Object.entries(BLOCKS) as [Dialect, Blocks][])
    for (const block of blocks)
      it(`have the tables they have alone (${dialect}): ${block}`, () => {
        for (const [statement, expected] of statements) {
          const sql = block.replace('§', statement);
          expect(tables(sql, dialect), sql).to.equal(expected);
        }
      });
});

describe('Statements behind blocks', () => {
  const behind: readonly (readonly [Dialect, string, string])[] = [
    ['bigquery', 'CREATE PROCEDURE d.p() BEGIN SELECT 1; END; SELECT * FROM d.b', 'd.b'],
    [
      'bigquery',
      "CREATE PROCEDURE d.p() BEGIN IF x THEN SELECT 1; END IF; END; EXPORT DATA OPTIONS (uri='x') AS SELECT * FROM d.b",
      'd.b path:x',
    ],
    ['snowflake', 'CREATE PROCEDURE p() RETURNS INT AS BEGIN DELETE FROM z; END; SELECT * FROM b', 'b'],
    ['snowflake', 'CREATE PROCEDURE p() RETURNS INT AS DECLARE x INT; BEGIN DELETE FROM z; END; SELECT * FROM b', 'b'],
    ['postgres', "DECLARE c CURSOR FOR SELECT * FROM a; DO $$ BEGIN EXECUTE 'DELETE FROM b'; END $$", 'a b'],
    ['postgres', 'DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM a; TABLE b', 'a b'],
    [
      'redshift',
      "DECLARE c CURSOR FOR SELECT i FROM z; FETCH 5 FROM c; UNLOAD ('SELECT * FROM b') TO 's3://x'",
      'b path:s3://x z',
    ],
  ];
  for (const [dialect, sql, expected] of behind)
    it(`are read (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });
});

it('A function in Python is no statement of its own', () => {
  const made = 'CREATE FUNCTION f(x STRING) RETURNS STRING LANGUAGE PYTHON AS $$ return "it\'s"; $$';
  expect(tables(`${made}; SELECT * FROM b`, 'databricks')).to.equal('b');
});

describe("Scripts of Oracle's clients", () => {
  const firsts: readonly (readonly [string, string])[] = [
    ['BEGIN DELETE FROM a; END;\n/', 'a'],
    ['BEGIN DELETE FROM a; END; /', 'a'],
    ['DECLARE n NUMBER; BEGIN SELECT 1 INTO n FROM a; END;\r\n/\r', 'a'],
    ['CREATE OR REPLACE PROCEDURE p IS BEGIN DELETE FROM z; END;\n/', ''],
    ['CREATE PACKAGE BODY k AS PROCEDURE p IS BEGIN DELETE FROM z; END; END k;\n  /  ', ''],
    ['CREATE TRIGGER t BEFORE INSERT ON z FOR EACH ROW BEGIN SELECT 1 INTO :NEW.i FROM y; END;\n/', ''],
    ['SELECT * FROM a\n/', 'a'],
    ['SELECT SUM(x)\n/\nSUM(y) FROM a;', 'a'],
    ['SELECT x\n  /\n  (y) FROM a;', 'a'],
    ['SELECT x /\ncol FROM a;', 'a'],
    ['SELECT x /\ny FROM a;', 'a'],
    ["PROMPT it's; done", ''],
    ['EXEC p(1)\nEXECUTE q', ''],
    ['EXEC DELETE FROM a', 'a'],
    ['EXIT;', ''],
    ['REM it is "so\nPROMPT\nSET DEFINE OFF\nset serveroutput on size 5;', ''],
    ['WHENEVER SQLERROR EXIT SQL.SQLCODE\nSPOOL x.log\n@other.sql\n!ls', ''],
    ['COLUMN x -\n  FORMAT a9\nDEFINE t = b\nSHOW ERRORS', ''],
    ['SET FEEDBACK OFF; DELETE FROM a;', 'a'],
    ['BEGIN\nshow;\nexit;\ncol := 1;\npro.p(1);\nDELETE FROM a; END;\n/\nEXIT', 'a'],
  ];
  const seconds: readonly (readonly [string, string])[] = [
    ['DELETE b', 'b'],
    ['SELECT * FROM b\n/', 'b'],
    ['BEGIN IF x THEN DELETE b; END IF; END;\n/', 'b'],
    ['TRUNCATE TABLE b', 'b'],
  ];
  for (const [first, has] of firsts)
    it(`go on behind the / that ends a statement: ${JSON.stringify(first)}`, () => {
      for (const [second, hasToo] of seconds)
        expect(tables(`${first}\n${second}`, 'oracle'), second).to.equal(`${has} ${hasToo}`.trim());
    });

  it('have commands only in lines of their own, between statements', () => {
    expect(tables('SELECT x\nFROM a\nSTART WITH i = 1\nCONNECT BY PRIOR i = j', 'oracle')).to.equal('a');
    expect(tables('UPDATE a\nSET time = 1', 'oracle')).to.equal('a');
    expect(tables('PROMPT x; DELETE FROM a', 'oracle')).to.equal('a');
  });

  it("forget a block's variables behind its /", () => {
    const sql =
      "DECLARE t VARCHAR2(9) := 'A'; BEGIN NULL; END;\n/\nBEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;\n/";
    expect(tables(sql, 'oracle')).not.to.match(/^a\b/);
  });
});
