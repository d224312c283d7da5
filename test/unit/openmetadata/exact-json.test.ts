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

  it('has decimals that a double can not hold with all their digits where they are wanted', () => {
    const text =
      '[9007199254740993,-12345678901234567890.12345,0.12345678901234567891,"12345678901234567890.5",0.1,1.50,1e21]';
    expect(exactJson(parseExactJson(text, 'decimals'))).to.equal(text.replace('1.50', '1.5').replace('1e21', '1e+21'));
    const texts = JSON.stringify([
      'a 12345678901234567890.5',
      '1.2345678901234567890e5',
      '\\',
      '"0.12345678901234567891',
    ]);
    expect(parseExactJson(texts, 'decimals')).to.deep.equal(JSON.parse(texts));
    const power = '12345678901234567890.5e3';
    expect(parseExactJson(`[${power}]`, 'decimals')).to.deep.equal([Number(power)]);
  });

  it('leaves out keys without a value, and refuses what is no JSON', () => {
    expect(exactJson({ a: null, b: undefined, c: 1n })).to.equal('{"c":1}');
    expect(() => parseExactJson('{"a": 12345678901234567890')).to.throw(SyntaxError);
  });

  it('are found in a time that grows with the text alone', () => {
    const before = process.cpuUsage().user;
    expect(() => parseExactJson(`"${'\\"'.repeat(100_000)}`)).to.throw(SyntaxError);
    expect(parseExactJson(`[${'1'.repeat(200_000)}.5]`)).to.deep.equal([Infinity]);
    const small = `0.${'1'.repeat(200_000)}e5`;
    expect(parseExactJson(`[${small}]`, 'decimals')).to.deep.equal([Number(small)]);
    const long = `[1${'0'.repeat(200_000)}.5]`;
    expect(exactJson(parseExactJson(long, 'decimals'))).to.equal(long);
    // quadratic, each takes minutes
    expect(process.cpuUsage().user - before).to.be.below(10_000_000);
  });
});
