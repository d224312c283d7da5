import { expect } from 'chai';
import { FAILURE_TEXT } from '../../../src/contract/part-report.js';
import { shownCell as testedCell } from '../../../src/data-quality/table-session.js';
import { beginning, boundedText } from '../../../src/errors/index.js';
import { storedText } from '../../../src/lineage/stored-text.js';
import { shownCell } from '../../../src/measures/shown-cell.js';
import { shorten } from '../../../src/report/index.js';
import { redactAndCut } from '../../../src/secrets/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

describe('The beginning of a text', () => {
  it('is as long as it may be, and one unit shorter where that would halve a character', () => {
    expect(beginning('ab😀cd', 1)).to.equal('a');
    expect(beginning('ab😀cd', 2)).to.equal('ab');
    expect(beginning('ab😀cd', 3)).to.equal('ab');
    expect(beginning('ab😀cd', 4)).to.equal('ab😀');
    expect(beginning('ab😀', 4)).to.equal('ab😀');
    expect(beginning('😀', 1)).to.equal('');
    expect(beginning('😀', 0)).to.equal('');
    expect(beginning('short', 5_000)).to.equal('short');
  });

  const column = { name: 'v', dataType: 'TEXT' } as const;
  const cuts: readonly (readonly [what: string, most: number, cut: (text: string) => unknown])[] = [
    ['a cell of sample rows', 5_000, (text) => shownCell(text, column, sqliteMeasureDialect)],
    ['a cell of a SELECT of one’s own', 5_000, (text) => shownCell(text, undefined, sqliteMeasureDialect)],
    ['a cell of a failed test', 5_000, testedCell],
    ['a failure of a report', FAILURE_TEXT - 1, shorten],
    ['a stored statement', 100_000, (text) => storedText(`SELECT ${text}`.replace('a'.repeat(7), ''), 'ansi')],
    ['a line of a terminal', 99, (text) => redactAndCut(text, 100)],
    ['a part of a message', 50, (text) => boundedText(text, 50)],
  ];
  for (const [what, most, cut] of cuts) {
    it(`is Unicode as ${what}`, () => {
      const text = cut(`${'a'.repeat(most - 1)}😀${'b'.repeat(500)}`);
      expect(text)
        .to.be.a('string')
        .that.matches(/a(…| \/\*|$)/);
      expect(text).to.not.match(/\p{Surrogate}/u);
    });
  }
});
