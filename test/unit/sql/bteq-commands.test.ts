import { expect } from 'chai';
import { told } from './lineage-shape.js';

describe("Teradata's BTEQ commands", () => {
  for (const [lines, expected] of [
    [
      ['DELETE FROM a;', '.IF ERRORCODE <> 0 THEN .GOTO x', 'DELETE FROM b;', '.LABEL x', '.QUIT 1'],
      'a b > changed a b',
    ],
    [
      [
        '.LOGON td/u,p',
        '.SET WIDTH 200',
        'SEL * FROM a;',
        '.IF ERRORCODE <> 0 THEN .QUIT 8',
        'INSERT INTO b SELECT * FROM c;',
        '.LOGOFF',
        '.QUIT',
      ],
      'a c > b',
    ],
    [
      ['.logon td/u,p;', '.set width 200;', 'DELETE FROM a;', '.if errorcode <> 0 then .quit 8;', '.exit;'],
      'a > changed a',
    ],
    [
      ['DATABASE d;', '  .EXPORT REPORT FILE = x.txt', 'SELECT * FROM a;', '.EXPORT RESET', 'DELETE FROM b;'],
      'd.a d.b > changed d.b',
    ],
    [['.IF ACTIVITYCOUNT > 0 THEN DELETE FROM a;', 'DELETE FROM b;'], 'a b > changed a b'],
    [['SELECT * FROM d', '.set', 'WHERE x >', '.5;'], 'd.set >'],
  ] as const)
    it(`name no tables, and end with their lines: ${lines.join(' / ')}`, () => {
      expect(told(lines.join('\n'), 'ansi')).to.equal(expected);
    });

  it('are none of other engines', () => {
    expect(told('.SET WIDTH 200\nSELECT * FROM a;', 'mysql')).to.equal('> unknown statement "."');
  });
});
