import { expect } from 'chai';
import { LogStreams } from '../../../src/activities/run/log-streams.js';

const run = { identity: { workflowId: 'w', pipelineRunId: 'r' }, plan: { ingestionPipelineFQN: 'shop.p' } };

describe('The streamed log of a run', () => {
  const streamsOf = (
    answer: () => boolean,
    everyMs?: number
  ): { streams: LogStreams; batches: (readonly string[])[]; failed: unknown[] } => {
    const batches: (readonly string[])[] = [];
    const failed: unknown[] = [];
    const sender = {
      send: async (_run: unknown, lines: readonly string[]): Promise<boolean> => {
        batches.push(lines);
        return answer();
      },
      failed: (_run: unknown, error: unknown) => void failed.push(error),
    };
    return { streams: new LogStreams(sender, everyMs), batches, failed };
  };

  it('is sent in batches: the last activity here takes along what the others left', async () => {
    const { streams, batches } = streamsOf(() => true);
    const [first, second] = [streams.begin(run), streams.begin(run)];
    first.add('one');
    second.add('two');
    await first.end();
    expect(batches).to.deep.equal([]);
    await second.end();
    expect(batches).to.deep.equal([['one', 'two']]);
  });

  it('is sent while a long activity goes on', async () => {
    const { streams, batches } = streamsOf(() => true, 10);
    const lines = streams.begin(run);
    lines.add('one');
    while (batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    lines.add('two');
    await lines.end();
    expect(batches).to.deep.equal([['one'], ['two']]);
  });

  it('says how many lines it left out when more wait than it holds', async () => {
    const { streams, batches } = streamsOf(() => true);
    const lines = streams.begin(run);
    for (let n = 0; n < 12; n += 1) lines.add('x'.repeat(100_000));
    await lines.end();
    expect(batches[0]).to.have.length(11);
    expect(batches[0]?.at(-1)).to.match(/^… 2 lines were left out/);
  });

  it('fails no activity, and tells the first failure', async () => {
    const { streams, failed } = streamsOf(() => {
      throw new Error('away');
    }, 5);
    const lines = streams.begin(run);
    lines.add('one');
    while (failed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    lines.add('two');
    await lines.end();
    expect(failed.map(String)).to.deep.equal(['Error: away']);
  });
});
