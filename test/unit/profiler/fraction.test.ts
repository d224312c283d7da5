import { expect } from 'chai';
import { Fraction } from '../../../src/measures/index.js';
import { exactBounds } from '../../../src/profiler/histogram.js';

const of = (value: unknown): Fraction => Fraction.of(value) ?? expect.fail(`${String(value)} is a number`);

describe('Numbers with all their digits', () => {
  it('are read from decimals, whole numbers and doubles, and from nothing else', () => {
    expect(['-0.00006', 12n, 1e21, 1.5e-7, '9007199254740993.50'].map((each) => of(each).text)).to.deep.equal([
      ...['-0.00006', '12', '1000000000000000000000', '0.00000015', '9007199254740993.5'],
    ]);
    expect([null, undefined, '', '.', 'NaN', '-Infinity', '$1'].map((each) => Fraction.of(each))).to.deep.equal(
      Array(7).fill(undefined)
    );
  });

  it('are rounded up to as many digits as are wanted, below 0 too', () => {
    const third = of(1).over(of(3));
    expect([0, 2].map((digits) => third.ceiling(digits))).to.deep.equal(['1', '0.34']);
    expect([0, 2].map((digits) => of(0).minus(third).ceiling(digits))).to.deep.equal(['0', '-0.33']);
    expect(of('-2.50').ceiling(4)).to.equal('-2.5');
  });

  it('tell how many digits stand before the point', () => {
    expect(['0', '0.05', '0.5', '9.99', '10', '-123.4'].map((each) => of(each).wholeDigits)).to.deep.equal([
      ...[0, -1, 0, 1, 2, 3],
    ]);
  });

  it('are the nearest double, of any size', () => {
    for (const double of [0, 0.1, -1e-300, 1.7976931348623157e308, 123456789.125, 2 / 3])
      expect(of(double).double).to.equal(double);
    expect(of(2).over(of(3)).double).to.equal(2 / 3);
  });

  it('are the bounds of a histogram that has as many bins as there are widths in the span', () => {
    const bounds = exactBounds({ count: 8, min: of('0.1'), max: of('0.4'), interQuartileRange: of('0.1') });
    // of doubles, the span is a trifle more than three widths
    expect(bounds.map(({ text }) => text)).to.deep.equal(['0.1', '0.2', '0.3']);
    expect(exactBounds({ count: 8, min: of(2), max: of(2), interQuartileRange: of(1) })).to.deep.equal([]);
    const wide = exactBounds({ count: 8, min: of(0), max: of(1e6), interQuartileRange: of(1) });
    expect(wide.map(({ double }) => double)).to.deep.equal([0, 250_000, 500_000, 750_000]);
  });
});
