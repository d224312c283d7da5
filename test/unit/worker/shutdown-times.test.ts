import { expect } from 'chai';
import { shutdownTimes } from '../../../src/worker/shutdown-times.js';

describe('The times of a worker that ends', () => {
  it('fit the wrapping up and the end of the process into the grace, and leave half of it to the work', () => {
    for (const grace of [3_000, 5_000, 10_000, 60_000]) {
      const { cutOffMs, wrapUpMs } = shutdownTimes(grace);
      expect(cutOffMs + wrapUpMs).to.equal(grace - 500);
      expect(cutOffMs).to.be.at.least(grace / 2);
    }
    expect(shutdownTimes(10_000)).to.deep.equal({ cutOffMs: 6_500, wrapUpMs: 3_000 });
  });

  it('leave a second for it when there is less grace than that', () => {
    expect(shutdownTimes(0)).to.deep.equal({ cutOffMs: 0, wrapUpMs: 1_000 });
    expect(shutdownTimes(500)).to.deep.equal({ cutOffMs: 0, wrapUpMs: 1_000 });
  });
});
