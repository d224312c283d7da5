import { expect } from 'chai';
import { ThreadTemporaries } from '../../../../src/sources/mysql/query-log-temporaries.js';

describe('Temporary tables of a general log', () => {
  /** What the thread's own tables are for a text that names `t`, after these texts. */
  function after(...texts: readonly string[]): readonly (readonly string[])[] {
    const temporaries = new ThreadTemporaries();
    for (const text of texts) temporaries.follow('1', 'Query', text, 'shop');
    return temporaries.namedIn('1', 'SELECT * FROM T', 'shop');
  }

  it('are made by CREATE TEMPORARY TABLE, in the schema of the thread or of the name', () => {
    expect(after('CREATE TEMPORARY TABLE t AS SELECT 1')).to.deep.equal([['shop', 't']]);
    expect(after('/* a */ create or replace temporary table if not exists `x`.`t` (i int)')).to.deep.equal([
      ['x', 't'],
    ]);
    expect(after('SELECT 1; -- b\nCREATE TEMPORARY TABLE t (i int)')).to.deep.equal([['shop', 't']]);
    expect(after('CREATE TABLE t (i int)', "INSERT INTO log VALUES ('CREATE TEMPORARY TABLE t')")).to.deep.equal([]);
  });

  it('are gone after DROP', () => {
    const made = 'CREATE TEMPORARY TABLE t (i int)';
    expect(after(made, 'DROP TEMPORARY TABLE IF EXISTS u, `T`')).to.deep.equal([]);
    expect(after(made, 'DROP TABLE x.t')).to.deep.equal([['shop', 't']]);
  });

  it("are their thread's alone, and gone when a session begins under its number", () => {
    for (const begin of ['Connect', 'Change user']) {
      const temporaries = new ThreadTemporaries();
      temporaries.follow('1', 'Query', 'CREATE TEMPORARY TABLE t (i int)', 'shop');
      expect(temporaries.namedIn('2', 'SELECT * FROM t', 'shop')).to.deep.equal([]);
      expect(temporaries.namedIn('1', 'SELECT * FROM u', 'shop')).to.deep.equal([]);
      temporaries.follow('2', begin, '', undefined);
      expect(temporaries.namedIn('1', 'SELECT * FROM t', 'shop').length).to.equal(1);
      temporaries.follow('1', begin, '', undefined);
      expect(temporaries.namedIn('1', 'SELECT * FROM t', 'shop')).to.deep.equal([]);
    }
  });
});
