import { expect } from 'chai';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';
import { postgresMeasureDialect } from '../../../src/sources/postgres/measure-dialect.js';
import { parseServerVersion } from '../../../src/sources/mysql/server-version.js';
import {
  findSource,
  requireReadingCondition,
  singleReadOnly,
  type UsersSqlDialect,
} from '../../../src/sources/index.js';
import { snowflakeMeasureDialect } from '../../../src/sources/snowflake/measure-dialect.js';

interface Engine {
  readonly dialect: UsersSqlDialect;
  /** With what the message names. */
  readonly refused: readonly (readonly [sql: string, names: string])[];
  readonly sent: readonly string[];
}

const ENGINES: Readonly<Record<string, Engine>> = {
  Snowflake: {
    dialect: snowflakeMeasureDialect,
    refused: [
      ['SELECT SYSTEM$CANCEL_ALL_QUERIES(1)', 'SYSTEM$CANCEL_ALL_QUERIES'],
      ['SELECT "SYSTEM$ABORT_SESSION" /* now */ (1)', 'SYSTEM$ABORT_SESSION'],
      ["SELECT 1 // it's\n, system$task_dependents_enable('a') // '", 'SYSTEM$TASK_DEPENDENTS_ENABLE'],
      ['SELECT 1 # 2, SYSTEM$WAIT(60)', 'SYSTEM$WAIT'],
      ['SELECT s1.nextval', 'NEXTVAL'],
      ['SELECT "S1"."NEXTVAL"', 'NEXTVAL'],
      ['SELECT a.s1 . /* next */ "NEXTVAL" AS id', 'NEXTVAL'],
      ['SELECT * FROM t, TABLE(GETNEXTVAL(s1))', 'GETNEXTVAL'],
      ['SELECT 1 ->> DROP TABLE t', '->>'],
      ['SELECT 1->>CALL p()', '->>'],
      ['WITH p AS PROCEDURE () RETURNS INT LANGUAGE SQL AS $$ BEGIN DROP TABLE t; END $$ CALL p()', 'PROCEDURE'],
    ],
    sent: [
      "SELECT SYSTEM$TYPEOF(a), 'SYSTEM$CANCEL_QUERY(1)', $$s.NEXTVAL$$ FROM t -- SYSTEM$WAIT(1)",
      'SELECT SYSTEM$STREAM_HAS_DATA(\'s\'), t.nextvalue, "NEXTVAL", t."nextval" FROM t',
      "SELECT FILTER(a, x INT -> x > 1), '->>', 1 -- ->>\nFROM t",
      'WITH procedure (a) AS (SELECT 1) SELECT a AS procedure FROM procedure',
      "SELECT SYSTEM$CLUSTERING_INFORMATION('t')",
    ],
  },
  PostgreSQL: {
    dialect: postgresMeasureDialect,
    refused: [
      ["SELECT set_config('default_transaction_read_only', 'off', false)", 'SET_CONFIG'],
      ['SELECT pg_catalog."pg_terminate_backend"(pid) FROM pg_stat_activity', 'PG_TERMINATE_BACKEND'],
      ["SELECT E'\\'', lo_import('/etc/passwd'), ''", 'LO_IMPORT'],
      ['SELECT 5 # pg_try_advisory_lock(1)::int', 'PG_TRY_ADVISORY_LOCK'],
      ["SELECT $a$ $$ $a$, pg_read_file('x')", 'PG_READ_FILE'],
      ["SELECT * FROM public.dblink('host=x', 'DELETE FROM t') AS t(a int)", 'DBLINK'],
      [String.raw`SELECT u&"set\005fconfig"('default_transaction_read_only', 'off', false)`, 'U&"…"'],
      [String.raw`SELECT 1+U&"set!005fconfig" UESCAPE '!' ('a', 'b', false)`, 'U&"…"'],
      [`SELECT query_to_xml('SELECT set_config(''a'', ''b'', false)', true, true, '')`, 'QUERY_TO_XML'],
      [`SELECT * FROM ts_stat('SELECT f()')`, 'TS_STAT'],
      ['SELECT length(set_config/* /* */ */($$a$$, $$off$$, false))', 'SET_CONFIG'],
      ['SELECT count(*) --\r+ length(set_config($$a$$, $$off$$, false))\nFROM t', 'SET_CONFIG'],
      ['SELECT length(é$a$) FROM (SELECT set_config($$a$$, $$off$$, false) AS é$a$) x', 'SET_CONFIG'],
      [`SELECT ${'x'.repeat(256)}$a$ FROM (SELECT set_config($$a$$, $$off$$, false) AS y$a$) x`, 'SET_CONFIG'],
      [
        String.raw`SELECT length(E'a'` +
          '\n' +
          String.raw`'\' , ') + length(set_config('a', 'off', false)) + length(' ')`,
        'SET_CONFIG',
      ],
      ['SELECT pg_stat_reset() UNION SELECT pg_stat_statements_reset()', 'PG_STAT_RESET'],
      // as attributes of what they take
      ['SELECT (1::bigint).pg_advisory_lock', 'PG_ADVISORY_LOCK'],
      ["SELECT ('SELECT f()'::text) /* its */ . ts_stat", 'TS_STAT'],
      ['SELECT (ARRAY[1::bigint])[1].pg_try_advisory_lock', 'PG_TRY_ADVISORY_LOCK'],
      ['SELECT g.pg_advisory_lock FROM generate_series(1::bigint, 2) g', 'PG_ADVISORY_LOCK'],
      ['SELECT g."pg_advisory_lock" FROM generate_series(1::bigint, 2) g', 'pg_advisory_lock'],
      ['SELECT 1 AS from, g.pg_advisory_lock FROM CAST(1 AS bigint) g', 'PG_ADVISORY_LOCK'],
      ['SELECT b IS NOT DISTINCT FROM g.pg_try_advisory_lock FROM CAST(1 AS bigint) g', 'PG_TRY_ADVISORY_LOCK'],
      ['SELECT extract(epoch FROM a.pg_terminate_backend) FROM a', 'PG_TERMINATE_BACKEND'],
      ['SELECT 1 FROM a JOIN b ON ARRAY[true, (b.c).pg_promote] = b.d, e', 'PG_PROMOTE'],
      ['SELECT 1 FROM a WHERE (a.b).lo_unlink > 0', 'LO_UNLINK'],
      ['SELECT 1 FROM s.a ORDER BY (b).pg_read_file.c', 'PG_READ_FILE'],
      ['SELECT 1 FROM a, LATERAL (SELECT 1, a.dblink_exec) b', 'DBLINK_EXEC'],
      [
        'SELECT 1 FROM a TABLESAMPLE bernoulli ((1).pg_log_backend_memory_contexts::int)',
        'PG_LOG_BACKEND_MEMORY_CONTEXTS',
      ],
      ["SELECT * FROM (a CROSS JOIN crosstab('SELECT 1') AS c(d int))", 'CROSSTAB'],
      ["SELECT * FROM ROWS FROM (f(1), crosstab('SELECT 1') AS (a int))", 'CROSSTAB'],
      ["SELECT * FROM a JOIN LATERAL s.crosstab('SELECT 1') AS c(d int) ON true", 'CROSSTAB'],
      ["WITH a AS (SELECT 1) SELECT b, crosstab('SELECT 1') FROM a", 'CROSSTAB'],
      ["WITH a AS (SELECT 1) (SELECT 1, pg_notify('a', 'b'))", 'PG_NOTIFY'],
    ],
    sent: [
      "SELECT count(*), 'pg_notify(1)' FROM t WHERE lo_get = 1 AND note <> E'it\\'s'",
      `SELECT a & "b", menu&"c", U&'d\\0061t' FROM t`,
      'SELECT pg_backend_pid(), pg_relation_size(1), pg_sleep(1), lo_get(5)',
      'SELECT a ->> \'b\', t."NEXTVAL" FROM t',
      'SELECT "log" (1), pg_stat_get_live_tuples(1) FROM log',
      // tables, what is defined with its columns, and columns by their names alone
      'SELECT dblink, "crosstab", lo.lo_revenue, t.lo_get FROM public.dblink, s.crosstab AS c, (a JOIN s."ts_stat" ON true)',
      'SELECT s.crosstab.a FROM s.crosstab',
      'TABLE s.crosstab',
      'SELECT a FROM (SELECT 1) AS crosstab(a), (SELECT 2) dblink (b), generate_series(1, 2) ts_stat(c), s.t crosstab2(d)',
      'WITH crosstab(a) AS (SELECT 1), dblink (b) AS MATERIALIZED (SELECT 2) SELECT a, b FROM crosstab, dblink',
      'WITH RECURSIVE "crosstab"(a) AS (VALUES (1) UNION SELECT a + 1 FROM crosstab) SELECT a FROM crosstab',
      'SELECT (SELECT a FROM x AS crosstab(a)) FROM "t" crosstab(a) JOIN u AS dblink(b) ON a = b',
    ],
  },
  MySQL: {
    dialect: mysqlMeasureDialect(parseServerVersion('10.11.6-MariaDB')),
    refused: [
      ["SELECT GET_LOCK('a', 1)", 'GET_LOCK'],
      ["SELECT `release_lock`('a')", 'RELEASE_LOCK'],
      ["SELECT 1 AS $$, LOAD_FILE('/etc/passwd') AS $$", 'LOAD_FILE'],
      ["SELECT 1--LOAD_FILE/**/('/etc/passwd')", 'LOAD_FILE'],
      ["SELECT 1 /*!50000 , get_lock('a', 1) */", '/[*]!'],
      ["SELECT 1 /*!99999 ' */ INTO OUTFILE '/tmp/x' -- '", '/[*]!'],
      ["SELECT 1 /*M! INTO OUTFILE '/tmp/x' */", '/[*]!'],
      ["SELECT 1 --\u0001 '\n INTO OUTFILE '/tmp/x' -- '", 'INTO'],
    ],
    sent: [
      "SELECT a->>'$.b' FROM t",
      "SELECT SLEEP(1), get_lock, 'GET_LOCK(1)' FROM t # GET_LOCK('a')",
      'SELECT 1 -- LOAD_FILE(1)',
    ],
  },
};

describe("Functions in users' SQL that do more than read", () => {
  it('are the same when a recipe is checked and when it runs', () => {
    const dialects = { snowflake: ENGINES['Snowflake'], postgres: ENGINES['PostgreSQL'], mysql: ENGINES['MySQL'] };
    for (const [type, engine] of Object.entries(dialects))
      expect(findSource(type).changing, type).to.be.a('RegExp').that.equals(engine?.dialect.changing);
  });

  for (const [name, { dialect, refused, sent }] of Object.entries(ENGINES)) {
    it(`are refused of ${name}, in each way to write them`, () => {
      for (const [sql, names] of refused) {
        const said = new RegExp(`^it is refused: ${names.replace('$', '\\$')} (does more|is not a part|runs one)`);
        expect(() => singleReadOnly(sql, 'it', dialect), sql).to.throw(said);
      }
      const [first = ''] = refused[0] ?? [];
      expect(() => requireReadingCondition(`${first.slice(7)} IS NULL`, 'it', dialect)).to.throw('does more than read');
    });

    it(`are not taken for such where ${name} only reads`, () => {
      for (const sql of sent) expect(singleReadOnly(sql, 'it', dialect)).to.equal(sql);
    });
  }
});
