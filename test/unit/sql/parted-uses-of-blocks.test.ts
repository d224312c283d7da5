import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { used } from './lineage-shape.js';

const TOLD = 'the database or schema of a name depends on a USE that may not run';
const ORACLES = "EXECUTE IMMEDIATE 'ALTER SESSION SET CURRENT_SCHEMA = s'";

describe('A USE, SET or ALTER SESSION that may not run', () => {
  // what changes, and whether more is told
  const cases: Readonly<Partial<Record<Dialect, readonly (readonly [string, string, boolean])[]>>> = {
    snowflake: [
      ['BEGIN IF (x) THEN USE SCHEMA s; END IF; DELETE FROM a; END', '', true],
      ['IF (x) THEN USE SCHEMA s; END IF; DELETE FROM a', '', true],
      ['BEGIN IF (x) THEN USE SCHEMA s; DELETE FROM b; ELSE DELETE FROM c; END IF; END', 's.b c', false],
      ['BEGIN IF (x) THEN USE SCHEMA s; ELSE USE SCHEMA s; END IF; DELETE FROM a; END', 's.a', false],
      ['BEGIN IF (x) THEN USE SCHEMA s; END IF; DELETE FROM s.a; END', 's.a', false],
      ['BEGIN IF (x) THEN USE DATABASE d; END IF; DELETE FROM s.a; DELETE FROM d.s.b; END', 'd.s.b', true],
      ["BEGIN IF (x) THEN EXECUTE IMMEDIATE 'USE SCHEMA s'; END IF; DELETE FROM a; END", '', true],
      ['BEGIN FOR r IN c DO DELETE FROM b; USE SCHEMA s; DELETE FROM c; END FOR; END', 's.c', true],
      ['BEGIN USE SCHEMA s; DELETE FROM b; EXCEPTION WHEN OTHER THEN DELETE FROM e; END', 's.b', true],
      ['EXECUTE IMMEDIATE $$ IF (x) THEN USE SCHEMA s; END IF $$; DELETE FROM a', '', true],
      ['BEGIN USE SCHEMA s; DELETE FROM b; END; DELETE FROM c', 's.b s.c', false],
    ],
    databricks: [
      ['BEGIN IF x THEN USE SCHEMA s; END IF; DELETE FROM a; DELETE FROM u.b; END', 'u.b', true],
      ['BEGIN IF x THEN USE CATALOG c; END IF; DELETE FROM u.b; END', '', true],
      [
        'BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION DELETE FROM e; USE SCHEMA s; DELETE FROM a; END; DELETE FROM c',
        's.a',
        true,
      ],
      [
        'BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION DELETE FROM e; DELETE FROM a; END; USE SCHEMA s; DELETE FROM c',
        'e a s.c',
        false,
      ],
    ],
    postgres: [
      ['DO $$ BEGIN IF x THEN SET search_path TO s; END IF; DELETE FROM a; DELETE FROM u.b; END $$', 'u.b', true],
      ["DO $$ BEGIN IF x THEN PERFORM set_config('search_path','s',false); END IF; DELETE FROM a; END $$", '', true],
      ["DO $$ BEGIN IF x THEN EXECUTE 'SET search_path TO s'; END IF; DELETE FROM a; END $$", '', true],
      ['DO $$ BEGIN IF x THEN SET search_path TO s; END IF; END $$; DELETE FROM b', '', true],
      ['DO $$ BEGIN IF x THEN SET search_path TO s; RETURN; END IF; DELETE FROM a; END $$; DELETE FROM b', 'a', true],
      // what fails takes back what it has set
      [
        'DO $$ BEGIN SET search_path TO s; DELETE FROM q; EXCEPTION WHEN OTHERS THEN DELETE FROM b; END $$',
        's.q b',
        false,
      ],
      ['BEGIN; DO $$ BEGIN IF x THEN SET LOCAL search_path TO s; END IF; END $$; COMMIT; DELETE FROM b', 'b', false],
    ],
    oracle: [
      [`BEGIN IF x THEN ${ORACLES}; END IF; DELETE FROM a; EXECUTE IMMEDIATE 'DELETE FROM b'; END;`, '', true],
      [`BEGIN LOOP EXIT WHEN y; ${ORACLES}; END LOOP; DELETE FROM a; END;`, '', true],
      [`BEGIN IF x THEN ${ORACLES}; END IF; DELETE FROM u.c; END;`, 'u.c', false],
      [
        "DECLARE v VARCHAR2(60) := 'ALTER SESSION SET CURRENT_SCHEMA = s'; BEGIN IF x THEN EXECUTE IMMEDIATE v; END IF; DELETE FROM a; END;",
        '',
        true,
      ],
    ],
    bigquery: [
      ["IF x THEN SET @@dataset_id='s'; END IF; DELETE FROM a WHERE true; DELETE FROM d.b WHERE true", 'd.b', true],
      ["IF x THEN SET @@dataset_id='s'; ELSE SET @@dataset_id='s'; END IF; DELETE FROM a WHERE true", 's.a', false],
    ],
  };
  for (const [dialect, texts] of Object.entries(cases))
    for (const [sql, changed, isTold] of texts)
      it(`${dialect}: ${JSON.stringify(sql)}`, () => {
        const lineage = used(sql, dialect as Dialect);
        expect(lineage.changed.map(({ name }) => name).join(' ')).to.equal(changed);
        expect(lineage.doubts).to.deep.equal(isTold ? [TOLD] : []);
      });

  it('is followed in long texts in good time', () => {
    const sql = `BEGIN ${'IF (x) THEN USE SCHEMA s; ELSE USE SCHEMA t; END IF; DELETE FROM a; '.repeat(2_000)} END`;
    const start = performance.now();
    expect(used(sql, 'snowflake').doubts).to.deep.equal([TOLD]);
    expect(performance.now() - start).to.be.below(10_000);
  });
});
