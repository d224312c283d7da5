import { expect } from 'chai';
import type { SessionsWish } from '../../../src/contract/shared-load.js';
import { SessionDeals } from '../../../src/workflows/session-deals.js';

const wish = (
  run: string,
  n: number,
  numbers: Partial<Pick<SessionsWish, 'most' | 'each' | 'least'>> = {}
): SessionsWish => ({
  permit: `${run}/${n}`,
  holder: { workflowId: `om-${run}`, runId: run },
  most: 3,
  each: 1,
  ...numbers,
});

function grantAll(deals: SessionDeals): string[] {
  const granted: string[] = [];
  for (let next = deals.grantNext(); next !== undefined; next = deals.grantNext()) granted.push(next.permit);
  return granted;
}

describe('Sessions of a source', () => {
  it('are dealt out up to the most, and again when they are given back', () => {
    const deals = new SessionDeals();
    for (const n of [1, 2, 3, 4, 5]) deals.want(wish('a', n));
    expect(grantAll(deals)).to.deep.equal(['a/1', 'a/2', 'a/3']);
    deals.end('a/2');
    expect(grantAll(deals)).to.deep.equal(['a/4']);
    expect(deals.state()).to.deep.equal({ most: 3, held: 3, waiting: 1, holders: { 'om-a': 3 } });
  });

  it('go to the run that holds fewest, however many wishes another one had before', () => {
    const deals = new SessionDeals();
    for (const n of [1, 2, 3, 4, 5]) deals.want(wish('big', n));
    grantAll(deals);
    deals.want(wish('small', 1));
    deals.end('big/1');
    expect(grantAll(deals)).to.deep.equal(['small/1']);
  });

  it('are as many as the least says of all runs that are there', () => {
    const deals = new SessionDeals();
    for (const n of [1, 2, 3]) deals.want(wish('a', n, { most: 10 }));
    deals.want(wish('careful', 1, { most: 2 }));
    expect(grantAll(deals)).to.deep.equal(['a/1', 'careful/1']);
    deals.endRun('careful');
    expect(grantAll(deals)).to.deep.equal(['a/2', 'a/3']);
  });

  it('are fewer for one activity than it wants where another run allows no more, if it makes do with that', () => {
    const deals = new SessionDeals();
    deals.want(wish('capa', 1, { most: 8, each: 4, least: 2 }));
    deals.want(wish('capb', 1, { most: 2, each: 2, least: 2 }));
    expect(deals.grantNext()).to.include({ permit: 'capa/1', each: 2 });
    expect(deals.grantNext()).to.equal(undefined);
    expect(deals.state()).to.include({ held: 2, most: 2 });
    deals.endRun('capb');
    deals.want(wish('capa', 2, { most: 8, each: 4, least: 2 }));
    expect(deals.grantNext()).to.include({ permit: 'capa/2', each: 4 });
  });

  it('let one activity read that may hold more than there are, and no second one', () => {
    const deals = new SessionDeals();
    for (const n of [1, 2]) deals.want(wish('a', n, { most: 3, each: 4 }));
    expect(grantAll(deals)).to.deep.equal(['a/1']);
    deals.end('a/1');
    expect(grantAll(deals)).to.deep.equal(['a/2']);
  });

  it('keep the place of a wish that is repeated', () => {
    const deals = new SessionDeals([], [wish('b', 1), wish('b', 2)]);
    deals.want(wish('b', 1));
    expect(grantAll(deals)).to.deep.equal(['b/1', 'b/2']);
  });

  it('are held while a grant is told again: its run may have heard of it meanwhile, and read', () => {
    const deals = new SessionDeals([wish('a', 1, { most: 1 })], [wish('b', 1, { most: 1 })]);
    expect(deals.holds('a/1')).to.equal(true);
    deals.tellAgain('a/1');
    expect(grantAll(deals)).to.deep.equal(['a/1']);
    expect(deals.state()).to.include({ held: 1, waiting: 1 });
    deals.end('a/1');
    expect(grantAll(deals)).to.deep.equal(['b/1']);
  });
});
