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
