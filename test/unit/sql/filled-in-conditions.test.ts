import { expect } from 'chai';
import type { Dialect } from '../../../src/sql/index.js';
import { told } from './lineage-shape.js';

const UNKNOWN_PARTS = 'SQL that is put together has parts that are not known';
const TRUNCATE = "EXECUTE IMMEDIATE 'TRUNCATE TABLE ' || t;";

describe('A variable that a loop or a condition fills', () => {
  const loops: readonly (readonly [Dialect, string, string])[] = [
    ['postgres', "FOR t IN SELECT x FROM y LOOP EXECUTE 'DELETE FROM ' || t; END LOOP;", 'y >'],
    ['postgres', "FOR t IN SELECT x FROM y LOOP EXECUTE format('DELETE FROM %I', t); END LOOP;", 'y >'],
    ['postgres', "FOR t IN VALUES ('b') LOOP EXECUTE 'DELETE FROM ' || t; END LOOP;", '>'],
    ['oracle', "FOR t IN 1..3 LOOP EXECUTE IMMEDIATE 'DELETE FROM a_' || t; END LOOP;", '>'],
  ];
  for (const [dialect, loop, rest] of loops)
    it(`is not known in the loop (${dialect}): ${loop}`, () => {
      const block = `DECLARE t VARCHAR(9); BEGIN ${loop} END`;
      expect(told(dialect === 'oracle' ? `${block};` : `DO $$ ${block} $$`, dialect)).to.equal(
        `${rest} ${UNKNOWN_PARTS}`
      );
    });

  const read = (does: string, declared = ''): string =>
    told(`DECLARE t VARCHAR2(9) := 'a'; ${declared} BEGIN ${does} END;`, 'oracle');

  for (const does of [
    `x := f(1, t); ${TRUNCATE}`,
    `x := 1 + pkg.f(p => t); ${TRUNCATE}`,
    `IF f(t) THEN ${TRUNCATE} END IF;`,
    `IF y THEN NULL; ELSIF f(t) THEN NULL; END IF; ${TRUNCATE}`,
    `WHILE f(t) LOOP ${TRUNCATE} END LOOP;`,
    `x := CASE WHEN f(t) THEN 1 END; ${TRUNCATE}`,
  ])
    it(`is not known where a function may have filled it: ${does}`, () => {
      expect(read(does)).to.equal(`> ${UNKNOWN_PARTS}`);
    });

  for (const does of [
    `${TRUNCATE} x := f(t);`,
    `x := UPPER(t); ${TRUNCATE}`,
    `x := f(t || 'b') + f(upper(t)); ${TRUNCATE}`,
    `IF LENGTH(t) > 1 AND dbms_assert.sql_object_name(t) IN (t) THEN p(1); END IF; ${TRUNCATE}`,
    `FOR r IN c(t) LOOP p(1); END LOOP; ${TRUNCATE}`,
  ])
    it(`is known where none can: ${does}`, () => {
      expect(read(does)).to.equal('> changed a');
    });

  it('is known where the function is declared, and only reads it', () => {
    const of = (parameter: string): string => `FUNCTION f(p ${parameter}) RETURN NUMBER IS BEGIN RETURN 1; END;`;
    expect(read(`x := f(t); ${TRUNCATE}`, of('VARCHAR2'))).to.equal('> changed a');
    expect(read(`x := f(t); ${TRUNCATE}`, of('IN OUT VARCHAR2'))).to.equal(`> ${UNKNOWN_PARTS}`);
    expect(read(`x := f(t); ${TRUNCATE}`, 'TYPE names IS TABLE OF NUMBER INDEX BY VARCHAR2(9); f names;')).to.equal(
      '> changed a'
    );
  });

  it('is known where SQL calls the function, which can have no OUT there', () => {
    expect(read(`SELECT count(*) INTO x FROM y WHERE n = f(t); ${TRUNCATE}`)).to.equal('y > changed a');
  });
});
