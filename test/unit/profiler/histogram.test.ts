import { expect } from 'chai';
import { cardinalityDistribution } from '../../../src/profiler/cardinality.js';
import { histogramBounds, shortNumber, toHistogram } from '../../../src/profiler/histogram.js';

describe('A histogram', () => {
  it('has bins of the width of Freedman and Diaconis', () => {
    const bounds = histogramBounds({ count: 1000, min: 0, max: 100, quartiles: [25, 75] });
    expect(bounds).to.have.length(10);
    expect(bounds[1]).to.be.closeTo(10, 1e-9);
  });

  it('has the bins of Sturges where there would be more than a hundred, or the quartiles are not known', () => {
    expect(histogramBounds({ count: 1000, min: 0, max: 1e6, quartiles: [4, 5] })).to.have.length(11);
    expect(histogramBounds({ count: 1000, min: 0, max: 1e6 })).to.have.length(11);
  });

  it('has bins of the width 1 when the middle half of the values is one value', () => {
    expect(histogramBounds({ count: 100, min: 0, max: 5, quartiles: [2, 2] })).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('is not there for equal values, and for bounds that are no finite numbers', () => {
    expect(histogramBounds({ count: 3, min: 2, max: 2, quartiles: [2, 2] })).to.deep.equal([]);
    expect(histogramBounds({ count: 3, min: NaN, max: 2 })).to.deep.equal([]);
    expect(histogramBounds({ count: 3, min: -Infinity, max: 2 })).to.deep.equal([]);
  });

  it('has bins of numbers that lie farther apart than a double tells', () => {
    const facts = { count: 8, min: -1.6e308, max: 1.6e308 };
    const rounded = (quartiles?: readonly [number, number]): number[] =>
      histogramBounds(quartiles === undefined ? facts : { ...facts, quartiles }).map((bound) =>
        Number(bound.toPrecision(9))
      );
    expect(rounded(), 'of Sturges').to.deep.equal([-1.6e308, -8e307, 0, 8e307]);
    expect(rounded([1, 1])).to.deep.equal(rounded());
    expect(rounded([NaN, 1])).to.deep.equal(rounded());
    expect(rounded([-1e300, 1e300])).to.deep.equal(rounded());
    // the difference of the quartiles is no double either: 2.4e308
    expect(rounded([-1.2e308, 1.2e308]), 'of Freedman and Diaconis').to.deep.equal([-1.6e308, 8e307]);
    expect(rounded([-4e307, 4e307])).to.deep.equal([-1.6e308, -8e307, 0, 8e307]);
  });

  it('has bins of the same width whatever the size of its numbers', () => {
    const bounds = (size: number): number[] =>
      histogramBounds({ count: 27, min: 0, max: 26 * size, quartiles: [6.5 * size, 19.5 * size] });
    const expected = bounds(1);
    expect(expected).to.have.length(3);
    for (const power of [1018, 1000, 900, -800, -900, -1000])
      expect(
        bounds(2 ** power).map((bound) => bound / 2 ** power),
        `2 ** ${power}`
      ).to.deep.equal(expected);
    // the distance of the quartiles is the least double, and a bin's width none
    expect(histogramBounds({ count: 1000, min: 0, max: 1e-323, quartiles: [5e-324, 1e-323] })).to.deep.equal([
      0, 5e-324, 1e-323,
    ]);
  });

  it('counts each value once, the largest in the last bin', () => {
    expect(toHistogram([0, 1, 2], [3, 4, 2])).to.deep.equal({
      boundaries: ['0 to 1.000', '1.000 to 2.000', '2.000 and up'],
      frequencies: [3, 4, 2],
    });
  });

  it('labels numbers of any size, below one too', () => {
    const labels = [0, 0.5, -0.25, 0.0005, 12.3456, -5, 999.9996, 1_234_567, 1e9, 2.5e12, 1.2e18].map(shortNumber);
    expect(labels).to.deep.equal([
      ...['0', '0.500', '-0.250', '5.000e-4', '12.346', '-5.000', '1.000K', '1.235M', '1.000B', '2.500T', '1.200e18'],
    ]);
  });
});

describe('A cardinality distribution', () => {
  it('keeps the first five values and those of two percent, and sums up the rest', () => {
    const top: [string, number][] = [
      ['a', 50],
      ['b', 20],
      ['c', 1],
      ['d', 1],
      ['e', 1],
      ['f', 2],
      ['g', 1],
    ];
    expect(cardinalityDistribution(top, 100, 30)).to.deep.equal({
      categories: ['a', 'b', 'c', 'd', 'e', 'f', 'Others'],
      counts: [50, 20, 1, 1, 1, 2, 25],
      percentages: [50, 20, 1, 1, 1, 2, 25],
    });
  });

  it('tells a value that is called Others from the rest', () => {
    const { categories, counts } =
      cardinalityDistribution(
        [
          ['Others', 60],
          ['x', 10],
        ],
        100,
        40
      ) ?? {};
    expect(categories).to.deep.equal(['Others', 'x', 'Others (2)']);
    expect(counts).to.deep.equal([60, 10, 30]);
  });

  it('says when all values are different, and nothing of no values', () => {
    expect(cardinalityDistribution([], 7, 7)).to.deep.equal({ allValuesUnique: true });
    expect(cardinalityDistribution([], 0, 0)).to.equal(undefined);
  });
});
