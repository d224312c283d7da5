import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

describe('Statements behind labels', () => {
  const whole: readonly (readonly [Dialect, string, string])[] = [
    ['oracle', 'BEGIN <<l>> DELETE FROM a; DELETE FROM b; END;', 'a b > changed a b'],
    ['oracle', 'BEGIN <<l>> UPDATE a SET x = 1; END;', '> a'],
    ['oracle', 'BEGIN <<l>> SELECT n INTO t FROM a; END;', 'a >'],
    ['oracle', 'BEGIN IF x THEN <<l>> DELETE FROM a; END IF; END;', 'a > changed a'],
    ['oracle', 'BEGIN LOOP <<l>> INSERT INTO b SELECT * FROM c; END LOOP; END;', 'c > b'],
    ['oracle', 'BEGIN GOTO l;\n<<l>>\nDELETE FROM a; END;', 'a > changed a'],
    ['oracle', '<<l>> BEGIN DELETE FROM a; END l;', 'a > changed a'],
    [
      'oracle',
      "<<l>>\nDECLARE t VARCHAR2(9) := 'A'; BEGIN EXECUTE IMMEDIATE 'DELETE FROM ' || t; END;",
      'A > changed A',
    ],
    ['postgres', 'DO $$ BEGIN <<l>> DELETE FROM a; DELETE FROM b; END $$', 'a b > changed a b'],
    ['postgres', 'DO $$ <<l>> BEGIN DELETE FROM a; END $$', 'a > changed a'],
    ['postgres', "DO $$ <<l>> DECLARE t text := 'a'; BEGIN EXECUTE 'DELETE FROM ' || t; END $$", 'a > changed a'],
    ['mariadb', 'l: BEGIN NOT ATOMIC DELETE FROM a; LEAVE l; END l; SELECT * FROM b', 'a b > changed a'],
    [
      'mariadb',
      "l: BEGIN NOT ATOMIC DECLARE t VARCHAR(9) DEFAULT 'a'; EXECUTE IMMEDIATE CONCAT('DELETE FROM ', t); END l",
      'a > changed a',
    ],
  ];
  for (const [dialect, sql, expected] of whole)
    it(`are read (${dialect}): ${sql}`, () => {
      expect(told(sql, dialect)).to.equal(expected);
    });
});
