import { expect } from 'chai';
import { parseLineage, type Dialect, type LineageOptions } from '../../../src/sql/index.js';
import { changedTables, columnText, shapeOf } from './lineage-shape.js';

interface Case {
  readonly dialect: Dialect;
  readonly sql: string;
  /** Parts of what is read or written, joined by a slash. */
  readonly tables: readonly string[];
  readonly joins?: readonly string[];
  readonly columns?: readonly string[];
  readonly options?: LineageOptions;
}

const CASES: readonly Case[] = [
  {
    dialect: 'postgres',
    sql: 'SELECT 1 FROM "A" JOIN A ON "A".id = a.id',
    tables: ['A', 'a'],
    joins: ['A.id = "a".id'],
  },
  {
    dialect: 'postgres',
    sql: 'INSERT INTO t (p, q) SELECT "A".x, A.y FROM "A", A',
    tables: ['A', 'a', 't'],
    columns: ['"a".y > t.q', 'A.x > t.p'],
  },
  { dialect: 'postgres', sql: 'SELECT 1 FROM "Shop"."Orders", SHOP.Orders', tables: ['Shop/Orders', 'shop/orders'] },
  { dialect: 'postgres', sql: 'WITH a AS (SELECT id FROM c) SELECT id FROM "A"', tables: ['A', 'c'] },
  {
    dialect: 'postgres',
    sql: 'WITH "A" AS (SELECT id FROM c) SELECT 1 FROM a, "A" WHERE a.id = "A".id',
    tables: ['a', 'c'],
    joins: ['a.id = c.id'],
  },
  {
    dialect: 'postgres',
    sql: 'SELECT 1 FROM c "O", d o WHERE "O".x = o.y',
    tables: ['c', 'd'],
    joins: ['c.x = d.y'],
  },
  {
    dialect: 'postgres',
    sql: 'UPDATE "T" SET x = t.y FROM t WHERE "T".id = t.id',
    tables: ['T', 't'],
    joins: ['T.id = "t".id'],
    columns: ['"t".y > T.x'],
  },
  { dialect: 'postgres', sql: 'SELECT 1 FROM "a.b".c, a.b.c', tables: ['a.b/c', 'a/b/c'] },
  { dialect: 'snowflake', sql: 'SELECT 1 FROM "a", A, "A"', tables: ['a', 'A'] },
  { dialect: 'snowflake', sql: 'SELECT t1.x FROM "DB".s."T1" WHERE "T1".z > 1', tables: ['DB/S/T1'] },
  { dialect: 'snowflake', sql: 'SELECT 1 FROM db..t', tables: ['DB/PUBLIC/T'] },
  { dialect: 'snowflake', sql: "SELECT 1 FROM IDENTIFIER('db..t')", tables: ['DB/PUBLIC/T'] },
  { dialect: 'snowflake', sql: `SELECT 1 FROM IDENTIFIER('"d""b"..t')`, tables: ['d"b/PUBLIC/T'] },
  { dialect: 'oracle', sql: 'SELECT 1 FROM "a" JOIN a ON "a".i = a.j', tables: ['a', 'A'], joins: ['a.i = "A".j'] },
  // These ignore case, with quotes too.
  { dialect: 'redshift', sql: 'SELECT 1 FROM "A", a', tables: ['A'] },
  { dialect: 'sqlite', sql: 'SELECT 1 FROM "A", a', tables: ['A'] },
  { dialect: 'mysql', sql: 'SELECT 1 FROM `A`, a', tables: ['A'] },
  {
    dialect: 'mysql',
    sql: 'INSERT INTO t (p, q) SELECT A.x, a.y FROM `A` JOIN a ON A.id = a.id',
    tables: ['A', 'a', 't'],
    joins: ['A.id = "a".id'],
    columns: ['"a".y > t.q', 'A.x > t.p'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'SELECT 1 FROM t AS A JOIN u AS a ON A.id = a.id',
    tables: ['t', 'u'],
    joins: ['t.id = u.id'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'SELECT 1 FROM t A WHERE EXISTS (SELECT 1 FROM u a WHERE A.x = a.y)',
    tables: ['t', 'u'],
    joins: ['t.x = u.y'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'WITH A AS (SELECT id FROM t) SELECT 1 FROM A JOIN a ON `A`.id = `a`.id',
    tables: ['a', 't'],
    joins: ['t.id = a.id'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'UPDATE t A, u a SET A.x = a.y WHERE A.id = a.id',
    tables: ['t', 'u'],
    joins: ['t.id = u.id'],
    columns: ['u.y > t.x'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'INSERT INTO t (p, q) SELECT A.*, a.* FROM (SELECT x FROM b) A, (SELECT y FROM c) a',
    tables: ['b', 'c', 't'],
    columns: ['b.x > t.p', 'c.y > t.q'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'INSERT INTO t (p) SELECT S.x FROM s AS S ON DUPLICATE KEY UPDATE q = S.y',
    tables: ['s', 't'],
    columns: ['s.x > t.p', 's.y > t.q'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'INSERT INTO t (p) VALUES (1) AS New ON DUPLICATE KEY UPDATE q = New.p',
    tables: ['t'],
    options: { exactNames: true },
  },
  {
    dialect: 'mysql',
    sql: 'CREATE TRIGGER x AFTER INSERT ON T FOR EACH ROW INSERT INTO log (p) VALUES (NEW.q)',
    tables: ['T', 'log'],
    columns: ['T.q > log.p'],
    options: { exactNames: true },
  },
];

describe('Names that differ by case only', () => {
  for (const { dialect, sql, tables, joins = [], columns = [], options = {} } of CASES) {
    it(`are told apart where the engine does: ${sql} (${dialect}${options.exactNames === true ? ', exact names' : ''})`, () => {
      const lineage = parseLineage(sql, dialect, options);
      const named = [...lineage.sources, ...lineage.targets].map(({ parts }) => parts.join('/'));
      expect(named.sort()).to.deep.equal([...tables].sort());
      expect(lineage.joins.map(({ left, right }) => `${columnText(left)} = ${columnText(right)}`)).to.deep.equal(joins);
      expect(shapeOf(lineage).columns).to.deep.equal(columns);
    });
  }

  it('have the columns of the table that is spelled so', () => {
    const schema = { A: ['x'], '"a"': ['y'] };
    expect(
      shapeOf(parseLineage('INSERT INTO t (p, q) SELECT x, y FROM "A", a', 'postgres', { schema })).columns
    ).to.deep.equal(['"a".y > t.q', 'A.x > t.p']);
  });

  it('are two tables that a DELETE or a TRUNCATE changes', () => {
    expect(changedTables('DELETE FROM "A"; TRUNCATE A, "a"', 'postgres')).to.deep.equal([['A'], ['a']]);
    expect(changedTables('DELETE FROM "A" USING b AS a WHERE true', 'postgres')).to.deep.equal([['A']]);
    expect(changedTables('DELETE FROM `A`; TRUNCATE a', 'mysql')).to.deep.equal([['A']]);
    expect(changedTables('DELETE FROM `A`; TRUNCATE a', 'mysql', true)).to.deep.equal([['A'], ['a']]);
    expect(changedTables('DELETE a FROM t A JOIN u a ON A.id = a.id', 'mysql', true)).to.deep.equal([['u']]);
  });

  it('leave the schema of a changed table to the engine: db..t', () => {
    const sql = 'DELETE FROM db..t; TRUNCATE TABLE db..u, v; DROP TABLE IF EXISTS db.."w"';
    expect(changedTables(sql, 'snowflake')).to.deep.equal([
      ['DB', 'PUBLIC', 'T'],
      ['DB', 'PUBLIC', 'U'],
      ['V'],
      ['DB', 'PUBLIC', 'w'],
    ]);
    const aliased = 'DELETE a FROM db..t AS a JOIN db..u ON a.id = u.id TRUNCATE TABLE srv.db..v';
    expect(changedTables(aliased, 'tsql')).to.deep.equal([
      ['db', '', 't'],
      ['srv', 'db', '', 'v'],
    ]);
  });
});
