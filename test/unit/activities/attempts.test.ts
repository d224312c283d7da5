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

describe('A wait of an activity', () => {
  it('begins with the first failure since its last progress, whichever attempt made that', () => {
    let now = 1_000;
    const first = new Attempts(1, undefined, () => now);
    expect(first.fail()).to.equal(1_000);
    now = 2_000;
    const second = new Attempts(2, first.details, () => now);
    expect(second.fail()).to.equal(1_000);
    now = 3_000;
    const third = new Attempts(3, second.details, () => now);
    third.progress();
    expect(third.details).to.deep.equal({ done: 1, attempt: 3, evicted: 0 });
    now = 9_000;
    expect(third.fail()).to.equal(9_000);
    now = 12_000;
    const fourth = new Attempts(4, third.details, () => now);
    fourth.evict();
    expect(new Attempts(5, fourth.details, () => now).fail()).to.equal(9_000);
  });

  it('begins with the calls that failed until the attempt ended, if there was no progress since', () => {
    let now = 1_000;
    const attempts = new Attempts(1, undefined, () => now);
    attempts.trouble('503');
    now = 4_000;
    expect(attempts.fail()).to.equal(1_000);
    const next = new Attempts(2, attempts.details, () => now);
    next.trouble('503');
    now = 5_000;
    next.progress();
    now = 6_000;
    expect(next.fail()).to.equal(6_000);
  });
});
