import { expect } from 'chai';
import { ThreadTemporaries } from '../../../../src/sources/mysql/query-log-temporaries.js';

/** Each text of a session with the temporary tables that it names. */
function told(...texts: readonly string[]): readonly (readonly string[])[] {
  const temporaries = new ThreadTemporaries();
  return texts.map((text) => {
    const named = temporaries.namedIn('1', text, 'shop').map((parts) => parts.join('.'));
    temporaries.follow('1', 'Query', text, 'shop');
    return named;
  });
}

describe('temporary tables that a session renames', () => {
  it('are those of its later texts under their new names only', () => {
    expect(
      told(
        'CREATE TEMPORARY TABLE t1 LIKE customers',
        'RENAME TABLE t1 TO t2',
        'SELECT 1 FROM t1, t2',
        'ALTER TABLE t2 RENAME TO `t3`',
        'ALTER TABLE t3 RENAME other.t4',
        'SELECT 1 FROM t3, other.t4'
      )
    ).to.deep.equal([
      [],
      ['shop.t1', 'shop.t2'],
      ['shop.t2'],
      ['shop.t2', 'shop.t3'],
      ['other.t4', 'shop.t3'],
      ['other.t4'],
    ]);
  });

  it('may be renamed by one of several actions, or several at once', () => {
    /** The table that `t` is afterwards. */
    const renamed = (text: string): readonly (readonly string[])[] =>
      told(
        'CREATE TEMPORARY TABLE t (a INT)',
        'CREATE TEMPORARY TABLE c (a INT)',
        text,
        'SELECT 1 FROM t, u, c, d'
      ).slice(-1);
    for (const text of [
      'ALTER TABLE t RENAME TO u, ADD COLUMN x INT',
      'ALTER TABLE t ADD COLUMN x INT, RENAME TO u',
      "ALTER TABLE t ADD x DECIMAL(5, 2) DEFAULT (f(1, 2)) COMMENT ', RENAME TO d', RENAME u",
      'ALTER TABLE t RENAME COLUMN a TO b, RENAME INDEX k TO l, RENAME AS u, COMMENT = "a, RENAME TO d;"',
      'ALTER TABLE t RENAME TO d, RENAME TO u',
      'ALTER ONLINE TABLE IF EXISTS t WAIT 5 RENAME = u',
      'alter table t rename=u',
      'ALTER TABLE /* , RENAME TO d */ "t" RENAME `u` -- , RENAME TO d',
      'RENAME TABLE IF EXISTS t WAIT 5 TO u',
      'RENAME TABLES t NOWAIT TO d, d TO u',
      'SELECT 1; RENAME TABLE t TO u;',
    ])
      expect(renamed(text), text).to.deep.equal([['shop.c', 'shop.u']]);
    expect(renamed('RENAME TABLES t TO u, c TO d')).to.deep.equal([['shop.d', 'shop.u']]);
    expect(renamed('ALTER TABLE t DROP a, RENAME other.u')).to.deep.equal([['other.u', 'shop.c']]);
    expect(renamed("ALTER TABLE t COMMENT = 'a'', RENAME TO u'")).to.deep.equal([['shop.c', 'shop.t']]);
    expect(renamed('DROP VIEW t')).to.deep.equal([['shop.c', 'shop.t']]);
    expect(renamed("INSERT INTO log VALUES ('; RENAME TABLE t TO u')")).to.deep.equal([['shop.c', 'shop.t']]);
  });

  it('are not others, nor is a renamed column one', () => {
    expect(
      told(
        'CREATE TEMPORARY TABLE a (x INT)',
        'ALTER TABLE a RENAME COLUMN x TO y',
        'RENAME TABLE b TO c, a TO d',
        'SELECT 1 FROM a, b, c, d'
      )
    ).to.deep.equal([[], ['shop.a'], ['shop.a', 'shop.d'], ['shop.d']]);
  });
});
