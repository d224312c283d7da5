import { expect } from 'chai';
import { ConnectionLost, TransientError } from '../../../src/errors/index.js';
import { Measuring } from '../../../src/measures/index.js';

/** What is sent when the first statements fail with these, and the probe with what is said. */
async function sent(
  faults: readonly Error[],
  { away = false, waits = [0, 0] }: { away?: boolean; waits?: readonly number[] } = {}
): Promise<{ sent: readonly string[]; error?: string }> {
  const seen: string[] = [];
  const left = [...faults];
  const rows = async (sql: string): Promise<number[][]> => {
    seen.push(sql);
    if (sql === 'ALIVE' && away) throw new TransientError('away');
    const fault = sql === 'ALIVE' ? undefined : left.shift();
    if (fault !== undefined) throw fault;
    return [[1]];
  };
  const session = { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined };
  const measuring = new Measuring(session, {
    ...{ signal: new AbortController().signal, waits, dialect: { alive: 'ALIVE' } },
  });
  const error = await measuring.rows('SELECT').then(
    () => undefined,
    (fault: unknown) => fault as Error
  );
  if (error === undefined) return { sent: seen };
  await measuring.failsAlone(error);
  return { sent: seen, error: error.message };
}

describe('A statement that fails for a moment', () => {
  const internal = (): Error => new TransientError('internal error');

  it('is sent once where the source answers others, which is asked once', async () => {
    expect(await sent([internal()])).to.deep.equal({ sent: ['SELECT', 'ALIVE'], error: 'internal error' });
  });

  it('is sent again where the source is away, or its connection was lost', async () => {
    expect((await sent([internal()], { away: true })).sent).to.deep.equal(['SELECT', 'ALIVE', 'SELECT']);
    const lost = Array.from({ length: 2 }, () => new ConnectionLost('lost'));
    expect(await sent(lost)).to.deep.equal({ sent: ['SELECT', 'SELECT', 'SELECT'] });
    expect((await sent(lost.slice(0, 1), { waits: [] })).error).to.equal('lost');
  });
});
