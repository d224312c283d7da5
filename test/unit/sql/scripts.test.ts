import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { shape } from './lineage-shape.js';

describe('Lineage of scripts', () => {
  const CHAIN =
    'CREATE TEMPORARY TABLE tmp AS SELECT id, v FROM a; INSERT INTO b (x, y) SELECT id, v FROM tmp; DROP TABLE tmp';

  it('goes through tables that one statement writes and a later one reads', () => {
    expect(shape(CHAIN, 'mysql')).to.deep.equal({
      sources: ['a'],
      targets: ['b'],
      columns: ['a.id > b.x', 'a.v > b.y'],
    });
  });

  it('keeps the steps on the way as edges and intermediate tables', () => {
    const { intermediate, edges } = parseLineage(CHAIN, 'mysql');
    expect(intermediate.map((table) => table.name)).to.deep.equal(['tmp']);
    expect(edges.map((edge) => `${edge.from} > ${edge.to}: ${edge.columns.length}`)).to.deep.equal([
      'a > tmp: 2',
      'tmp > b: 2',
    ]);
  });

  it('follows columns through SELECT * of a table that the script made', () => {
    expect(
      shape('CREATE TABLE t AS SELECT a AS x FROM s; INSERT INTO u SELECT * FROM t', 'ansi').columns
    ).to.deep.equal(['s.a > u.x']);
  });

  it('takes nothing from before a TRUNCATE of several temporary tables', () => {
    const sql = `CREATE TEMP TABLE x (id int); CREATE TEMP TABLE y (id int); INSERT INTO x SELECT id FROM a;
      INSERT INTO y SELECT id FROM b; TRUNCATE y, x RESTART IDENTITY; INSERT INTO x SELECT id FROM c; INSERT INTO t SELECT id FROM x`;
    expect(shape(sql, 'postgres').columns.filter((pair) => pair.endsWith('t.id'))).to.deep.equal(['c.id > t.id']);
  });

  it('never ends in a temporary table that feeds another', () => {
    const sql = "CREATE TEMP TABLE #stage (LIKE t); COPY #stage FROM 's3://b/x'; INSERT INTO t SELECT * FROM #stage";
    expect(shape(sql, 'redshift')).to.deep.include({ sources: ['path:s3://b/x'], targets: ['t'] });
  });

  it('follows renames', () => {
    const sql =
      'CREATE TABLE d.new LIKE d.t; INSERT INTO d.new SELECT * FROM s; RENAME TABLE d.t TO d.old, d.new TO d.t';
    expect(shape(sql, 'mysql')).to.deep.equal({ sources: ['d.old', 's'], targets: ['d.t'], columns: ['s.* > d.t.*'] });
  });

  it('finds a rename among the actions of an ALTER TABLE, and beside waits', () => {
    const renames = (sql: string, dialect: Dialect): readonly string[] =>
      parseLineage(sql, dialect).renames.map(({ from, to }) => `${from.name} > ${to.name}`);
    expect(renames('ALTER TABLE a ADD c DECIMAL(5, 2), RENAME INDEX i TO j, RENAME AS b', 'mysql')).to.deep.equal([
      'a > b',
    ]);
    expect(renames('ALTER TABLE a WAIT 5 RENAME = b, FORCE', 'mariadb')).to.deep.equal(['a > b']);
    expect(renames('ALTER TABLE a RENAME COLUMN b TO c, ADD d INT', 'mysql')).to.deep.equal([]);
    expect(renames('RENAME TABLE IF EXISTS a WAIT 5 TO b, c NOWAIT TO d', 'mariadb')).to.deep.equal(['a > b', 'c > d']);
    expect(renames('ALTER TABLE s.a RENAME TO b', 'postgres')).to.deep.equal(['s.a > s.b']);
    // into the schema of the session
    expect(renames('ALTER TABLE s.a RENAME TO b', 'mysql')).to.deep.equal(['s.a > b']);
  });

  it('needs no semicolons in T-SQL', () => {
    expect(shape('SELECT a INTO x FROM y SELECT b INTO z FROM w WHERE c = 1', 'tsql')).to.deep.include({
      sources: ['w', 'y'],
      targets: ['x', 'z'],
    });
  });
});

describe('Lineage of procedures', () => {
  const expected = { sources: ['a', 'b'], targets: ['b', 'c'], columns: ['a.x > b.x', 'b.y > c.y'] };

  it('is that of the statements in the body, in every dialect’s form', () => {
    const body = 'INSERT INTO b (x) SELECT x FROM a; INSERT INTO c (y) SELECT y FROM b;';
    expect(shape(`CREATE PROCEDURE p() BEGIN ${body} END`, 'mysql')).to.deep.equal(expected);
    expect(shape(`CREATE PROCEDURE p AS BEGIN ${body} END`, 'tsql')).to.deep.equal(expected);
    expect(
      shape(`CREATE PROCEDURE p() RETURNS string LANGUAGE SQL AS $$ BEGIN ${body} END $$`, 'snowflake')
    ).to.deep.equal(expected);
    expect(
      shape(`CREATE FUNCTION f() RETURNS void AS $$ x $$ LANGUAGE sql; DO $$ x $$`, 'postgres').targets
    ).to.deep.equal([]);
  });

  it('takes SELECT … INTO as filling a variable', () => {
    expect(
      shape('CREATE PROCEDURE p() BEGIN DECLARE n INT; SELECT count(*) INTO n FROM a; END', 'mysql')
    ).to.deep.equal({ sources: ['a'], targets: [], columns: [] });
  });

  it('reads statements that are executed from a string', () => {
    expect(shape("BEGIN EXECUTE IMMEDIATE 'INSERT INTO t SELECT ''x'' AS k, v FROM s'; END", 'oracle')).to.deep.equal({
      sources: ['s'],
      targets: ['t'],
      columns: ['s.v > t.v'],
    });
  });

  it('is empty for bodies in other languages', () => {
    expect(
      shape('CREATE PROCEDURE p() LANGUAGE PYTHON AS $$ insert into x select 1 from y $$', 'snowflake')
    ).to.deep.include({ sources: [], targets: [] });
  });
});

describe('Text that is cut or odd', () => {
  it('still tells the tables in front of the cut, and says so', () => {
    const lineage = parseLineage("INSERT INTO dw.x (a) SELECT a FROM shop.orders WHERE name IN ('a', 'b", 'mysql');
    expect(lineage.sources.map((table) => table.name)).to.deep.equal(['shop.orders']);
    expect(lineage.targets.map((table) => table.name)).to.deep.equal(['dw.x']);
    expect(lineage.doubts).not.to.be.empty;
  });

  it('never throws', () => {
    const pieces = [
      'SELECT',
      'FROM',
      '(',
      ')',
      ',',
      "'",
      '"',
      '`',
      'INSERT INTO',
      'WITH a AS (',
      'CASE',
      'UNION',
      '*',
      '.',
      't',
      'MERGE',
      'SET',
      '=',
      'VALUES',
      ';',
      '$$',
      '/*',
      ':',
      '@',
    ];
    let state = 7;
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from(
        { length: 12 },
        () => pieces[(state = (state * 1103515245 + 12345) % 2147483648) % pieces.length]
      ).join(' ');
      expect(() => parseLineage(text, round % 2 === 0 ? 'mysql' : 'snowflake'), text).not.to.throw();
    }
  });
});
