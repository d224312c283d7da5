import { expect } from 'chai';
import { exactJson, parseExactJson } from '../../../src/openmetadata/index.js';

describe('JSON with whole numbers of any size', () => {
  const value = {
    max: 18446744073709551615n,
    min: -(10n ** 37n) - 1n,
    small: 7,
    texts: ['18446744073709551615', '": 9223372036854775807,'],
    rows: [null, 1.5],
  };

  it('has them as numbers, and comes back as it was', () => {
    const text = exactJson(value);
    expect(text).to.contain('"max":18446744073709551615,"min":-10000000000000000000000000000000000001,');
    expect(parseExactJson(text)).to.deep.equal(value);
  });

  it('leaves what a double holds, and fractions and powers, as JSON does', () => {
    const text =
      '[9007199254740991, 12345678901234567.5, 0.12345678901234567, 1e21, 9007199254740993, 1e-1234567890123456]';
    const plain = JSON.parse(text) as number[];
    expect(parseExactJson(text)).to.deep.equal(plain.map((each, at) => (at === 4 ? 9007199254740993n : each)));
  });

  it('leaves out keys without a value, and refuses what is no JSON', () => {
    expect(exactJson({ a: null, b: undefined, c: 1n })).to.equal('{"c":1}');
    expect(() => parseExactJson('{"a": 12345678901234567890')).to.throw(SyntaxError);
  });

  it('are found in a time that grows with the text alone', () => {
    const before = process.cpuUsage().user;
    expect(() => parseExactJson(`"${'\\"'.repeat(100_000)}`)).to.throw(SyntaxError);
    expect(parseExactJson(`[${'1'.repeat(200_000)}.5]`)).to.deep.equal([Infinity]);
    // quadratic, each takes minutes
    expect(process.cpuUsage().user - before).to.be.below(10_000_000);
  });
});
