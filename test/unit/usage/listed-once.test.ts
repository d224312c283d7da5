import { expect } from 'chai';
import { ListedOnce } from '../../../src/usage/listed-once.js';

/** A listing of so many, and how far each call of it went. */
function listing(size: number): { readonly listed: ListedOnce<string>; readonly calls: number[] } {
  const calls: number[] = [];
  const listed = new ListedOnce((most) => {
    calls.push(most);
    return Promise.resolve(size <= most ? 'all' : undefined);
  });
  return { listed, calls };
}

describe('What is listed or looked up one by one', () => {
  it('is listed at once while it is short', async () => {
    const { listed, calls } = listing(50_000);
    expect([await listed.for(1), await listed.for(9_999)]).to.deep.equal(['all', 'all']);
    expect(calls).to.deep.equal([50_000]);
  });

  it('is listed after as many look-ups as a long listing has pages', async () => {
    const { listed, calls } = listing(100_000);
    expect([await listed.for(100), await listed.for(400)]).to.deep.equal([undefined, undefined]);
    expect(calls).to.deep.equal([50_000]);
    expect(await Promise.all([listed.for(1), listed.for(1)])).to.deep.equal(['all', 'all']);
    expect(calls).to.deep.equal([50_000, 250_000]);
  });

  it('is looked up one by one where it is too long', async () => {
    const { listed, calls } = listing(250_001);
    expect([await listed.for(600), await listed.for(600)]).to.deep.equal([undefined, undefined]);
    expect(calls).to.deep.equal([50_000, 250_000]);
  });
});
