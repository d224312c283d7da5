import { expect } from 'chai';
import { shape, told } from './lineage-shape.js';

/** What PL/pgSQL runs as a SELECT, in a block with `x int`, and the tables that are read. */
const STATEMENTS: readonly (readonly [statement: string, read: string])[] = [
  ['x := max(i) FROM a WHERE k = 1;', 'a'],
  ['x = count(*) FROM a;', 'a'],
  ['r.x := max(i) FROM a;', 'a'],
  ['r[1] := max(i) FROM a;', 'a'],
  ['x := DISTINCT i FROM a ORDER BY 1 LIMIT 1;', 'a'],
  ['x := CASE WHEN EXISTS (SELECT 1 FROM b) THEN 1 ELSE 2 END FROM a;', 'a b'],
  ['x := count(*) FILTER (WHERE i IS DISTINCT FROM 1) FROM a;', 'a'],
  ['IF count(*) > 0 FROM a THEN NULL; ELSIF count(*) > 3 FROM b THEN NULL; END IF;', 'a b'],
  ['CASE count(*) FROM a WHEN 2 THEN DELETE FROM c; ELSE NULL; END CASE;', 'a c > changed c'],
  ['CASE WHEN count(*) = 2 FROM a THEN NULL; WHEN max(i) = 1 FROM b THEN NULL; END CASE;', 'a b'],
  ['WHILE count(*) > 5 FROM a LOOP NULL; END LOOP;', 'a'],
  ['LOOP EXIT WHEN count(*) > 0 FROM a; CONTINUE l WHEN count(*) > 0 FROM b; END LOOP;', 'a b'],
  ['FOR i IN REVERSE min(i) FROM a .. max(i) FROM b LOOP NULL; END LOOP;', 'a b'],
  ['FOR i IN 1..count(*) FROM a LOOP NULL; END LOOP;', 'a'],
  ['FOREACH x IN ARRAY array_agg(i) FROM a LOOP NULL; END LOOP;', 'a'],
  ['FOR r IN SELECT * FROM a LOOP x := x + max(i) FROM b; END LOOP;', 'a b'],
  ["RAISE NOTICE '% %', count(*) FROM a, max(i) FROM b;", 'a b'],
  ["RAISE USING message = 'm' || count(*) FROM a, hint = max(n) FROM b;", 'a b'],
  ["ASSERT count(*) > 5 FROM a, 'm' || count(*) FROM b;", 'a b'],
  ["EXECUTE 'DELETE FROM c WHERE i > $1' USING count(*) FROM a;", 'a c > changed c'],
  ["RETURN QUERY EXECUTE 'DELETE FROM c WHERE i > $1' USING count(*) FROM a;", 'a c > changed c'],
  ['RETURN NEXT max(i) FROM a;', 'a'],
  ['RETURN count(*) FROM a;', 'a'],
  ['RETURN QUERY TABLE a;', 'a'],
  ['FOR r IN TABLE ONLY a LOOP NULL; END LOOP;', 'a'],
  ['OPEN c FOR TABLE a;', 'a'],
  ['x := (SELECT max(i) FROM a);', 'a'],
];

/** FROM that belongs to no query. */
const OTHERS: readonly string[] = [
  'x := a IS DISTINCT FROM b;',
  'IF x IS NOT DISTINCT FROM y THEN NULL; END IF;',
  'x := extract(year FROM now()); y := substring(y FROM 2 FOR 3);',
  'FETCH NEXT FROM c INTO x; MOVE FORWARD 3 FROM c;',
  'GET DIAGNOSTICS x = ROW_COUNT; FETCH FROM c INTO x;',
  'REVOKE SELECT ON a FROM bob; REVOKE SELECT, INSERT ON a FROM bob;',
  'GRANT SELECT ON a TO bob;',
];

describe('Expressions of PL/pgSQL', () => {
  for (const [statement, read] of STATEMENTS)
    it(`read tables: ${statement}`, () => {
      const expected = read.includes('>') ? read : `${read} >`;
      expect(told(`DO $$ DECLARE x int; BEGIN ${statement} END $$`, 'postgres')).to.equal(expected);
    });

  it('read tables in declarations', () => {
    const declared =
      "n text := 'q'; x CONSTANT numeric(10,2) = count(*) FROM a; y a.x%TYPE NOT NULL DEFAULT max(i) FROM b;";
    expect(told(`DO $$ DECLARE ${declared} BEGIN NULL; END $$`, 'postgres')).to.equal('a b >');
  });

  it('have joins', () => {
    const sql = 'DO $$ DECLARE x int; BEGIN x := a.i FROM a JOIN b ON a.i = b.k; END $$';
    expect(told(sql, 'postgres')).to.equal('a b > a.i=b.k');
  });

  it('read tables in functions and procedures', () => {
    const body = '$$ BEGIN x := sum(v) FROM a WHERE a.k = x; END $$';
    const sql = `CREATE PROCEDURE f() LANGUAGE plpgsql AS ${body}`;
    for (const dialect of ['postgres', 'redshift'] as const)
      expect(shape(sql, dialect).sources, dialect).to.deep.equal(['a']);
  });

  for (const statement of OTHERS)
    it(`read none: ${statement}`, () => {
      expect(told(`DO $$ DECLARE x int; BEGIN ${statement} END $$`, 'postgres')).to.equal('>');
    });
});

describe('Rights in blocks', () => {
  it('are no queries of those whose they were', () => {
    expect(told('BEGIN REVOKE SELECT ON TABLE a FROM ROLE bob; END', 'snowflake')).to.equal('>');
    expect(told('BEGIN NOT ATOMIC REVOKE SELECT ON a FROM bob; DELETE FROM c; END', 'mariadb')).to.equal(
      'c > changed c'
    );
  });
});

describe("Handlers of MySQL's blocks", () => {
  it('may read or fill a table', () => {
    const block = (handled: string): string =>
      `BEGIN NOT ATOMIC DECLARE CONTINUE HANDLER FOR 1062, SQLSTATE '23000' ${handled}; SELECT 1; END`;
    expect(told(block('TABLE a'), 'mysql')).to.equal('a >');
    expect(told(block("LOAD DATA INFILE 'f' INTO TABLE a"), 'mariadb')).to.equal('path:f > a');
    expect(told(block('SELECT 1 FROM a'), 'mariadb')).to.equal('a >');
  });
});
