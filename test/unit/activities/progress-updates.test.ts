import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ProgressUpdates } from '../../../src/activities/run/progress-updates.js';

const run = { identity: { workflowId: 'w', pipelineRunId: 'r' }, plan: { ingestionPipelineFQN: 'shop.p' } };

describe('Progress updates of a run', () => {
  const updatesOf = (
    send: (nth: number) => boolean
  ): { updates: ProgressUpdates; sent: number[]; failed: unknown[] } => {
    const sent: number[] = [];
    const failed: unknown[] = [];
    const sender = {
      send: async (): Promise<boolean> => {
        sent.push(Date.now());
        return send(sent.length);
      },
      failed: (_run: unknown, error: unknown) => void failed.push(error),
    };
    return { updates: new ProgressUpdates(sender, 20), sent, failed };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await sleep(5);
  };

  it('are sent again and again while it has an activity here, and not afterwards', async () => {
    const { updates, sent } = updatesOf(() => true);
    const ends = [updates.begin(run), updates.begin(run)];
    await until(() => sent.length >= 3);
    ends.forEach((end) => end());
    const before = sent.length;
    await sleep(100);
    expect(sent).to.have.length(before);
  });

  it('are sent by a run of short activities too', async () => {
    const { updates, sent } = updatesOf(() => true);
    while (sent.length < 2) {
      const end = updates.begin(run);
      await sleep(2);
      end();
    }
    expect(sent[1]).to.be.greaterThan((sent[0] ?? 0) + 15);
  });

  it('are not sent again to who takes none', async () => {
    const { updates, sent } = updatesOf(() => false);
    const end = updates.begin(run);
    await until(() => sent.length === 1);
    await sleep(100);
    end();
    expect(sent).to.have.length(1);
  });

  it('go on after a failure, which is told once', async () => {
    const { updates, sent, failed } = updatesOf(() => {
      throw new Error('away');
    });
    const end = updates.begin(run);
    await until(() => sent.length >= 3);
    end();
    expect(failed.map(String)).to.deep.equal(['Error: away']);
  });
});
