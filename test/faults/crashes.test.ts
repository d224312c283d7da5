import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import type { RunReport } from '../../src/report/index.js';
import type { FaultLab } from './fault-lab.js';
import { Dice, SEEDS } from './seeds.js';
import { describeWithEachLab } from './shared-lab.js';

describeWithEachLab('A run whose worker or server dies', function ({ open, whole }) {
  this.timeout(240_000);
  let lab: FaultLab;
  before(async () => {
    lab = await open();
  });

  it('has something to lose: several chunks, deletions, deferred keys, unchanged and changed tables', () => {
    const { report, calls } = lab.clean as unknown as {
      report: { steps: [{ done: number }, { done: number; deleted: number }]; state: string };
      calls: number;
    };
    expect(report.state).to.equal('success');
    expect(report.steps[1].deleted).to.equal(lab.source.dropped);
    expect(calls).to.be.above(20);
  });

  for (const seed of SEEDS) {
    it(`resumes from the last chunk after kill -9 while it reads (seed ${seed})`, async () => {
      const chunks = new Dice(seed, 'kill while reading').number(1, lab.source.chunks - 1);
      await lab.trial(`kill-reading-${seed}`, async (trial) => {
        await trial.untilChunks(chunks);
        await trial.worker.kill();
        const snapshot = await trial.snapshot();
        await trial.markReads();
        await trial.startWorker();
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
      });
    });

    it(`loses and doubles nothing after kill -9 around a call to the catalog (seed ${seed})`, async () => {
      const dice = new Dice(seed, 'kill around a call');
      const call = dice.number(1, lab.clean.calls);
      const kind = dice.pick('before', 'answered');
      await lab.trial(`kill-calling-${seed}`, async (trial) => {
        const killed = new Promise<void>((resolve, reject) => {
          const then = (): Promise<void> => trial.worker.kill().then(resolve, reject);
          trial.proxy.onCall(({ n }) => (n === call ? { kind, then } : undefined));
        });
        await killed;
        const snapshot = await trial.snapshot();
        await trial.markReads();
        await trial.startWorker();
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
      });
    });

    it(`is handed on by SIGTERM, and the worker leaves with code 0 (seed ${seed})`, async () => {
      const chunks = new Dice(seed, 'terminate').number(1, lab.source.chunks - 1);
      await lab.trial(`sigterm-${seed}`, async (trial) => {
        await trial.untilChunks(chunks);
        // Held still, so that what is staged and what is read from now on are told apart.
        trial.worker.freeze();
        const snapshot = await trial.snapshot();
        await trial.markReads();
        trial.worker.thaw();
        const left = trial.worker.terminate();
        await trial.startWorker();
        expect(await left).to.equal(0);
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
      });
    });

    // What the server has lost is the same whatever is read.
    if (!whole) continue;
    it(`outlives kill -9 of the Temporal server, which starts again on its file (seed ${seed})`, async () => {
      const call = new Dice(seed, 'temporal').number(2, lab.clean.calls - 4);
      await lab.trial(`temporal-${seed}`, async (trial) => {
        const snapshot = await new Promise<Awaited<ReturnType<typeof trial.snapshot>>>((resolve, reject) => {
          const then = async (): Promise<void> => {
            resolve(await trial.snapshot());
            await trial.markReads();
            await lab.temporal.restart();
          };
          trial.proxy.onCall(({ n }) =>
            n === call ? { kind: 'before', then: () => then().catch(reject) } : undefined
          );
        });
        await lab.expectAsClean(trial);
        await trial.expectNotReadAgain(snapshot);
      });
    });
  }

  if (!whole) return;
  it('starts again on the store of another host when its own host is gone for good', async () => {
    await lab.trial(
      'moved',
      async (trial) => {
        await trial.untilChunks(1);
        await trial.worker.kill();
        const otherHost = `${trial.staging}-other-host`;
        await trial.startWorker({ OM_INGEST_STAGING: otherHost });
        const report = (await trial.handle.result()) as RunReport;
        expect(report.state).to.equal('success');
        expect((await trial.outcome(report)).catalog).to.deep.equal(lab.clean.catalog);
        expect(readdirSync(`${otherHost}/runs`)).to.deep.equal([]);
        expect(trial.staged()).to.have.length(1);
      },
      { OM_INGEST_STORE_TIMEOUT_MS: '3000' }
    );
  });
});
