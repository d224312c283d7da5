import { expect } from 'chai';
import { batchByBytes } from '../../../src/openmetadata/index.js';

describe('batchByBytes', () => {
  const sizes = (batches: Iterable<readonly unknown[]>): number[] => [...batches].map((batch) => batch.length);

  it('cuts at 100 requests by default and keeps their order', () => {
    const requests = Array.from({ length: 250 }, (_, index) => index);
    expect(sizes(batchByBytes(requests))).to.deep.equal([100, 100, 50]);
    expect([...batchByBytes(requests)].flat()).to.deep.equal(requests);
  });

  it('cuts before a batch grows over its bytes, counted in UTF-8', () => {
    expect(sizes(batchByBytes(['aaaa', 'aaaa', 'aaaa'], { maxBytes: 14 }))).to.deep.equal([2, 1]);
    expect(sizes(batchByBytes(['éé', 'éé', 'éé'], { maxBytes: 14 }))).to.deep.equal([2, 1]);
  });

  it('gives a request that is too large a batch of its own', () => {
    expect(sizes(batchByBytes(['a', 'x'.repeat(100), 'b'], { maxBytes: 20 }))).to.deep.equal([1, 1, 1]);
  });

  it('makes no batch of nothing', () => {
    expect(sizes(batchByBytes([]))).to.deep.equal([]);
  });
});
