import { expect } from 'chai';
import { tableComments, viewComment } from '../../../../src/sources/sqlite/comments.js';

function commentsOf(sql: string): { table: string | undefined; columns: Record<number, string> } {
  const { table, columns } = tableComments(sql);
  return { table, columns: Object.fromEntries(columns) };
}

describe('Comments in SQLite statements', () => {
  it('describe the table before its first column and a column after it, even after its comma', () => {
    const sql = `CREATE TABLE orders ( -- One row per order
      id INTEGER PRIMARY KEY, -- Assigned at checkout
      total DECIMAL(10, 2) CHECK (total > 0), /* Gross,
                                                 in euro */
      note TEXT -- Free text
    )`;
    expect(commentsOf(sql)).to.deep.equal({
      table: 'One row per order',
      columns: { 0: 'Assigned at checkout', 1: 'Gross, in euro', 2: 'Free text' },
    });
  });

  it('describe the column below when they have a line of their own', () => {
    const sql = `CREATE TABLE t (
      a INT, -- of a
      -- of b
      -- and more
      b INT
    )`;
    expect(commentsOf(sql)).to.deep.equal({ table: undefined, columns: { 0: 'of a', 1: 'of b and more' } });
  });

  it('are not found in strings, quoted names or brackets', () => {
    const sql = `CREATE TABLE "a -- b" (c TEXT DEFAULT '-- no' CHECK (c <> '/* no */' /* inner */), [d -- no] INT, \`e /* no\` INT)`;
    expect(commentsOf(sql)).to.deep.equal({ table: undefined, columns: {} });
  });

  it('survive an unfinished comment and signs', () => {
    expect(commentsOf('CREATE TABLE t (a INT DEFAULT -1, b INT DEFAULT 4/2 /* open')).to.deep.equal({
      table: undefined,
      columns: { 1: 'open' },
    });
  });

  it('describe a view between AS and its query', () => {
    expect(viewComment('CREATE VIEW v AS -- Sales by day\nSELECT 1 -- not this')).to.equal('Sales by day');
    expect(viewComment('CREATE VIEW v AS SELECT 1 AS x -- no')).to.equal(undefined);
  });
});
