import { expect } from 'chai';
import { AuthenticationError, ConnectionLost, TransientError } from '../../../src/errors/index.js';
import { Measuring } from '../../../src/measures/index.js';
import { takeCustom } from '../../../src/profiler/take-custom.js';

const INTERNAL = 'Snowflake met an internal error.';

describe('A custom metric whose SELECT the source does not finish', () => {
  /** @param fault of the metric `bad`, so many times */
  async function taken(
    fault: Error,
    { times = Infinity, away = false } = {}
  ): Promise<{ names: readonly string[]; failures: readonly string[]; sent: number; error?: unknown }> {
    let sent = 0;
    const session = {
      rows: async () => {
        if (away) throw new TransientError('away');
        return [[1]];
      },
      query: async (sql: string) => {
        if (sql !== 'bad') return { columns: ['n'], rows: [[7]] };
        sent += 1;
        if (sent <= times) throw fault;
        return { columns: ['n'], rows: [[8]] };
      },
      close: async () => undefined,
    };
    const measuring = new Measuring(session, { signal: new AbortController().signal, waits: [0, 0] });
    const failures: string[] = [];
    const metrics = ['before', 'bad', 'behind'].map((name) => ({ name, sql: name }));
    const { customMetrics = [], error } = (await takeCustom(metrics, measuring, { failures, empty: [] }).catch(
      (error: unknown) => ({ error, customMetrics: [] })
    )) as { customMetrics?: { name: string }[]; error?: unknown };
    return { names: customMetrics.map(({ name }) => name), failures, sent, ...(error === undefined ? {} : { error }) };
  }

  for (const fault of [new TransientError(INTERNAL), new ConnectionLost(INTERNAL)])
    it(`costs itself alone, after ${fault.constructor.name}`, async () => {
      expect(await taken(fault)).to.deep.equal({
        ...{ names: ['before', 'behind'], sent: 3 },
        failures: [
          `Custom metric bad has no value: ${INTERNAL} It was tried 3 times; the source answers other statements.`,
        ],
      });
    });

  it('costs itself alone where a function raises a refused login', async () => {
    const seen = await taken(new AuthenticationError('Access denied.', { remedy: 'Check username.' }));
    expect(seen).to.deep.equal({
      ...{ names: ['before', 'behind'], sent: 1, failures: ['Custom metric bad has no value: Access denied.'] },
    });
  });

  it('costs itself alone where a function says that there are too many connections', async () => {
    const fault = { throttled: true, arose: 'statement', remedy: 'Raise max_connections.' } as const;
    const seen = await taken(new TransientError('Too many connections.', fault));
    expect(seen.failures).to.deep.equal([
      'Custom metric bad has no value: Too many connections. It was tried 3 times; the source answers other statements.',
    ]);
    expect(seen).to.deep.include({ names: ['before', 'behind'], sent: 3 });
  });

  it('has its value when it works again', async () => {
    const seen = await taken(new TransientError(INTERNAL), { times: 1 });
    expect(seen).to.deep.equal({ names: ['before', 'bad', 'behind'], sent: 2, failures: [] });
  });

  it('ends the attempt where it is the source that is away', async () => {
    const fault = new TransientError(INTERNAL);
    expect((await taken(fault, { away: true })).error).to.equal(fault);
    for (const facts of [{ throttled: true }, { throttled: true, arose: 'opening' }, { arose: 'opening' }] as const) {
      const busy = new TransientError('too many', facts);
      expect((await taken(busy)).error, JSON.stringify(facts)).to.equal(busy);
    }
  });
});
