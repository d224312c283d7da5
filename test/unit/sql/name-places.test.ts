import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';
import { told, used } from './lineage-shape.js';

/** Dialect, SQL, and what it deletes from. */
const DELETIONS: readonly (readonly [Dialect, string, string])[] = [
  ['postgres', 'BEGIN; SET LOCAL search_path = x; DELETE FROM a; COMMIT; DELETE FROM b', 'x.a b'],
  ['postgres', 'BEGIN; SET LOCAL search_path = x; DELETE FROM a; END; DELETE FROM b', 'x.a b'],
  ['postgres', 'SET search_path = y; BEGIN; SET LOCAL SCHEMA x; DELETE FROM a; ABORT; DELETE FROM b', 'x.a y.b'],
  ['postgres', "SELECT set_config('search_path', 'x', true); DELETE FROM a; COMMIT WORK; DELETE FROM b", 'x.a b'],
  ['postgres', "SELECT set_config('search_path', 'x', 'off'); DELETE FROM a; COMMIT; DELETE FROM b", 'x.a x.b'],
  ['postgres', 'SET LOCAL search_path = x; DELETE FROM a; COMMIT AND CHAIN; DELETE FROM b', 'x.a b'],
  ['postgres', "SET LOCAL search_path = x; COMMIT PREPARED 'p'; DELETE FROM a", 'x.a'],
  ['postgres', 'BEGIN; SET search_path = x; DELETE FROM a; COMMIT; DELETE FROM b', 'x.a x.b'],
  ['postgres', 'BEGIN; SET search_path = x; DELETE FROM a; ROLLBACK; DELETE FROM b', 'x.a b'],
  [
    'postgres',
    'SET search_path = x; BEGIN; SET LOCAL search_path TO DEFAULT; DELETE FROM a; END; DELETE FROM b',
    'a x.b',
  ],
  [
    'postgres',
    'BEGIN; SET LOCAL search_path = x; SAVEPOINT s; SET LOCAL search_path = y; DELETE FROM a; ROLLBACK TO s; DELETE FROM b',
    'y.a x.b',
  ],
  ['snowflake', "ALTER SESSION SET search_path = '$current, mart'; DELETE FROM a", 'a'],
  ['snowflake', "ALTER SESSION SET search_path = 'db.mart, shop'; DELETE FROM a", 'mart.a'],
  ['redshift', 'BEGIN; SET LOCAL search_path = x; DELETE FROM a; COMMIT; DELETE FROM b', 'x.a b'],
  ['postgres', 'DO $$ BEGIN SET LOCAL search_path = x; DELETE FROM a; END $$', 'x.a'],
  ['postgres', 'DO $$ BEGIN SET LOCAL search_path = x; DELETE FROM a; END $$; COMMIT; DELETE FROM b', 'x.a b'],
  ['postgres', 'DO $$ BEGIN SET search_path = x; DELETE FROM a; RESET search_path; DELETE FROM b; END $$', 'x.a b'],
  ['postgres', 'DO $$ BEGIN SET LOCAL search_path = x; DELETE FROM a; COMMIT; DELETE FROM b; END $$', 'x.a b'],
  ['postgres', "DO $$ BEGIN PERFORM set_config('search_path', 'x', true); DELETE FROM a; END $$", 'x.a'],
  ['postgres', "DO $$ BEGIN PERFORM pg_catalog.set_config('search_path', 'x', false); DELETE FROM a; END $$", 'x.a'],
  ['postgres', "DO $$ BEGIN EXECUTE 'SET LOCAL search_path TO x'; DELETE FROM a; END $$", 'x.a'],
  ['snowflake', 'BEGIN USE SCHEMA x; DELETE FROM a; END', 'x.a'],
  ['snowflake', "EXECUTE IMMEDIATE 'USE SCHEMA x'; DELETE FROM a", 'x.a'],
  ['bigquery', "SET @@dataset_id = 'x'; DELETE FROM a WHERE TRUE; DELETE FROM y.b WHERE TRUE", 'x.a y.b'],
  ['bigquery', "SET @@dataset_project_id = 'p'; DELETE FROM x.a WHERE TRUE", 'p.x.a'],
  ['bigquery', "SET @@dataset_project_id = 'p'; SET @@dataset_id = 'x'; DELETE FROM a WHERE TRUE", 'p.x.a'],
  ['bigquery', "SET (@@dataset_id, @@dataset_project_id) = ('x', 'p'); DELETE FROM a WHERE TRUE", 'p.x.a'],
  ['bigquery', "BEGIN SET @@dataset_id = 'x'; DELETE FROM a WHERE TRUE; END", 'x.a'],
  ['bigquery', "SET @@time_zone = 'x'; DELETE FROM a WHERE TRUE", 'a'],
  ['tsql', "EXEC('USE db; DELETE FROM dbo.a'); DELETE FROM dbo.b", 'db.dbo.a dbo.b'],
  ['tsql', "EXEC sp_executesql N'USE db; DELETE FROM dbo.a'; DELETE FROM dbo.b", 'db.dbo.a dbo.b'],
  ['tsql', "EXEC('USE db; EXEC(''USE e; DELETE FROM dbo.a''); DELETE FROM dbo.b')", 'e.dbo.a db.dbo.b'],
  ['tsql', "EXEC db.sys.sp_executesql N'DELETE FROM dbo.a'; DELETE FROM dbo.b", 'db.dbo.a dbo.b'],
  ['tsql', "EXEC linked.db.sys.sp_executesql N'DELETE FROM dbo.a'; DELETE FROM dbo.b", 'dbo.b'],
  ['tsql', "DECLARE @q nvarchar(99) = N'USE db; DELETE FROM dbo.a'; EXEC(@q); DELETE FROM dbo.b", 'db.dbo.a dbo.b'],
  ['tsql', "DECLARE @q nvarchar(99) = N'DELETE FROM dbo.a'; EXEC [db].sys.sp_executesql @q; DELETE b", 'db.dbo.a b'],
  ['tsql', "DECLARE @q nvarchar(99) = N'DELETE FROM dbo.a'; EXEC db..[sp_executesql] @stmt = @q", 'db.dbo.a'],
  ['tsql', "DECLARE @q nvarchar(99) = N'DELETE FROM dbo.a'; EXEC [dbo].sp_executesql @q; DELETE b", 'dbo.a b'],
  ['tsql', "DECLARE @q nvarchar(99) = N'DELETE FROM dbo.a'; EXEC linked.db.sys.sp_executesql @q; DELETE b", 'b'],
  ['tsql', "DECLARE @q nvarchar(99) = N'DELETE FROM dbo.a'; EXEC dbo.log_text @q; DELETE b", 'b'],
  ['tsql', 'IF 1 = 1 BEGIN USE db; DELETE FROM dbo.a END', 'db.dbo.a'],
];

