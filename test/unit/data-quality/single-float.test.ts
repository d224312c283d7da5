import { expect } from 'chai';
import { asSingle } from '../../../src/data-quality/single-float.js';
import { asWritten } from '../../../src/sources/index.js';

describe('A number of 32 bits', () => {
  it('is shown with the fewest digits that tell it from its neighbours', () => {
    for (const written of [0.1, 19.1, 3.4e38, -1.5, 0, 16777216, 1000.00006, 8388609, 1e-45])
      expect(asSingle(asWritten(asSingle(written))), String(written)).to.equal(asSingle(written));
    expect([0.1, 19.1, 1000.00006].map((written) => asWritten(asSingle(written)))).to.deep.equal([
      0.1, 19.1, 1000.00006,
    ]);
  });

  it('that is beyond 32 bits stays what it is', () => {
    expect(asSingle(1e300)).to.equal(1e300);
    expect(asSingle(-Infinity)).to.equal(-Infinity);
  });
});
