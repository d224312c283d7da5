import { expect } from 'chai';
import {
  compilePattern,
  compileServerPattern,
  filterPattern,
  fitsLike,
  nameFilter,
  type Awaitable,
} from '../../../src/filters/index.js';

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
  ['(?!.*(tmp|bak)).*(?<=_v\\d)$', ['orders_v1'], ['tmp_v1', 'orders_v', 'x_bak_v2']],
  ['(?:(?!tmp).)*$', ['orders'], ['a_tmp_b']],
  ['(?<![a-z])x{2,3}(?=y)', ['xxy', 'xxxy'], ['xy', 'xxxxy', 'xxz']],
  ['^(a*)*(b|)+$', ['', 'aab'], ['aac']],
  ['\\S+\\s\\S+$', ['a b', 'a\u00a0b'], ['ab']],
  ['(?m)^a$', ['a', 'a\nb'], ['b\na']],
];

const REFUSED: readonly (readonly [pattern: string, reason: string])[] = [
  ['(open', 'unterminated group'],
  ['a)|(b', "unmatched ')'"],
  ['*_tmp', 'nothing to repeat'],
  ['[a', 'a bracket is not closed'],
  ['[z-a]', 'range out of order in character class'],
  ['tmp\\', 'it ends with a single backslash'],
  ['\\q', "\\q isn't an escape that Python knows"],
  ['a++', 'possessive quantifiers (a++) are not supported; write a+'],
  ['(?>a)', 'atomic groups (?>…) are not supported; write (?:…)'],
  ['(a)(?(1)b|c)', 'conditional groups (?(1)…) are not supported; write two patterns'],
  ['(?x)a b', 'the verbose flag (?x) is not supported; write the pattern without spaces and comments'],
  ['a(?i)', "(?i) isn't a supported group (flags such as (?i) go at the start)"],
  ['[\\W]', '\\W inside brackets is not supported; write the characters that are meant'],
];

describe('a filter pattern', () => {
  for (const [pattern, matching, other] of MATCHES) {
    it(`is matched as Python matches it, at the start of the name and ignoring case: ${pattern}`, async () => {
      const compiled = compilePattern(pattern);
      for (const name of matching) expect(await compiled.test(name), name).to.equal(true);
      for (const name of other) expect(await compiled.test(name), name).to.equal(false);
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

async function refusalOf(answer: Awaitable<unknown>): Promise<string> {
  try {
    return `it answered ${String(await answer)}`;
  } catch (error) {
    return String(error);
  }
}

/** What takes backtracking for ever, and the name on which it does. */
const BOMBS = ['^(.*)+_tmp$', '^(a+)+$', '^(a|a)*$', '^(?!x)(a+)+$', '^(?=(a+)+$)', '(?<=^(a+)+)!!', '^((a*)*)*$'];

describe('A pattern that takes backtracking for ever', () => {
  for (const pattern of BOMBS) {
    it(`answers: ${pattern}`, () => {
      expect(compilePattern(pattern).test(`${'a'.repeat(500)}!`)).to.equal(false);
      expect(compileServerPattern(pattern).test(`${'a'.repeat(500)}!`)).to.equal(false);
    });
  }

  it('is given up, where it has a back-reference, with its text and what to do, and all of its list with it', async () => {
    const filter = nameFilter('tableFilterPattern', { excludes: ['^(b)\\1', '^(a+)+\\1$'] });
    expect(await filter.reason('bb')).to.equal('filtered by tableFilterPattern.excludes: ^(b)\\1');
    const bomb = await refusalOf(filter.reason(`${'a'.repeat(60)}!`));
    expect(bomb).to.contain('The pattern `^(a+)+\\1$` was given up on a name of 61 characters');
    expect(await refusalOf(filter.reason('bb'))).to.contain('was given up');
  });

  it('is given up on a name of a million characters', () => {
    expect(() => compilePattern('(\\w*,?)*$').test(`${'ab,'.repeat(400_000)}!`)).to.throw('it takes too long');
  });

  it('lets other work go on while a list of large ones is tried', async () => {
    const filter = nameFilter('tableFilterPattern', {
      excludes: Array.from({ length: 10 }, () => '(a?){6000}b'),
    });
    let turns = 0;
    const turn = setInterval(() => (turns += 1), 0);
    const answer = filter.excludes('a'.repeat(255));
    expect(answer).to.be.instanceOf(Promise);
    expect(await answer).to.equal(false);
    clearInterval(turn);
    expect(turns).to.be.greaterThan(1);
  });

  it('is refused by its length, its repetitions or with the list that it is in', async () => {
    expect(() => compilePattern('\\w'.repeat(20_000))).to.throw('it has 40000 characters; a pattern may have 10000');
    expect(() => compilePattern('((\\w{100}){100}){100}')).to.throw('it is too large');
    for (const members of ['\\w'.repeat(4_900), '\\u0100-\\uffff'.repeat(700)])
      expect(() => compilePattern(`[${members}]`)).to.throw('it is too large: each range and each');
    expect(await compilePattern(`[\\w.-]+[a-z]{2}[${'é'.repeat(1_000)}]`).test('a-b.xyé')).to.equal(true);
    expect(await compilePattern('(?:){999999999}(?:(?:a{0}){0,9999}){9999}b').test('bc')).to.equal(true);
    expect(() => compilePattern(`(a)\\1${'b'.repeat(300)}`)).to.throw('such patterns may have 200');
    const { error } = filterPattern.safeParse({ includes: Array.from({ length: 100 }, () => 'a'.repeat(9_000)) });
    const wide = filterPattern.safeParse({ includes: Array.from({ length: 30 }, () => 'a{19000}') });
    expect(wide.error?.issues[0]).to.deep.include({ path: ['includes', 21] });
    expect(wide.error?.message).to.contain('with those before it, it is too large');
    expect(error?.message).to.contain('has patterns of 900000 characters together; 200000 are allowed');
  });
});

describe('A LIKE pattern', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['stg\\_%', 'stg_orders', true],
    ['stg\\_%', 'stgXorders', false],
    ['%a_c', 'xxabc', true],
    ['%a_c', 'xxabcd', false],
    ['%', '', true],
    ['a\\\\b', 'a\\b', true],
    ['.*', 'ab', false],
  ];
  for (const [pattern, text, fits] of cases) {
    it(`${fits ? 'fits' : 'does not fit'}: ${pattern} ${text}`, () => {
      expect(fitsLike(text, pattern, { escapes: true })).to.equal(fits);
    });
  }

  it('with many wildcards answers', () => {
    expect(fitsLike('a'.repeat(3_000), `${'%a'.repeat(50)}%b`)).to.equal(false);
  });
});
