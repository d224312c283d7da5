import { expect } from 'chai';
import { compilePattern, filterPattern } from '../../../src/filters/index.js';

/** Patterns as Python's re.match(pattern, name, re.IGNORECASE) answers them. */
const MATCHES: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
  ['orders', ['orders', 'ORDERS', 'orders_2024'], ['my_orders']],
  ['.*orders', ['my_orders', 'orders'], ['order']],
  ['^orders$', ['orders', 'Orders'], ['orders_2024', 'my_orders']],
  ['a|b$', ['ab', 'b'], ['bc', 'cb']],
  ['(?i)^stg_', ['STG_x'], ['x_stg_']],
  ['^(?!tmp_).*$', ['orders'], ['tmp_orders', 'TMP_x']],
  ['.*(?<!_bak)$', ['orders'], ['orders_bak']],
  ['\\w+$', ['orders', 'übung_1'], ['a-b', 'a b']],
  ['[\\w-]+$', ['a-b', 'é-1'], ['a.b']],
  ['\\W', ['-', ' '], ['é', '_']],
  ['\\d{4}$', ['2024', '٢٠٢٤'], ['202']],
  ['a\\b', ['a', 'a-b'], ['ab', 'aé']],
  ['\\Aorders\\Z', ['orders'], ['orders2']],
  ['a\\-b\\_c\\@', ['a-b_c@'], ['a\\-b']],
  ['(?P<y>\\d+)_(?P=y)$', ['7_7'], ['7_8']],
  ['x{,2}y', ['y', 'xy', 'xxy'], ['xxxy']],
  ['a{b}', ['a{b}'], ['ab']],
  ['a{', ['a{'], ['a']],
  ['[]a]+$', [']a'], ['b']],
  ['[a[]$', ['['], ['b']],
  ['a(?#note)b', ['ab'], ['a']],
  ['(?i:ab)c', ['ABc'], ['ac']],
  ['\\x61\\/\\.', ['a/.'], ['b/.']],
  ['(?s)a.b', ['a\nb'], []],
  ['(?m)^a$', ['a', 'a\nb'], ['b\na']],
];

const REFUSED: readonly (readonly [pattern: string, reason: string])[] = [
  ['(open', 'unterminated group'],
  ['a)|(b', "unmatched ')'"],
  ['*_tmp', 'nothing to repeat'],
  ['[a', 'a bracket is not closed'],
  ['[z-a]', 'range out of order in character class'],
  ['tmp\\', 'it ends with a single backslash'],
  ['\\q', '\\q is no escape that Python knows'],
  ['a++', 'possessive quantifiers (a++) are not supported; write a+'],
  ['(?>a)', 'atomic groups (?>…) are not supported; write (?:…)'],
  ['(a)(?(1)b|c)', 'conditional groups (?(1)…) are not supported; write two patterns'],
  ['(?x)a b', 'the verbose flag (?x) is not supported; write the pattern without spaces and comments'],
  ['a(?i)', '(?i) is no group that is supported here (flags such as (?i) stand at the start)'],
  ['[\\W]', '\\W inside brackets is not supported; write the characters that are meant'],
];

describe('a filter pattern', () => {
  for (const [pattern, matching, other] of MATCHES) {
    it(`is matched as Python matches it, at the start of the name and ignoring case: ${pattern}`, () => {
      const compiled = compilePattern(pattern);
      for (const name of matching) expect(compiled.test(name), name).to.equal(true);
      for (const name of other) expect(compiled.test(name), name).to.equal(false);
    });
  }

  for (const [pattern, reason] of REFUSED) {
    it(`is refused with the reason: ${pattern}`, () => {
      expect(() => compilePattern(pattern)).to.throw(`\`${pattern}\` is not a valid pattern: ${reason}.`);
    });
  }

  it('of more than 80 characters is shortened in messages', () => {
    expect(() => compilePattern(`(${'a'.repeat(200)}`)).to.throw(
      /^`\(a{78}…` is not a valid pattern: unterminated group\.$/
    );
  });

  it('is checked with its model', () => {
    expect(filterPattern.safeParse({ includes: ['^a'], excludes: [] }).success).to.equal(true);
    expect(filterPattern.safeParse({ includes: ['('] }).success).to.equal(false);
    expect(filterPattern.safeParse({ include: ['a'] }).success).to.equal(false);
  });
});
