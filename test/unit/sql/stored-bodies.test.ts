import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { changedTables, told } from './lineage-shape.js';

/** Dialect, text, what its runs read, what they write. */
type Case = readonly [Dialect, string, readonly string[], readonly string[]];

const BODY = 'INSERT INTO c SELECT * FROM d';
const CASES: readonly Case[] = [
  ['postgres', `INSERT INTO a SELECT * FROM b; CREATE PROCEDURE p() LANGUAGE sql AS $$ ${BODY} $$`, ['b'], ['a']],
  ['postgres', `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ ${BODY} $$; SELECT * FROM a`, ['a'], []],
  [
    'postgres',
    `CREATE FUNCTION f() RETURNS int BEGIN ATOMIC ${BODY}; SELECT 1 FROM e; END; SELECT 1 FROM a`,
    ['a'],
    [],
  ],
  [
    'postgres',
    'SELECT 1 FROM a; CREATE TRIGGER t AFTER INSERT ON b EXECUTE FUNCTION f(); SELECT 1 FROM c',
    ['a', 'c'],
    [],
  ],
  ['mysql', `SELECT 1 FROM a; CREATE TRIGGER t AFTER INSERT ON b FOR EACH ROW ${BODY}`, ['a'], []],
  ['mysql', `UPDATE a SET x = 1; CREATE PROCEDURE p() BEGIN ${BODY}; END`, [], ['a']],
  ['mysql', `CREATE PROCEDURE p() BEGIN IF 1 THEN ${BODY}; END IF; END; SELECT 1 FROM a`, ['a'], []],
  ['mariadb', `CREATE PROCEDURE p() ${BODY}; SELECT 1 FROM a`, ['a'], []],
  [
    'mysql',
    `CREATE PROCEDURE p() l: BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SELECT 1 FROM h; END; CASE x WHEN 1 THEN SELECT CASE WHEN y THEN 1 END FROM d; END CASE; WHILE 1 DO ${BODY}; END WHILE; END l; SELECT 1 FROM a`,
    ['a'],
    [],
  ],
  ['mysql', `CREATE PROCEDURE p() IF 1 THEN ${BODY}; SELECT 1 FROM e; END IF`, [], []],
  ['mysql', 'CREATE FUNCTION f() RETURNS INT BEGIN DECLARE n INT; SELECT 1 INTO n FROM o; RETURN n; END', [], []],
  ['mariadb', 'CREATE FUNCTION f RETURN INT AS a INT; BEGIN SELECT x INTO a FROM o; RETURN a; END', [], []],
  ['mariadb', 'CREATE FUNCTION f(a INT, d INT) RETURN INT AS BEGIN d := d + 1; RETURN a + d; END', [], []],
  ['oracle', 'CREATE FUNCTION f RETURN INT AS a INT; BEGIN SELECT x INTO a FROM o; RETURN a; END', [], []],
  [
    'tsql',
    'CREATE FUNCTION f(@x INT) RETURNS INT AS BEGIN DECLARE @y INT; SELECT @y = 1 FROM o; RETURN @y; END',
    [],
    [],
  ],
  ['snowflake', `INSERT INTO a SELECT * FROM b; CREATE TASK t AS ${BODY}`, ['b'], ['a']],
  ['tsql', `INSERT INTO a SELECT * FROM b\nGO\nCREATE PROCEDURE p AS ${BODY}`, ['b'], ['a']],
  ['tsql', `INSERT INTO a SELECT * FROM b\nGO\nALTER PROCEDURE p @x int AS BEGIN ${BODY}; END`, ['b'], ['a']],
  ['tsql', `SELECT 1 FROM a\nGO\nALTER PROC dbo.p WITH RECOMPILE AS BEGIN TRY ${BODY} END TRY`, ['a'], []],
  ['tsql', `SELECT 1 FROM a\nGO\nALTER TRIGGER tr ON b AFTER INSERT AS ${BODY}`, ['a'], []],
  ['tsql', 'ALTER FUNCTION f() RETURNS INT AS BEGIN RETURN (SELECT MAX(x) FROM o); END', [], []],
];

