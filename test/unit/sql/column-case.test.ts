import { expect } from 'chai';
import {
  parseLineage,
  TextReader,
  type Dialect,
  type LineageColumn,
  type QueryLineage,
} from '../../../src/sql/index.js';

/** `nn` is a column of b and c; a has two columns that differ by case only. */
const SCHEMAS = {
  postgres: { a: ['id', 'Id'], b: ['id', 'nn'], c: ['Id', 'nn'] },
  snowflake: { A: ['ID', 'Id'], B: ['ID', 'NN'], C: ['Id', 'NN'] },
  // OpenMetadata has the names of Oracle in lower case.
  oracle: { a: ['id', 'Id'], b: ['id', 'nn'], c: ['Id', 'nn'] },
};
type Folding = keyof typeof SCHEMAS;
const FOLDING = ['postgres', 'snowflake', 'oracle'] as const;

/** A name that the engine folds in lower case, any other in quotes. */
function textOf({ table = '', column, identity }: LineageColumn): string {
  return `${table.toLowerCase()}.${identity === undefined ? column.toLowerCase() : `"${column}"`}`;
}

const joinsOf = ({ joins }: QueryLineage): string[] =>
  joins.map(({ left, right }) => `${textOf(left)} = ${textOf(right)}`);
const columnsOf = ({ columns }: QueryLineage): string[] =>
  columns.map(([from, to]) => `${textOf(from)} > ${textOf(to)}`);

interface Case {
  readonly sql: string;
  readonly joins?: readonly string[];
  readonly columns?: readonly string[];
  /** Default: all that fold names. */
  readonly dialects?: readonly Folding[];
}

