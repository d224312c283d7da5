import { expect } from 'chai';
import { customValue } from '../../../src/profiler/custom-value.js';

describe('The value of a custom metric', () => {
  it('is a number, or a text that is one, as drivers give decimals and large whole numbers', () => {
    for (const [cell, value] of [
      [12, 12],
      [12n, 12],
      ['12', 12],
      [' -1.50 ', -1.5],
      ['12345678901234567890', 12345678901234567000],
      ['.5e3', 500],
      [true, 1],
    ] as const)
      expect(customValue([[cell]]), String(cell)).to.equal(value);
  });

  it('is none of another text, a time or bytes, and the report says why', () => {
    expect(customValue([['12 rows']])).to.contain('gave a text that is no number');
    expect(customValue([['']])).to.contain('gave a text that is no number');
    expect(customValue([[new Date(0)]])).to.contain('gave a date or a time');
    expect(customValue([[new Uint8Array(2)]])).to.contain('gave bytes');
  });

  it('is none of several rows or columns, and the report says how many', () => {
    expect(customValue([[1, 2]], 2)).to.contain('gave 2 columns');
    expect(customValue([[1], [1]], 1)).to.contain('gave 2 rows or more');
    expect(customValue([], 3)).to.contain('gave 3 columns');
  });

  it('is none of NULL, NaN, an infinity and no row, without a word', () => {
    for (const rows of [[], [[null]], [['NaN']], [['-Infinity']], [[Infinity]]])
      expect(customValue(rows)).to.equal(undefined);
  });
});