describe('Bodies that a text stores', () => {
  for (const [dialect, sql, sources, targets] of CASES) {
    it(`do nothing beside its other statements: ${sql.slice(0, 100)} (${dialect})`, () => {
      const lineage = parseLineage(sql, dialect, { without: 'stored' });
      expect(lineage.sources.map(({ name }) => name)).to.deep.equal(sources);
      expect(lineage.targets.map(({ name }) => name)).to.deep.equal(targets);
      expect(lineage.kind).to.not.be.oneOf(['procedure', 'trigger']);
    });
  }

  it('cast no doubt on a text that does nothing else', () => {
    const sql = "CREATE PROCEDURE dbo.p @t sysname AS DECLARE @s nvarchar(max) = N'SELECT * FROM ' + @t; EXEC(@s)";
    expect(parseLineage(sql, 'tsql', { without: 'stored' }).doubts).to.deep.equal([]);
    expect(parseLineage(sql, 'tsql').doubts).to.have.length(1);
    expect(parseLineage(`SELECT FROM WHERE\nGO\n${sql}`, 'tsql', { without: 'stored' }).doubts).not.to.deep.equal([]);
    expect(parseLineage('what is this', 'tsql', { without: 'stored' }).doubts).not.to.deep.equal([]);
  });

  it("stand behind T-SQL's options", () => {
    for (const head of [
      'CREATE PROCEDURE p WITH EXECUTE AS OWNER AS',
      "CREATE PROCEDURE p @x int = 1 WITH RECOMPILE, EXECUTE AS 'dbo' AS BEGIN",
      'CREATE OR ALTER PROC dbo.p (@x int) WITH ENCRYPTION, RECOMPILE FOR REPLICATION AS',
      "CREATE PROCEDURE p WITH NATIVE_COMPILATION, SCHEMABINDING AS BEGIN ATOMIC WITH (LANGUAGE = N'x')",
      'CREATE FUNCTION f (@x int) RETURNS int WITH SCHEMABINDING, EXECUTE AS CALLER AS BEGIN',
      'CREATE FUNCTION f () RETURNS @r TABLE (id int) WITH SCHEMABINDING, RETURNS NULL ON NULL INPUT AS BEGIN',
      'CREATE TRIGGER tr ON t WITH EXECUTE AS SELF AFTER INSERT AS',
    ]) {
      const { edges, doubts } = parseLineage(`${head} INSERT INTO c SELECT * FROM d`, 'tsql');
      expect([edges.map(({ from, to }) => `${from} > ${to}`), doubts], head).to.deep.equal([['d > c'], []]);
    }
  });

  it('need no AS in front of RETURN', () => {
    const query = 'WITH recompile AS (SELECT id FROM a) SELECT * FROM recompile';
    for (const head of ['RETURNS TABLE', 'RETURNS TABLE AS', 'RETURNS TABLE WITH SCHEMABINDING'])
      for (const body of [query, `(${query})`])
        expect(told(`CREATE FUNCTION f(@x int = 1) ${head} RETURN ${body}`, 'tsql'), head).to.equal('>');
    const sources = (sql: string, dialect: Dialect): string =>
      parseLineage(sql, dialect)
        .sources.map(({ name }) => name)
        .join(' ');
    expect(sources(`CREATE FUNCTION f() RETURNS TABLE RETURN ${query}`, 'tsql')).to.equal('a');
    expect(sources(`CREATE FUNCTION f() RETURNS TABLE RETURN (${query})`, 'tsql')).to.equal('a');
    const text = 'CREATE FUNCTION f() RETURNS int RETURN (SELECT max(id) FROM a); SELECT * FROM b';
    for (const dialect of ['mysql', 'postgres'] as const) {
      expect(sources(text, dialect)).to.equal('a b');
      expect(told(text, dialect)).to.equal('b >');
    }
  });

  it('leave the kind of the text to its other statements', () => {
    const kindOf = (sql: string): string => parseLineage(sql, 'mysql').kind;
    expect(kindOf(`SELECT 1 FROM a; CREATE PROCEDURE p() ${BODY}`)).to.equal('select');
    expect(kindOf(`CREATE PROCEDURE p() ${BODY}; SELECT 1 FROM a`)).to.equal('select');
    expect(kindOf(`USE x; CREATE PROCEDURE p() ${BODY}`)).to.equal('procedure');
  });

  it('change no table, but what stands behind them does', () => {
    const trigger = 'CREATE TRIGGER t BEFORE INSERT ON b FOR EACH ROW BEGIN DELETE FROM x; END';
    expect(changedTables(`DELETE FROM y; ${trigger}; TRUNCATE a`, 'mysql')).to.deep.equal([['y'], ['a']]);
    const routine = 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM x $$';
    expect(changedTables(`${routine}; DELETE FROM a`, 'postgres')).to.deep.equal([['a']]);
  });

  it('are left out alone where triggers count', () => {
    const sql = `CREATE TRIGGER t AFTER INSERT ON b FOR EACH ROW ${BODY}; CREATE PROCEDURE p() INSERT INTO e SELECT * FROM f`;
    const { edges } = parseLineage(sql, 'mysql', { without: 'procedures' });
    expect(edges.map(({ from, to }) => `${from} > ${to}`)).to.deep.equal(['d > c']);
  });
});
