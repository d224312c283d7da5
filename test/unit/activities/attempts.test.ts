import { expect } from 'chai';
import { Attempts } from '../../../src/activities/run/attempts.js';
import { OpenCalls } from '../../../src/run-context/index.js';

describe('A call that is not answered', () => {
  it('is told after ten seconds, the oldest of an attempt, until it ends', () => {
    let now = 1_000;
    const calls = new OpenCalls(() => now);
    const attempts = new Attempts(1, undefined, () => now, calls);
    const ends = ['GET /v1/a', 'PATCH /v1/b'].map((call, index) => {
      now += index * 5_000;
      return calls.begin(call);
    });
    now += 4_999;
    expect(attempts.details).to.not.have.property('silence');
    now += 1;
    expect(attempts.details.silence).to.deep.equal({ call: 'GET /v1/a', since: 1_000 });
    ends[0]?.();
    expect(attempts.details).to.not.have.property('silence');
    now += 5_000;
    expect(attempts.details.silence).to.deep.equal({ call: 'PATCH /v1/b', since: 6_000 });
    ends[1]?.();
    expect(attempts.details).to.deep.equal({ done: 0, attempt: 0, evicted: 0 });
  });
});

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
