import { expect } from 'chai';
import { parseLineage, type Dialect } from '../../../src/sql/index.js';

/** `sources > targets via intermediate`; a `~` marks temporary tables. */
function tables(sql: string, dialect: Dialect): string {
  const { sources, targets, intermediate } = parseLineage(sql, dialect);
  const [from, to, via] = [sources, targets, intermediate].map((list) =>
    list.map(({ name, temporary }) => (temporary === true ? `${name}~` : name)).join(' ')
  );
  return `${from} > ${to}${via === '' ? '' : ` via ${via}`}`;
}

describe('Tables that only a session has', () => {
  for (const [dialect, sql, expected] of [
    ['mysql', 'CREATE TEMPORARY TABLE x AS SELECT * FROM a', 'a > x~'],
    ['mysql', 'CREATE TEMPORARY TABLE x LIKE y', ' > x~'],
    ['mysql', 'CREATE TEMPORARY TABLE x AS SELECT * FROM a; INSERT INTO h SELECT * FROM x', 'a > h via x~'],
    ['postgres', 'CREATE LOCAL TEMP TABLE x ON COMMIT DROP AS SELECT * FROM a', 'a > x~'],
    ['postgres', 'CREATE TEMP VIEW x AS SELECT * FROM a', 'a > x~'],
    ['postgres', 'SELECT * INTO TEMP x FROM a', 'a > x~'],
    ['postgres', 'SELECT * INTO LOCAL TEMPORARY TABLE x FROM a', 'a > x~'],
    ['postgres', 'CREATE TABLE pg_temp.x AS SELECT * FROM a', 'a > x~'],
    ['postgres', 'CREATE TEMP TABLE x AS SELECT * FROM a; ALTER TABLE x RENAME TO y', 'a > y~'],
    ['postgres', 'DO $$ BEGIN CREATE TEMP TABLE x AS SELECT * FROM a; TABLE x; END $$', 'a >  via x~'],
    ['sqlite', 'CREATE TEMP TABLE x AS SELECT * FROM a; SELECT * FROM temp.x', 'a >  via x~'],
    ['tsql', 'SELECT * INTO #x FROM a', 'a > #x~'],
    ['tsql', 'SELECT * FROM tempdb..#x JOIN b ON b.i = 1', 'tempdb..#x~ b > '],
    ['tsql', 'DECLARE @t TABLE (i INT); INSERT INTO @t SELECT i FROM a', 'a > @t~'],
    ['snowflake', 'CREATE TEMPORARY TABLE x CLONE y', 'y > x~'],
    ['sparksql', 'CREATE GLOBAL TEMPORARY VIEW x AS SELECT * FROM a', 'a > x~'],
    ['oracle', 'CREATE PRIVATE TEMPORARY TABLE x AS SELECT * FROM a', 'a > x~'],
  ] as const)
    it(`are told apart (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });

  for (const [dialect, sql, expected] of [
    ['redshift', 'CREATE TEMP TABLE b AS SELECT * FROM a; SET search_path = y; SELECT * FROM b', 'a >  via b~'],
    ['redshift', 'CREATE TABLE #b AS SELECT * FROM a; SET search_path = y; SELECT * FROM #b', 'a >  via #b~'],
    ['sparksql', 'CREATE TEMPORARY VIEW b AS SELECT * FROM a; USE y; SELECT * FROM b', 'a >  via b~'],
    ['bigquery', "CREATE TEMP TABLE b AS SELECT * FROM a; SET @@dataset_id = 'y'; SELECT * FROM b", 'a >  via b~'],
    ['mysql', 'CREATE TEMPORARY TABLE b AS SELECT * FROM a; USE y; SELECT * FROM b', 'a y.b > b~'],
    ['snowflake', 'CREATE TEMP TABLE b AS SELECT * FROM a; USE SCHEMA y; SELECT * FROM b', 'a y.b > b~'],
    ['postgres', 'CREATE TEMP TABLE b AS SELECT * FROM a; DROP TABLE b; SELECT * FROM b', 'a "b" > b~'],
    ['postgres', 'SET search_path = y; CREATE TEMP TABLE b AS SELECT * FROM b; TABLE b', '"y"."b" >  via y.b~'],
    ['postgres', 'CREATE TEMP TABLE b AS SELECT * FROM a; CREATE TABLE b AS SELECT * FROM c', 'a c > b~ "b"'],
    [
      'postgres',
      'BEGIN; CREATE TEMP TABLE b AS TABLE a; SAVEPOINT s; DROP TABLE b; ROLLBACK TO s; INSERT INTO c TABLE b',
      'a > c via b~',
    ],
  ] as const)
    it(`are found before any other, as long as they are there (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });

  for (const [dialect, sql, expected] of [
    [
      'mysql',
      'CREATE PROCEDURE p() BEGIN CREATE TEMPORARY TABLE t AS SELECT * FROM a; INSERT INTO h SELECT * FROM t; END; INSERT INTO i SELECT * FROM t',
      'a "t" > h i via t~',
    ],
    [
      'mysql',
      'CREATE PROCEDURE p() BEGIN CREATE TEMPORARY TABLE t AS SELECT * FROM a; DROP TEMPORARY TABLE t; END; SELECT * FROM t',
      'a "t" >  via t~',
    ],
    [
      'snowflake',
      'CREATE PROCEDURE p() RETURNS INT AS $$ BEGIN CREATE TEMP TABLE t AS SELECT * FROM a; DROP TABLE t; END $$; SELECT * FROM t',
      'a "T" >  via t~',
    ],
    [
      'mysql',
      'CREATE TEMPORARY TABLE t AS SELECT * FROM a; CREATE PROCEDURE p() BEGIN DROP TABLE t; END; INSERT INTO h SELECT * FROM t',
      'a > h via t~',
    ],
    ['mariadb', 'BEGIN NOT ATOMIC CREATE TEMPORARY TABLE t AS SELECT * FROM a; END; SELECT * FROM t', 'a >  via t~'],
  ] as const)
    it(`are a stored body's own, and those of a block everybody's (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });

  const made = 'CREATE TEMPORARY TABLE t AS SELECT * FROM a';
  for (const [dialect, sql, expected] of [
    ['mysql', `${made}; DROP TEMPORARY TABLE t; SELECT * FROM t`, 'a "t" > t~'],
    ['mysql', `${made}; DROP TABLE t; INSERT INTO h SELECT * FROM t`, 'a "t" > t~ h'],
    ['mysql', `${made}; INSERT INTO h SELECT * FROM t; DROP TEMPORARY TABLE IF EXISTS t`, 'a > h via t~'],
    ['mysql', `${made}; ALTER TABLE t RENAME TO q; SELECT * FROM q; SELECT * FROM t`, 'a "t" >  via q~'],
    [
      'mysql',
      `${made}; DROP TABLE t; CREATE TEMPORARY TABLE t AS SELECT * FROM b; SELECT * FROM t`,
      'a b > t#1~ via t~',
    ],
    ['mariadb', `CREATE PROCEDURE p() BEGIN ${made}; DROP TABLE t; INSERT INTO h TABLE t; END`, 'a "t" > h via t~'],
    ['snowflake', `${made}; DROP TABLE t; SELECT * FROM t`, 'a "T" > t~'],
    ['hive', `${made}; DROP TABLE t; SELECT * FROM t`, 'a "t" > t~'],
    ['oracle', 'CREATE PRIVATE TEMPORARY TABLE t AS SELECT * FROM a; DROP TABLE t; SELECT * FROM t', 'a "T" > t~'],
  ] as const)
    it(`leave the name to the catalog's once they are dropped (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });

  for (const [dialect, sql, expected] of [
    ['snowflake', 'CREATE TRANSIENT TABLE x AS SELECT * FROM a', 'a > x'],
    ['oracle', 'CREATE GLOBAL TEMPORARY TABLE x AS SELECT * FROM a', 'a > x'],
    ['postgres', 'SELECT * INTO temp FROM a', 'a > temp'],
    ['postgres', 'SELECT * INTO UNLOGGED x FROM a', 'a > x'],
    // It hides the table that it is made from.
    ['mysql', 'CREATE TEMPORARY TABLE x AS SELECT * FROM x', 'x > '],
  ] as const)
    it(`are not these (${dialect}): ${sql}`, () => {
      expect(tables(sql, dialect)).to.equal(expected);
    });
});
