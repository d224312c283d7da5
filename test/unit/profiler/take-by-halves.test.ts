import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { takeByHalves, type Taking } from '../../../src/profiler/take-by-halves.js';

describe('measuring a query that several columns share', () => {
  const rows = { table: { database: 'd', schema: 's', table: 't' }, isView: false };
  const taking = (fails: (names: readonly string[]) => Error | undefined) => {
    const refused: string[] = [];
    const parts: Taking<string> = {
      asked: (names) => names.map((name) => ({ key: name, measure: { of: 'rows' } })),
      rows: () => rows,
      take: async (asks) => {
        const keys = asks.map(({ key }) => key);
        const error = fails(keys);
        if (error !== undefined) throw error;
        return new Map(keys.map((key) => [key, 1] as const));
      },
      refuse: (name, reason) => void refused.push(`${name}: ${reason}`),
      probe: async () => undefined,
    };
    return { parts, refused };
  };

  it('leaves out the one that the engine refuses, with the reason, and measures all others', async () => {
    const { parts, refused } = taking((names) =>
      names.includes('c') ? new PermanentError('no operator.', { where: 't', remedy: 'none' }) : undefined
    );
    expect([...(await takeByHalves(['a', 'b', 'c', 'd', 'e'], parts)).keys()]).to.deep.equal(['a', 'b', 'd', 'e']);
    expect(refused).to.deep.equal(['c: no operator.']);
  });

  it('ends at a connection that is lost', async () => {
    const { parts } = taking(() => new TransientError('lost.', { where: 't', remedy: 'none' }));
    const failure = await takeByHalves(['a', 'b'], parts).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(TransientError);
  });
});
