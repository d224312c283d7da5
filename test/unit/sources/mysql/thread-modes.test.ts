import { expect } from 'chai';
import { sqlMode, ThreadModes } from '../../../../src/sources/mysql/thread-modes.js';

const NEITHER = { pipes: false, quotes: false, backslashes: false };
const BOTH = { pipes: true, quotes: true, backslashes: false };
const PIPES = { pipes: true, quotes: false, backslashes: false };
const QUOTES = { pipes: false, quotes: true, backslashes: false };

/** The mode of thread 1 after its texts; a text behind `2:` is one of another thread. */
function after(texts: readonly string[], server = ''): object {
  const modes = new ThreadModes(sqlMode(server));
  for (const text of texts) {
    const [, other, body] = /^(2: )?(.*)$/s.exec(text) ?? [];
    modes.follow({
      thread: other === undefined ? '1' : '2',
      command: /^(Connect|Change user)$/.test(body ?? '') ? text : 'Query',
      body: body ?? '',
    });
  }
  return modes.modeOf('1');
}

describe('the sql_mode of a session in a general log', () => {
  it('is that of the server until the session sets one', () => {
    expect(after([])).to.deep.equal(NEITHER);
    expect(after(['SELECT 1'], 'STRICT_TRANS_TABLES,PIPES_AS_CONCAT')).to.deep.equal(PIPES);
    expect(after(["SET sql_mode = 'STRICT_TRANS_TABLES'"], 'ANSI')).to.deep.equal(NEITHER);
    expect(after(["SET sql_mode = ''", 'Connect'], 'PIPES_AS_CONCAT,ANSI_QUOTES')).to.deep.equal(BOTH);
    expect(after(["2: SET sql_mode = 'ANSI'"])).to.deep.equal(NEITHER);
  });

  it('is what its last SET makes of it', () => {
    const cases: readonly (readonly [string, object])[] = [
      ["SET sql_mode = 'STRICT_ALL_TABLES,pipes_as_concat'", PIPES],
      ['set session sql_mode := "ANSI"', BOTH],
      ['SET @@SESSION.sql_mode = ANSI_QUOTES', QUOTES],
      ["SET NAMES utf8mb4, sql_mode='ORACLE'", BOTH],
      ['SET sql_mode = 6', BOTH],
      ['SET sql_mode = 2', PIPES],
      ["/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='PIPES_AS_CONCAT' */", PIPES],
      ["SET autocommit=1, sql_mode=CONCAT(@@sql_mode,',PIPES_AS_CONCAT')", PIPES],
      ["SET sql_mode = (SELECT CONCAT(@@sql_mode, IF(LENGTH(@@sql_mode), ',', ''), 'ANSI_QUOTES'))", QUOTES],
      ["SET sql_mode = concat(@@global.sql_mode, ',PIPES_AS_CONCAT')", PIPES],
      ["SELECT 1; SET sql_mode = 'ANSI'; SELECT 2", BOTH],
      ["SET sql_mode = 'NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'", { ...PIPES, backslashes: true }],
      ['SET sql_mode = 1048576', { ...NEITHER, backslashes: true }],
      // the statement behind it is read by the session's mode all the same
      ["SET STATEMENT sql_mode = 'ANSI' FOR SELECT 1", NEITHER],
      ["SET GLOBAL sql_mode = 'ANSI'", NEITHER],
      ["SET @@global.sql_mode = 'ANSI', sql_mode = 'PIPES_AS_CONCAT'", PIPES],
      ["SET @sql_mode = 'ANSI'", NEITHER],
      ["CREATE PROCEDURE p() BEGIN DECLARE v INT; SET sql_mode = 'ANSI'; END", NEITHER],
      [
        "/*!50003 CREATE*/ /*!50017 DEFINER=CURRENT_USER()*/ /*!50003 TRIGGER t BEFORE INSERT ON z FOR EACH ROW BEGIN SET @a = 1; SET sql_mode = 'ANSI'; END */",
        NEITHER,
      ],
      ["CREATE FUNCTION f() RETURNS INT BEGIN SET @a = 1; RETURN 2; END; SET sql_mode = 'ANSI'", BOTH],
      ["CREATE TABLE t (x INT); SET sql_mode = 'ANSI'", BOTH],
      ["INSERT INTO log VALUES ('; SET sql_mode=ANSI')", NEITHER],
      ["-- a ' b\nSET /* ; */ sql_mode = ANSI -- as they say", BOTH],
      ["SELECT '/*'; # it's\nSET sql_mode = /* 'x' */ 'ANSI_QUOTES' /* open", QUOTES],
      ["/*!999999\\- it's */ SET sql_mode = 'ANSI' /*!99999 , sql_mode = '' */", BOTH],
      ["/* SET sql_mode = 'ANSI'; */ SELECT `--'`; SELECT 1 -- ; SET sql_mode = 6", NEITHER],
    ];
    for (const [text, mode] of cases) expect(after([text]), text).to.deep.equal(mode);
    const global = ["SET sql_mode = ''", "SET sql_mode = replace(@@GLOBAL.sql_mode, 'ANSI_QUOTES', '')"];
    expect(after(global, 'PIPES_AS_CONCAT,ANSI_QUOTES')).to.deep.equal(PIPES);
    const set = "SET sql_mode = 'ANSI'";
    expect(after([set, "SET sql_mode = REPLACE(@@sql_mode, 'PIPES_AS_CONCAT', '')"])).to.deep.equal(QUOTES);
    expect(after([set, "SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')"])).to.deep.equal(BOTH);
    expect(after([set, 'SET sql_mode = DEFAULT'])).to.deep.equal(NEITHER);
    expect(after([set, 'SET sql_mode = @OLD_SQL_MODE'])).to.deep.equal(NEITHER);
  });

  it('is that of SET GLOBAL for sessions that begin later', () => {
    const set = "2: SET GLOBAL sql_mode = 'PIPES_AS_CONCAT'";
    expect(after([set])).to.deep.equal(NEITHER);
    expect(after([set, 'Connect'])).to.deep.equal(PIPES);
    expect(after([set, 'SET sql_mode = DEFAULT'])).to.deep.equal(PIPES);
    expect(after([set, '2: SET @@global.sql_mode = DEFAULT', 'Connect'])).to.deep.equal(NEITHER);
  });

  it('is its own again when a body ends', () => {
    const modes = new ThreadModes(sqlMode(''));
    const row = { thread: '1', command: 'Query' };
    modes.follow({ ...row, body: "SET sql_mode = 'ANSI'" }, undefined, true);
    expect(modes.modeOf('1')).to.deep.equal(NEITHER);
    modes.follow({ ...row, body: "SET GLOBAL sql_mode = 'ANSI'" }, undefined, true);
    modes.follow({ thread: '2', command: 'Connect', body: '' });
    expect(modes.modeOf('2')).to.deep.equal(BOTH);
  });

  it('is found in a walk, whatever a long text leaves open', () => {
    for (const piece of [
      '; set /*',
      '"; set /*"',
      ';/*',
      ';-- ',
      '; set names ',
      '; create ',
      ';create()',
      "'\\'",
      "''",
    ]) {
      const text = `SELECT 1;${piece.repeat(200_000)} sql_mode`;
      const before = performance.now();
      after([text]);
      expect(performance.now() - before, piece).to.be.lessThan(10_000);
    }
    const long = `'${"a\\'".repeat(2_000_000)}'`;
    expect(after([`INSERT INTO t VALUES (${long}) /* x */; SET sql_mode = ANSI`])).to.deep.equal(BOTH);
  });
});
