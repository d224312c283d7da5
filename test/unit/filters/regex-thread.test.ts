import { expect } from 'chai';
import { RegexThread, TooSlow } from '../../../src/filters/regex-thread.js';

const BOMB = '^(a+)+\\1$';
const NAME = `${'a'.repeat(60)}!`;

describe('expressions in a thread of their own', () => {
  it('leave the main thread to other work while one takes for ever, which is then given up', async () => {
    const thread = new RegexThread(500);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 10);
    const error: unknown = await thread.test(BOMB, 'iu', NAME).catch((thrown: unknown) => thrown);
    clearInterval(timer);
    expect(error).to.be.instanceOf(TooSlow);
    expect(turns).to.be.above(5);
  });

  it('answer in the order they were asked, even those queued behind one that was given up', async () => {
    const thread = new RegexThread(500);
    const asked = [
      thread.test('^(b)\\1', 'iu', 'bb'),
      thread.test(BOMB, 'iu', 'aa'),
      thread.test(BOMB, 'iu', NAME),
      thread.test(BOMB, 'iu', 'b'),
      thread.test('^(c)\\1', 'iu', 'cd'),
    ];
    const answers = await Promise.allSettled(asked);
    expect(answers.map((each) => (each.status === 'fulfilled' ? each.value.found : 'given up'))).to.deep.equal([
      true,
      true,
      'given up',
      false,
      false,
    ]);
  });
});