const CASES: readonly Case[] = [
  { sql: 'SELECT 1 FROM a JOIN b ON a."Id" = b.id AND a.id = b.id', joins: ['a."Id" = b.id', 'a.id = b.id'] },
  { sql: 'SELECT 1 FROM r, s WHERE (r."Id", r.id) = (s.u, s.v)', joins: ['r."Id" = s.u', 'r.id = s.v'] },
  { sql: 'SELECT 1 FROM a JOIN b USING (id)', joins: ['a.id = b.id'] },
  { sql: 'SELECT 1 FROM a JOIN c USING ("Id")', joins: ['a."Id" = c."Id"'] },
  { sql: 'SELECT 1 FROM r JOIN s USING ("Id", id)', joins: ['r."Id" = s."Id"', 'r.id = s.id'] },
  { sql: 'SELECT 1 FROM a NATURAL JOIN b', joins: ['a.id = b.id'] },
  { sql: 'SELECT 1 FROM a NATURAL JOIN c', joins: ['a."Id" = c."Id"'] },
  { sql: 'SELECT 1 FROM b NATURAL JOIN c', joins: ['b.nn = c.nn'] },
  // Only b has an id: the relation that has the very name, here or further out.
  { sql: 'SELECT 1 FROM c JOIN b ON id = c.nn', joins: ['b.id = c.nn'] },
  { sql: 'SELECT 1 FROM b WHERE EXISTS (SELECT 1 FROM c WHERE c.nn = id)', joins: ['c.nn = b.id'] },
  { sql: 'SELECT 1 FROM c JOIN r ON "Id" = id', joins: ['c."Id" = r.id'] },
  { sql: 'INSERT INTO t (p, q) SELECT "Id", id FROM a', columns: ['a."Id" > t.p', 'a.id > t.q'] },
  { sql: 'INSERT INTO t ("Pp", pp) SELECT x, y FROM s', columns: ['s.x > t."Pp"', 's.y > t.pp'] },
  { sql: 'INSERT INTO a SELECT x, y FROM s', columns: ['s.x > a.id', 's.y > a."Id"'] },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Xx", xx FROM (SELECT u AS "Xx", v AS xx FROM s) z',
    columns: ['s.u > t.p', 's.v > t.q'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT z."Xx", z.xx FROM (SELECT u "Xx", v xx FROM s) z',
    columns: ['s.u > t.p', 's.v > t.q'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Xx", xx FROM (SELECT * FROM (SELECT u AS "Xx", v AS xx FROM s) y) z',
    columns: ['s.u > t.p', 's.v > t.q'],
  },
  // Of a relation that has one of them and more that is not known, the other is among what is not known.
  {
    sql: 'INSERT INTO t (p, q) SELECT z.xx, z."Xx" FROM (SELECT u AS "Xx", s.* FROM s) z',
    columns: ['s.xx > t.p', 's.u > t.q'],
  },
  {
    sql: 'INSERT INTO t (p, q) WITH w ("Xx", xx) AS (SELECT u, v FROM s) SELECT w."Xx", w.xx FROM w',
    columns: ['s.u > t.p', 's.v > t.q'],
    dialects: ['postgres', 'snowflake'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Xx", xx FROM (SELECT u, v FROM s) z ("Xx", xx)',
    columns: ['s.u > t.p', 's.v > t.q'],
    dialects: ['postgres', 'snowflake'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Xx", xx FROM (SELECT u AS "Xx", v AS xx FROM s UNION ALL SELECT k, l FROM r) z',
    columns: ['s.u > t.p', 'r.k > t.p', 's.v > t.q', 'r.l > t.q'],
  },
  { sql: 'CREATE TABLE t AS SELECT * FROM a', columns: ['a.id > t.id', 'a."Id" > t."Id"'] },
  { sql: 'CREATE TABLE t AS SELECT a.* FROM a, s', columns: ['a.id > t.id', 'a."Id" > t."Id"'] },
  { sql: 'INSERT INTO t (p, q) SELECT * FROM a', columns: ['a.id > t.p', 'a."Id" > t.q'] },
  {
    sql: 'CREATE TABLE t AS SELECT * FROM a JOIN c USING ("Id")',
    joins: ['a."Id" = c."Id"'],
    columns: ['a."Id" > t."Id"', 'c."Id" > t."Id"', 'a.id > t.id', 'c.nn > t.nn'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT "Id"::int, a.id::int FROM a',
    columns: ['a."Id" > t."Id"', 'a.id > t.id'],
    dialects: ['postgres', 'snowflake'],
  },
  { sql: 'CREATE VIEW t ("Pp", pp) AS SELECT x, y FROM s', columns: ['s.x > t."Pp"', 's.y > t.pp'] },
  { sql: 'CREATE TABLE t AS SELECT x AS "Pp", y AS pp FROM s', columns: ['s.x > t."Pp"', 's.y > t.pp'] },
  {
    sql: 'CREATE TABLE m AS SELECT x AS "Pp", y AS pp FROM s; INSERT INTO t (p, q) SELECT pp, "Pp" FROM m',
    columns: ['s.y > t.p', 's.x > t.q'],
  },
  {
    sql: 'CREATE TABLE m ("Pp" INT, pp INT); INSERT INTO m SELECT x, y FROM s; INSERT INTO t (p, q) SELECT * FROM m',
    columns: ['s.x > t.p', 's.y > t.q'],
  },
  {
    sql: 'INSERT INTO m ("Pp", pp) SELECT x, y FROM s; INSERT INTO t (p, q) SELECT pp, "Pp" FROM m',
    columns: ['s.y > t.p', 's.x > t.q'],
  },
  {
    sql: 'INSERT INTO m SELECT * FROM a; INSERT INTO t (p, q) SELECT "Id", id FROM m',
    columns: ['a."Id" > t.p', 'a.id > t.q'],
  },
  {
    sql: 'UPDATE t SET "Pp" = s."Xx", pp = s.xx FROM s',
    columns: ['s."Xx" > t."Pp"', 's.xx > t.pp'],
    dialects: ['postgres', 'snowflake'],
  },
  { sql: 'UPDATE t SET ("Pp", pp) = (SELECT x, y FROM s)', columns: ['s.x > t."Pp"', 's.y > t.pp'] },
  {
    sql: `MERGE INTO t USING s ON (t."Id" = s.id AND t.id = s."Id") WHEN MATCHED THEN UPDATE SET "Pp" = s.x, pp = s.y
      WHEN NOT MATCHED THEN INSERT ("Qq", qq) VALUES (s."Uu", s.uu)`,
    joins: ['t."Id" = s.id', 't.id = s."Id"'],
    columns: ['s.x > t."Pp"', 's.y > t.pp', 's."Uu" > t."Qq"', 's.uu > t.qq'],
  },
  {
    sql: 'INSERT INTO t ("Pp", pp) SELECT x, y FROM s ON CONFLICT (k) DO UPDATE SET "Qq" = excluded."Pp", qq = excluded.pp',
    columns: ['s.x > t."Pp"', 's.y > t.pp', 's.x > t."Qq"', 's.y > t.qq'],
    dialects: ['postgres'],
  },
  {
    sql: 'WITH d AS (DELETE FROM a RETURNING "Id", id) INSERT INTO t (p, q) SELECT id, "Id" FROM d',
    columns: ['a.id > t.p', 'a."Id" > t.q'],
    dialects: ['postgres'],
  },
  {
    sql: 'WITH d AS (INSERT INTO a ("Id", id) SELECT x, y FROM s RETURNING id, "Id") INSERT INTO t (p, q) SELECT "Id", id FROM d',
    columns: ['s.x > a."Id"', 's.y > a.id', 's.x > t.p', 's.y > t.q'],
    dialects: ['postgres'],
  },
  {
    sql: 'WITH d AS (INSERT INTO a ("Id") SELECT x FROM s RETURNING id, "Id") INSERT INTO t (p, q) SELECT "Id", id FROM d',
    columns: ['s.x > a."Id"', 's.x > t.p', 'a.id > t.q'],
    dialects: ['postgres'],
  },
  {
    sql: 'WITH d AS (UPDATE a SET n = 1 RETURNING old."Id" AS v, new.id AS u) INSERT INTO t (p, q) SELECT u, v FROM d',
    columns: ['a.id > t.p', 'a."Id" > t.q'],
    dialects: ['postgres'],
  },
  {
    sql: 'INSERT INTO t (p) SELECT "Uu" FROM s, unnest(s.k) AS uu, unnest(s.l) AS "Uu"',
    columns: ['s.l > t.p'],
    dialects: ['postgres'],
  },
  {
    sql: "INSERT INTO t (p, q) SELECT j.\"Uu\", j.uu FROM s, JSON_TABLE(s.k, '$' COLUMNS (\"Uu\" INT PATH '$.u', uu INT PATH '$.v')) j",
    columns: ['s.k > t.p', 's.k > t.q'],
    dialects: ['postgres', 'oracle'],
  },
  {
    sql: "CREATE TABLE t AS SELECT j.* FROM s, JSON_TABLE(s.k, '$' COLUMNS (\"Uu\" INT PATH '$.u', uu INT PATH '$.v')) j",
    columns: ['s.k > t."Uu"', 's.k > t.uu'],
    dialects: ['postgres', 'oracle'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT z."id", z.id FROM (SELECT b.*, r.x AS "id" FROM b, r) z',
    columns: ['r.x > t.p', 'b.id > t.q'],
    dialects: ['oracle'],
  },
  {
    sql: 'CREATE TRIGGER z AFTER INSERT ON a FOR EACH ROW BEGIN INSERT INTO t (p, q) VALUES (:new."Id", :new.id); END;',
    columns: ['a."Id" > t.p', 'a.id > t.q'],
    dialects: ['oracle'],
  },
  { sql: 'INSERT INTO t (p) SELECT * EXCLUDE id FROM a', columns: ['a."Id" > t.p'], dialects: ['snowflake'] },
  { sql: 'INSERT INTO t (p) SELECT * EXCLUDE "Id" FROM a', columns: ['a.id > t.p'], dialects: ['snowflake'] },
  {
    sql: "INSERT INTO t (p, q, r) SELECT *, HASH(* ILIKE '%id%') FROM a",
    columns: ['a.id > t.p', 'a."Id" > t.q', 'a.id > t.r', 'a."Id" > t.r'],
    dialects: ['snowflake'],
  },
  {
    sql: "INSERT INTO t (p, q) SELECT * ILIKE '%id%' FROM a",
    columns: ['a.id > t.p', 'a."Id" > t.q'],
    dialects: ['snowflake'],
  },
  { sql: 'INSERT INTO t (p) SELECT * EXCLUDE ("Id") FROM a', columns: ['a.id > t.p'], dialects: ['snowflake'] },
  {
    sql: 'CREATE TABLE t AS SELECT HASH(* EXCLUDE id) AS h FROM a',
    columns: ['a."Id" > t.h'],
    dialects: ['snowflake'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT HASH(* EXCLUDE ("Id")) AS h FROM a',
    columns: ['a.id > t.h'],
    dialects: ['snowflake'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Jj", jj FROM s PIVOT (MAX(u) FOR k IN (1 AS "Jj", 2 AS jj))',
    columns: ['s.u > t.p', 's.u > t.q'],
    dialects: ['snowflake', 'oracle'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "J_Ss", j_ss FROM s PIVOT (SUM(u) AS "Ss", SUM(v) AS ss FOR k IN (1 AS j))',
    columns: ['s.u > t.p', 's.v > t.q'],
    dialects: ['snowflake', 'oracle'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT * RENAME "Id" AS "Jd" FROM a',
    columns: ['a.id > t.id', 'a."Id" > t."Jd"'],
    dialects: ['snowflake'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT * REPLACE (s.x AS "Id") FROM a, s',
    columns: ['a.id > t.id', 's.x > t."Id"', 's.* > t.*'],
    dialects: ['snowflake'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT u AS "Xx", v AS xx, "Xx" + 1 AS k, xx + 1 AS l FROM s',
    columns: ['s.u > t."Xx"', 's.v > t.xx', 's.u > t.k', 's.v > t.l'],
    dialects: ['snowflake'],
  },
  {
    sql: `INSERT INTO t (p, q) SELECT "Jj", jj FROM (SELECT k, u, v FROM s) PIVOT (SUM(u) AS "Ss", SUM(v) AS ss FOR k IN (1 AS m)) z ("Jj", jj)`,
    columns: ['s.u > t.p', 's.v > t.q'],
    dialects: ['snowflake'],
  },
  {
    sql: `CREATE TABLE t AS SELECT "'jan'", p.JAN FROM s PIVOT (SUM(v) FOR k IN ('jan', 'x' AS JAN)) p`,
    columns: [`s.v > t."'jan'"`, 's.v > t.jan'],
    dialects: ['snowflake'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT * FROM (SELECT id, "Id" FROM a) PIVOT (SUM("Id") FOR ff IN (1 AS m))',
    columns: ['a.id > t.id', 'a."Id" > t.m'],
    dialects: ['snowflake'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT * FROM (SELECT id, "Id" FROM a) UNPIVOT ("Vv" FOR k IN ("Id"))',
    columns: ['a.id > t.id', 'a."Id" > t."Vv"'],
    dialects: ['snowflake'],
  },
  {
    sql: 'INSERT INTO t (p, q) SELECT "Mm", mm FROM s MATCH_RECOGNIZE (MEASURES u AS "Mm", v AS mm PATTERN (k) DEFINE k AS true)',
    columns: ['s.u > t.p', 's.v > t.q'],
    dialects: ['snowflake'],
  },
  {
    sql: 'INSERT ALL INTO t ("Pp", pp) VALUES ("Id", id) SELECT * FROM a',
    columns: ['a."Id" > t."Pp"', 'a.id > t.pp'],
    dialects: ['snowflake', 'oracle'],
  },
  {
    sql: 'CREATE TABLE t AS SELECT "Id", id FROM a UNION BY NAME SELECT u AS id, v AS "Id" FROM s',
    columns: ['a."Id" > t."Id"', 's.v > t."Id"', 'a.id > t.id', 's.u > t.id'],
    dialects: ['snowflake'],
  },
];

describe('Columns of one table whose names differ by case only', () => {
  for (const { sql, joins = [], columns = [], dialects = FOLDING } of CASES) {
    for (const dialect of dialects) {
      it(`are two where quoted names keep their case: ${sql} (${dialect})`, () => {
        const lineage = parseLineage(sql, dialect, { schema: SCHEMAS[dialect] });
        expect(joinsOf(lineage)).to.deep.equal(joins);
        expect(columnsOf(lineage)).to.deep.equal(columns);
        expect(lineage.doubts).to.deep.equal([]);
      });
    }
  }

  for (const dialect of [
    'mysql',
    'mariadb',
    'bigquery',
    'tsql',
    'sqlite',
    'redshift',
    'duckdb',
    'ansi',
    'hive',
  ] as const) {
    it(`are one where engines ignore case: ${dialect}`, () => {
      const quote = ['mysql', 'mariadb', 'bigquery', 'hive'].includes(dialect) ? '`' : '"';
      for (const exactNames of dialect === 'mysql' || dialect === 'mariadb' ? [false, true] : [false]) {
        const read = (sql: string): QueryLineage =>
          parseLineage(sql.replaceAll('"', quote), dialect, { schema: { a: ['id'], b: ['id'] }, exactNames });
        expect(joinsOf(read('SELECT 1 FROM a JOIN b ON a."Id" = b.id AND a.id = b."ID"'))).to.deep.equal([
          'a.id = b.id',
        ]);
        expect(
          columnsOf(read('INSERT INTO t (p, q) SELECT "Xx", xx FROM (SELECT u AS "Xx", v AS xx FROM s) z'))
        ).to.deep.equal(['s.u > t.p', 's.u > t.q']);
        expect(columnsOf(read('CREATE TABLE t AS SELECT a.* FROM a WHERE "ID" = 1'))).to.deep.equal(['a.id > t.id']);
      }
    });
  }

  it('are not the columns that a catalog has under another name', () => {
    const columns = (sql: string, dialect: Folding): string[] =>
      columnsOf(parseLineage(sql, dialect, { schema: SCHEMAS[dialect] }));
    for (const dialect of FOLDING)
      expect(columns('INSERT INTO t (p) SELECT b."Id" FROM b', dialect), dialect).to.deep.equal([]);
    expect(columns('INSERT INTO t (p) SELECT b."ID" FROM b', 'postgres')).to.deep.equal([]);
    expect(columns('INSERT INTO t (p) SELECT b."id" FROM b', 'snowflake')).to.deep.equal([]);
  });

  it('are the catalog’s own in whatever case where it has but one', () => {
    const read = (sql: string, dialect: Dialect, columns: readonly string[]): string[] =>
      columnsOf(parseLineage(sql, dialect, { schema: { b: columns, c: columns } }));
    // A catalog that somebody has filled in another case than the engine's.
    const lower = ['id', 'name'];
    const forms = [
      'b.id FROM b',
      'id FROM b',
      'id.key FROM b',
      'z.id FROM (SELECT * FROM b) z',
      '* EXCLUDE name FROM b',
      'HASH(* EXCLUDE name) FROM b',
    ];
    for (const from of forms)
      expect(read(`INSERT INTO t (p) SELECT ${from}`, 'snowflake', lower), from).to.deep.equal(['b."id" > t.p']);
    expect(read('CREATE TABLE t AS SELECT * REPLACE (1 AS name) FROM b', 'snowflake', lower)).to.deep.equal([
      'b."id" > t."id"',
    ]);
    expect(
      read('INSERT INTO t (p) SELECT z.id FROM (SELECT * FROM b UNION ALL SELECT * FROM r) z', 'snowflake', lower)
    ).to.deep.equal(['b."id" > t.p', 'r.id > t.p']);
    expect(
      joinsOf(
        parseLineage('SELECT 1 FROM b CROSS JOIN (SELECT 1 AS k) e JOIN c USING (id)', 'snowflake', {
          schema: { b: lower, c: lower },
        })
      )
    ).to.deep.equal(['b."id" = c."id"']);
    expect(read('CREATE TABLE t AS SELECT * FROM b JOIN c USING (id)', 'snowflake', lower)).to.deep.equal([
      'b."id" > t."id"',
      'c."id" > t."id"',
      'b."name" > t."name"',
      'c."name" > t."name"',
    ]);
    expect(
      read('CREATE TABLE t AS SELECT id, k FROM b PIVOT (MAX(name) FOR id IN (1 AS k))', 'snowflake', lower)
    ).to.deep.equal(['b."name" > t.k']);
    // Oracle's "id" and ID are both id there, unless both are.
    expect(read('INSERT INTO t (p) SELECT "id" FROM b, r', 'oracle', lower)).to.deep.equal(['b.id > t.p']);
    expect(read('INSERT INTO t (p, q) SELECT * FROM b NATURAL JOIN c', 'oracle', lower)).to.deep.equal([
      'b.id > t.p',
      'c.id > t.p',
      'b.name > t.q',
      'c.name > t.q',
    ]);
    expect(read('INSERT INTO t (p) SELECT z."id" FROM (SELECT * FROM b) z', 'oracle', lower)).to.deep.equal([
      'b.id > t.p',
    ]);
    for (const name of ['"id"', '"ID"', 'id'])
      expect(read(`INSERT INTO t (p) SELECT ${name} FROM b`, 'oracle', lower), name).to.deep.equal(['b.id > t.p']);
    expect(
      read('INSERT INTO t (p, q, r) SELECT "id", "ID", id FROM (SELECT * FROM b) z', 'oracle', ['id', 'ID'])
    ).to.deep.equal(['b."id" > t.p', 'b.id > t.q', 'b.id > t.r']);
  });

  it('are not what a key of a semi-structured value is', () => {
    const lineage = parseLineage('CREATE TABLE t AS SELECT v:"customerId"::STRING FROM s', 'snowflake');
    expect(columnsOf(lineage)).to.deep.equal(['s.v > t.customerid']);
  });

  it('say so in a lineage that a template answers', () => {
    const reader = new TextReader();
    const read = (sql: string): string[] => joinsOf(reader.read(sql, 'postgres'));
    const text = (column: string, literal: number): string =>
      `SELECT a.k FROM a JOIN b ON a.${column} = b.x WHERE b.n = ${literal}`;
    for (const literal of [1, 2]) {
      expect(read(text('"Id"', literal))).to.deep.equal(['a."Id" = b.x']);
      expect(read(text('Id', literal))).to.deep.equal(['a.id = b.x']);
    }
    expect(reader.hits).to.equal(2);
  });

  it('keep their names as written', () => {
    const { columns, joins } = parseLineage(
      'INSERT INTO t ("Pp") SELECT a."Id" FROM a JOIN b ON a."Id" = b.Nn',
      'postgres'
    );
    expect(columns.map((pair) => pair.map(({ column }) => column))).to.deep.equal([['Id', 'Pp']]);
    expect(joins.map(({ left, right }) => [left.column, right.column])).to.deep.equal([['Id', 'Nn']]);
  });
});
