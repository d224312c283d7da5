import { expect } from 'chai';
import { StoredListings } from '../../../src/activities/lineage/stored-listings.js';

describe('the listing of stored queries', () => {
  it('is made once for all units of a run', async () => {
    const listings = new StoredListings();
    let lists = 0;
    const list = (): Promise<undefined> => {
      lists += 1;
      return Promise.resolve(undefined);
    };
    await Promise.all([listings.of('one', list), listings.of('one', list)]);
    await listings.of('one', list);
    await listings.of('another', list);
    expect(lists).to.equal(2);
  });

  it('is made again by the next attempt when it failed', async () => {
    const listings = new StoredListings();
    let lists = 0;
    const list = (): Promise<undefined> => {
      lists += 1;
      return lists === 1 ? Promise.reject(new Error('the catalog is away')) : Promise.resolve(undefined);
    };
    await listings.of('one', list).catch(() => undefined);
    await listings.of('one', list);
    expect(lists).to.equal(2);
  });
});
