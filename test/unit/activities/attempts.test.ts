import { expect } from 'chai';
import { Attempts } from '../../../src/activities/run/attempts.js';

describe('What an attempt struggles with', () => {
  it('is told while it lasts, from its beginning on, and forgotten soon after', () => {
    let now = 1_000;
    const attempts = new Attempts(1, undefined, () => now);
    attempts.trouble('first');
    now += 20_000;
    attempts.trouble('second');
    const beat = attempts.details;
    expect(beat.trouble).to.deep.equal({ why: 'second', since: 1_000, last: 21_000, times: 2 });
    now += 31_000;
    expect(attempts.details).to.deep.equal({ done: 0, attempt: 0, evicted: 0 });
    attempts.trouble('third');
    expect(attempts.details.trouble).to.include({ since: now, times: 1 });
    expect(new Attempts(2, beat).details).to.deep.equal({ done: 0, attempt: 0, evicted: 0 });
  });
});
