import { expect } from 'chai';
import { ParserPool, type Dialect } from '../../../src/sql/index.js';
import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';
import { countedText, type CountedText } from './counted-text.js';

/** Dialect, text, and how its tables were used. */
const TEXTS: readonly (readonly [Dialect, string, ...string[]])[] = [
  // read again
  ['mysql', 'DELETE FROM t WHERE id IN (SELECT id FROM t WHERE x = 1)', 't accessed+updated'],
  ['mysql', 'DELETE FROM t WHERE id IN (SELECT * FROM (SELECT id FROM t) q)', 't accessed+updated'],
  ['mysql', 'DELETE a FROM t a JOIN t b ON a.id > b.id AND a.k = b.k', 't accessed+updated'],
  ['mysql', 'DELETE FROM t USING t JOIN t b ON t.k = b.k', 't accessed+updated'],
  ['postgres', 'DELETE FROM t USING t x WHERE t.id > x.id', 't accessed+updated'],
  ['postgres', 'WITH q AS (SELECT id FROM t) DELETE FROM t WHERE id IN (SELECT id FROM q)', 't accessed+updated'],
  ['sqlite', 'DELETE FROM t WHERE rowid NOT IN (SELECT min(rowid) FROM t GROUP BY k)', 't accessed+updated'],
  ['oracle', 'DELETE FROM t x WHERE x.rowid > (SELECT min(y.rowid) FROM t y WHERE y.k = x.k)', 't accessed+updated'],
  ['tsql', "EXEC('DELETE x FROM t x WHERE EXISTS (SELECT 1 FROM t WHERE k = 1)')", 't accessed+updated'],
  ['bigquery', 'BEGIN DELETE FROM t USING t x WHERE t.id = x.id; END', 't accessed+updated'],
  // by another statement of the text
  ['mysql', 'SELECT * FROM t; DELETE FROM t', 't accessed+updated'],
  ['mysql', 'SELECT * FROM public.t; DELETE FROM t', 't accessed+updated'],
  ['mysql', 'DELETE FROM t WHERE id = 1; SELECT * FROM t', 't accessed+updated'],
  ['mysql', 'SELECT * FROM t; TRUNCATE TABLE t', 't accessed+updated'],
  ['mysql', 'DELETE FROM u USING u JOIN t ON u.id = t.id; DELETE FROM t', 't accessed+updated', 'u updated'],
  // through another table
  [
    'postgres',
    'CREATE TEMP TABLE q AS SELECT DISTINCT * FROM t; DELETE FROM t; INSERT INTO t SELECT * FROM q',
    't accessed+updated',
  ],
  [
    'mysql',
    'INSERT INTO u SELECT * FROM t; DELETE FROM t; INSERT INTO t SELECT 1, 2',
    't accessed+updated',
    'u updated',
  ],
  [
    'mysql',
    'TRUNCATE u; INSERT INTO u SELECT * FROM x; INSERT INTO t SELECT * FROM u',
    't updated',
    'u accessed+updated',
  ],
  // once
  ['mysql', 'DELETE FROM t WHERE id = 1', 't updated'],
  ['mysql', 'DELETE FROM t WHERE id = 1; DELETE FROM t', 't updated'],
  ['mysql', 'DELETE t, b FROM t JOIN u b ON b.id = t.id', 't updated', 'u updated'],
  ['tsql', 'DELETE t FROM dbo.x JOIN t ON t.id = x.id', 't updated'],
  ['tsql', 'WITH d AS (SELECT row_number() OVER (ORDER BY k) n FROM t) DELETE FROM d WHERE n > 1', 't updated'],
  ['postgres', 'DELETE FROM t USING u WHERE t.id = u.id RETURNING *', 't updated', 'u accessed'],
];

/** What two tables exchange both of them had and have. */
const EXCHANGED: readonly (readonly [Dialect, string, ...string[]])[] = [
  ['snowflake', 'ALTER TABLE "t" SWAP WITH "u"', 't accessed+updated', 'u accessed+updated'],
  ['clickhouse', 'EXCHANGE TABLES t AND u', 't accessed+updated', 'u accessed+updated'],
  ['mysql', 'ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u', 't accessed+updated', 'u accessed+updated'],
  ['oracle', 'ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u', 't accessed+updated', 'u accessed+updated'],
  ['ansi', "SELECT swap_partitions_between_tables('t', '1', '2', 'u')", 't accessed+updated', 'u accessed+updated'],
  // one way
  ['hive', "ALTER TABLE t EXCHANGE PARTITION (d = '1') WITH TABLE u", 't updated', 'u accessed+updated'],
  ['tsql', 'ALTER TABLE u SWITCH TO t', 't updated', 'u accessed+updated'],
  ['redshift', 'ALTER TABLE t APPEND FROM u', 't updated', 'u accessed+updated'],
  ['clickhouse', 'ALTER TABLE u MOVE PARTITION 1 TO TABLE t', 't updated', 'u accessed+updated'],
];

const MADE = 'CREATE TEMPORARY TABLE t AS SELECT * FROM u';
/** The same of tables whose temporary namesakes the text has dropped. */
const DROPPED: readonly (readonly [Dialect, string, ...string[]])[] = [
  ['mysql', `${MADE}; DROP TABLE t; DELETE FROM t`, 't updated', 'u accessed'],
  ['mysql', `${MADE}; DROP TABLE public.t; SELECT * FROM t`, 't accessed', 'u accessed'],
  ['mysql', `${MADE}; DROP TABLE other.t; SELECT * FROM t`, 'u accessed'],
  ['mysql', `${MADE}; SELECT * FROM public.t; DROP TEMPORARY TABLE t; DELETE FROM public.t`, 't updated', 'u accessed'],
  ['mariadb', 'CREATE TEMPORARY TABLE public.t LIKE u; DROP TABLE t; SELECT * FROM t', 't accessed', 'u accessed'],
  ['mysql', `${MADE}; DELETE FROM t; DROP TEMPORARY TABLE t`, 'u accessed'],
  ['mysql', `${MADE}; DROP TEMPORARY TABLE t; SELECT * FROM t JOIN u USING (k)`, 't accessed', 'u accessed'],
  ['mysql', `${MADE}; DROP TEMPORARY TABLE t; UPDATE t SET k = 1`, 't updated', 'u accessed'],
  ['mysql', `DROP TABLE IF EXISTS t; ${MADE}; DROP TABLE t`, 'u accessed'],
  ['hive', `${MADE}; DROP TABLE t; TRUNCATE TABLE t`, 't updated', 'u accessed'],
  ['hive', `${MADE}; DROP TABLE public.t; SELECT * FROM t`, 't accessed', 'u accessed'],
  ['hive', `${MADE}; DROP TABLE other.t; SELECT * FROM t`, 'u accessed'],
];

describe('A table that rows are deleted from', () => {
  let om: EdgesCatalog;
  let pool: ParserPool;

  before(async () => {
    om = await edgesCatalog();
    pool = new ParserPool({ threads: 1 });
    for (const name of ['t', 'u']) await om.add(`s.db.public.${name}`, ['id', 'k']);
  });
  after(async () => {
    await pool.close();
    await om.close();
  });

  for (const [dialect, text, ...tables] of [...TEXTS, ...EXCHANGED, ...DROPPED])
    it(`is accessed where it is read besides (${dialect}): ${text}`, async () => {
      const counting = { om, pool, dialect, folding: 'lower' } as const;
      const counted: CountedText = await countedText(text, 's.db.public.', counting);
      expect(counted.tables).to.deep.equal(tables);
    });
});