/** What a body that is only stored reads and writes; what is behind it in the text is looked up where that began. */
const STORED: readonly (readonly [Dialect, string, string, string])[] = [
  [
    'postgres',
    'CREATE FUNCTION f() RETURNS void LANGUAGE sql SET search_path = x AS $$ INSERT INTO a SELECT * FROM b $$; INSERT INTO c SELECT 1',
    'x.b',
    'x.a c',
  ],
  [
    'postgres',
    'CREATE FUNCTION f() RETURNS void AS $$ BEGIN INSERT INTO a SELECT * FROM b; END $$ LANGUAGE plpgsql SET search_path TO x, pg_temp; INSERT INTO c SELECT 1',
    'x.b',
    'x.a c',
  ],
  [
    'postgres',
    'CREATE FUNCTION f() RETURNS void LANGUAGE sql SET search_path TO x BEGIN ATOMIC INSERT INTO a SELECT * FROM b; END; INSERT INTO c SELECT 1',
    'x.b',
    'x.a c',
  ],
  [
    'postgres',
    'CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN SET search_path = x; INSERT INTO a SELECT * FROM b; END $$; INSERT INTO c SELECT 1',
    'x.b',
    'x.a c',
  ],
  [
    'snowflake',
    "CREATE PROCEDURE p() LANGUAGE SQL AS 'BEGIN USE SCHEMA x; INSERT INTO a SELECT * FROM b; END'; INSERT INTO c SELECT 1",
    'x.b',
    'x.a c',
  ],
];

