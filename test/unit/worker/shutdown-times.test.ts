import { expect } from 'chai';
import { shutdownTimes } from '../../../src/worker/shutdown-times.js';

describe('The times of a worker that ends', () => {
  it('fit the wrapping up of activities into the grace, and leave most of it to their work', () => {
    for (const grace of [3_000, 5_000, 10_000, 60_000]) {
      const { cutOffMs, wrapUpMs } = shutdownTimes(grace);
      expect(cutOffMs + wrapUpMs).to.equal(grace);
      expect(cutOffMs).to.be.at.least(2 * wrapUpMs);
    }
    expect(shutdownTimes(10_000)).to.deep.equal({ cutOffMs: 7_000, wrapUpMs: 3_000 });
  });

  it('leave a second for it when there is less grace than that', () => {
    expect(shutdownTimes(0)).to.deep.equal({ cutOffMs: 0, wrapUpMs: 1_000 });
    expect(shutdownTimes(500)).to.deep.equal({ cutOffMs: 0, wrapUpMs: 1_000 });
  });
});
