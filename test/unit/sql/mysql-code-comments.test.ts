import { expect } from 'chai';
import { maskLiterals, parseLineage, type Dialect, type SqlSession } from '../../../src/sql/index.js';

const MARIADB = { server: { isMariaDb: true, version: 101_119 } } as const;
const MYSQL = { server: { isMariaDb: false, version: 80_036 } } as const;

function tables(sql: string, session?: SqlSession, dialect: Dialect = 'mysql'): readonly string[] {
  const { sources, doubts } = parseLineage(sql, dialect, session);
  expect(doubts, sql).to.deep.equal([]);
  return sources.map(({ name }) => name);
}

/** As a MariaDB 10.11.19 ran them. */
describe('comments of MySQL and MariaDB that some servers run', () => {
  it('are code where the server is one of those', () => {
    for (const mark of ['M!100100', 'M!', '!100100', '!50699', '!40101', '!', 'M!50701', 'M!80000', '!101119'])
      expect(tables(`SELECT * FROM a /*${mark} JOIN b */`, MARIADB), mark).to.deep.equal(['a', 'b']);
    for (const mark of ['!', '!50701', '!80000', '!80036', '!40101'])
      expect(tables(`SELECT * FROM a /*${mark} JOIN b */`, MYSQL), mark).to.deep.equal(['a', 'b']);
  });

  it('are comments elsewhere, with an end of their own for one inside', () => {
    for (const mark of ['!50700', '!50701', '!80000', '!99999', '!101120', 'M!101120', '!999999\\-', 'm!100100'])
      expect(tables(`SELECT * FROM a /*${mark} JOIN b */`, MARIADB), mark).to.deep.equal(['a']);
    for (const mark of ['!80037', '!100100', '!90000', '!999999', 'M!', 'M!100100', 'M!50701'])
      expect(tables(`SELECT * FROM a /*${mark} JOIN b */`, MYSQL), mark).to.deep.equal(['a']);
    expect(tables('/*!80000 x /* y */ z */ SELECT * FROM a', MARIADB)).to.deep.equal(['a']);
    expect(tables('SELECT * FROM a /*!80000 JOIN b /*!40101 JOIN c */ JOIN d */', MARIADB)).to.deep.equal(['a']);
  });

  it('are those of the dialect where the server is not known', () => {
    const text = 'SELECT * FROM a /*M! JOIN b */ /*!80000 JOIN c */ /*!100100 JOIN d */ /*!999999 JOIN e */';
    expect(tables(text, undefined, 'mariadb')).to.deep.equal(['a', 'b', 'd']);
    expect(tables(text)).to.deep.equal(['a', 'c', 'd']);
    expect(maskLiterals('SELECT 1 FROM a /*M!100100 JOIN b */', 'mariadb')).to.equal(
      'SELECT ? FROM a /*M!100100 JOIN b */'
    );
  });
});

describe('texts of MySQL under a sql_mode', () => {
  it('have backslashes that are characters (NO_BACKSLASH_ESCAPES)', () => {
    const plainBackslashes = { plainBackslashes: true } as const;
    const text = "SELECT '\\', id FROM t WHERE 'x' = 'y'";
    expect(tables(text, plainBackslashes)).to.deep.equal(['t']);
    expect(tables("SELECT '\\' FROM a; SELECT ' FROM b'", plainBackslashes)).to.deep.equal(['a']);
    expect(maskLiterals(text, 'mysql', plainBackslashes)).to.equal('SELECT ?, id FROM t WHERE ? = ?');
    expect(parseLineage(text, 'mysql').doubts).to.have.length(1);
  });

  it('have names in double quotes wherever these stand (ANSI_QUOTES)', () => {
    const session = { ansiQuotes: true } as const;
    expect(tables('SELECT * FROM a, "b"', session)).to.deep.equal(['a', 'b']);
    expect(tables('SELECT "it\\" FROM a, `b"` JOIN "c"', session)).to.deep.equal(['a', 'b"', 'c']);
    expect(parseLineage('TRUNCATE "b"', 'mysql', session).changed.map(({ name }) => name)).to.deep.equal(['b']);
  });
});

describe('double quotes of MySQL where no session tells', () => {
  it('are those of strings in a call with FROM', () => {
    for (const call of [
      'SUBSTRING("ab" FROM "2" FOR "1")',
      'TRIM("a" FROM "ab")',
      'EXTRACT(DAY FROM "2020-01-01" + INTERVAL 1 DAY)',
    ])
      expect(tables(`SELECT ${call}, "\\"" FROM a`), call).to.deep.equal(['a']);
    for (const text of [
      'SELECT * FROM "t" FOR UPDATE',
      'SELECT * FROM "t", u',
      '(SELECT * FROM "t")',
      'SELECT * FROM "t"; DO 1',
    ])
      expect(tables(text)[0], text).to.equal('t');
  });
});

describe('what a number sign begins', () => {
  it('is a comment where the dialect has such, also behind a name', () => {
    for (const dialect of ['mysql', 'mariadb', 'bigquery'] as const)
      expect(tables('SELECT * FROM t#x\nJOIN ü#y\nJOIN b', undefined, dialect), dialect).to.deep.equal(['t', 'ü', 'b']);
  });

  it('is a part of the name elsewhere', () => {
    for (const dialect of ['tsql', 'oracle', 'ansi', 'snowflake'] as const)
      expect(tables('SELECT * FROM t#x', undefined, dialect), dialect).to.have.length(1);
    expect(tables('SELECT * FROM a#b', undefined, 'tsql')).to.deep.equal(['a#b']);
  });

  it('leaves `--` without a blank to arithmetic', () => {
    expect(tables('SELECT 5--3 FROM t')).to.deep.equal(['t']);
    expect(tables('SELECT 5-- 3 FROM t\nFROM u')).to.deep.equal(['u']);
    expect(tables('SELECT * FROM t--')).to.deep.equal(['t']);
  });
});

describe("MariaDB's SET STATEMENT … FOR", () => {
  it('runs whatever statement follows', () => {
    const set = 'SET STATEMENT max_statement_time = 1, sort_buffer_size = GREATEST(1, 32768) FOR';
    expect(tables(`${set} SELECT * FROM t`)).to.deep.equal(['t']);
    expect(tables(`${set} SET STATEMENT lock_wait_timeout = 5 FOR TABLE t`)).to.deep.equal(['t']);
    expect(tables(`${set} USE s; SELECT * FROM t`)).to.deep.equal(['s.t']);
    expect(parseLineage(`${set} DROP TABLE t`, 'mysql').kind).to.equal('drop');
    expect(parseLineage(`${set} RENAME TABLE a TO b`, 'mysql').renames).to.have.length(1);
    expect(tables('SET STATEMENT max_statement_time = 1; SELECT * FROM t')).to.deep.equal(['t']);
    expect(parseLineage(set, 'mariadb').doubts).to.deep.equal([]);
  });
});