describe('Unqualified names', () => {
  for (const [dialect, sql, changed] of DELETIONS)
    it(`are looked up where the text says (${dialect}): ${sql}`, () => {
      const lineage = used(sql, dialect);
      expect(lineage.changed.map(({ name }) => name).join(' ')).to.equal(changed);
      expect(lineage.doubts).to.deep.equal([]);
    });

  for (const [dialect, sql, sources, targets] of STORED)
    it(`of a stored body are looked up where it says (${dialect}): ${sql.slice(0, 90)}`, () => {
      const lineage = parseLineage(sql, dialect);
      expect(lineage.sources.map(({ name }) => name).join(' ')).to.equal(sources);
      expect(lineage.targets.map(({ name }) => name).join(' ')).to.equal(targets);
      expect(lineage.doubts).to.deep.equal([]);
    });

  it('are in the first schema of a path that is known to have them', () => {
    const sql = 'SET search_path = x, y; SELECT a.i FROM a JOIN b ON a.i = b.i';
    const known = used(sql, 'postgres', { schema: { 'x.a': ['i'], 'y.a': ['i'], 'y.b': ['i'] } });
    expect(known.sources).to.deep.equal([
      { name: 'x.a', parts: ['x', 'a'], kind: 'table' },
      { name: 'y.b', parts: ['y', 'b'], kind: 'table' },
    ]);
    expect(used(sql, 'postgres').sources).to.deep.equal([
      { name: 'x.a', parts: ['x', 'a'], kind: 'table', otherwise: [{ name: 'y.a', parts: ['y', 'a'] }] },
      { name: 'x.b', parts: ['x', 'b'], kind: 'table', otherwise: [{ name: 'y.b', parts: ['y', 'b'] }] },
    ]);
  });

  it('are not those that a DROP took from a schema before', () => {
    const sql = 'SET search_path = x, y; DROP TABLE b; SELECT * FROM b';
    const of = (...known: string[]): string => {
      const schema = Object.fromEntries(known.map((name) => [name, ['i']]));
      const { sources, changed } = used(sql, 'postgres', { schema });
      return [...sources, '>', ...changed].map((one) => (typeof one === 'string' ? one : one.name)).join(' ');
    };
    expect(of()).to.equal('y.b > x.b');
    expect(of('x.b', 'y.b')).to.equal('y.b > x.b');
    // the catalog has what is left: the one that was dropped stood in x
    expect(of('y.b')).to.equal('y.b >');
  });

  it('are in the chosen database where its schema is not known', () => {
    const [table] = used('USE db; SELECT a FROM t', 'tsql').sources;
    expect(table?.parts).to.deep.equal(['db', '', 't']);
  });
});

describe('A procedure that a string makes', () => {
  it('does nothing before it is called', () => {
    expect(told("EXEC('CREATE PROCEDURE p AS BEGIN DELETE FROM a END'); DELETE FROM b", 'tsql')).to.equal(
      'b > changed b'
    );
  });
});

describe('What a temporary table is shaped like', () => {
  const blocks: readonly (readonly [Dialect, string])[] = [
    ['snowflake', 'BEGIN CREATE TEMPORARY TABLE t LIKE a; INSERT INTO t SELECT i FROM b; END'],
    ['snowflake', "EXECUTE IMMEDIATE 'BEGIN CREATE TEMPORARY TABLE t LIKE a; INSERT INTO t SELECT i FROM b; END'"],
    ['postgres', 'DO $$ BEGIN CREATE TEMP TABLE t (LIKE a); INSERT INTO t SELECT i FROM b; END $$'],
  ];
  for (const [dialect, sql] of blocks)
    it(`is read in blocks, too (${dialect}): ${sql}`, () => {
      const { sources, targets, intermediate } = used(sql, dialect);
      expect(sources.map(({ name }) => name)).to.deep.equal(['a', 'b']);
      expect(targets).to.deep.equal([]);
      expect(intermediate.map(({ name, temporary }) => [name, temporary])).to.deep.equal([['t', true]]);
      expect(parseLineage(sql, dialect).sources.map(({ name }) => name)).to.deep.equal(['b']);
    });
});
