import { CancelledFailure, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { expect } from 'chai';
import type { RunReport } from '../../src/report/index.js';
import { atCall, cancelWithSigterm, untilCall } from './cancel-with-sigterm.js';
import type { FaultLab } from './fault-lab.js';
import { Dice, SEEDS } from './seeds.js';
import { describeWithEachLab } from './shared-lab.js';
import type { Trial } from './trial.js';

describeWithEachLab('A run that is ended from outside', function ({ open, whole }) {
  this.timeout(240_000);
  let lab: FaultLab;
  before(async () => {
    lab = await open();
  });

  for (const seed of SEEDS) {
    it(`reports stopped when it is cancelled, leaves nothing staged, and can be started again (seed ${seed})`, async () => {
      // The last stage may be over before it hears of a cancellation; the run has done its work then.
      const call = new Dice(seed, 'cancel').number(8, lab.clean.callsUntilDeletions);
      await lab.trial(`cancel-${seed}`, async (trial) => {
        atCall(trial, call, async () => void (await trial.handle.cancel()));
        const error: unknown = await trial.handle.result().catch((each: unknown) => each);
        expect(error).to.be.instanceOf(WorkflowFailedError).with.property('cause').that.is.instanceOf(CancelledFailure);
        expect(trial.staged()).to.deep.equal([]);
        const [status] = await trial.statuses();
        expect(status).to.include({ pipelineState: 'stopped', runId: trial.handle.firstExecutionRunId });
        expect(status?.metadata).to.include({ workflowId: trial.workflowId, error: 'the run was cancelled' });
        await expectMended(lab, trial);
      });
    });

    it(`reports stopped when it is cancelled in the moment that its worker is shut down (seed ${seed})`, async () => {
      await cancelWithSigterm(lab, seed);
    });

    // How runs meet each other is the same whatever they read.
    if (!whole) continue;
    it(`is closed by the next run when it was terminated, with what it had staged (seed ${seed})`, async () => {
      const call = new Dice(seed, 'terminate').number(8, lab.clean.calls - 60);
      await lab.trial(`terminated-${seed}`, async (trial) => {
        await untilCall(trial, call);
        await trial.handle.terminate('by the test');
        await trial.handle.result().catch(() => undefined);
        // Its activities learn of it by their next heartbeat.
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        expect(await statesOf(trial)).to.deep.equal(['running']);
        await expectMended(lab, trial);
        expect([...(await statesOf(trial))].sort()).to.deep.equal(['failed', 'success']);
        const closed = (await trial.statuses()).find(({ runId }) => runId === trial.handle.firstExecutionRunId);
        expect(closed?.metadata?.error).to.include('closed by the next one');
      });
    });

    it(`is not disturbed by a second start, neither of its own id nor of another (seed ${seed})`, async () => {
      const call = new Dice(seed, 'duplicate').number(8, lab.clean.calls - 60);
      await lab.trial(`duplicate-${seed}`, async (trial) => {
        await untilCall(trial, call);
        const same: unknown = await trial.start().catch((error: unknown) => error);
        expect(same).to.be.instanceOf(WorkflowExecutionAlreadyStartedError);
        const other = await trial.start(`${trial.workflowId}-other`);
        const reports = [(await trial.handle.result()) as RunReport, (await other.result()) as RunReport];
        expect(reports.map(({ state }) => state)).to.deep.equal(['success', 'success']);
        for (const report of reports) expect(report.steps.map(({ errors }) => errors)).to.deep.equal([0, 0]);
        const [first] = reports;
        if (first !== undefined) expect((await trial.outcome(first)).catalog).to.deep.equal(lab.clean.catalog);
        expect(await statesOf(trial)).to.deep.equal(['success', 'success']);
        expect(trial.staged()).to.deep.equal([]);
      });
    });
  }
});

async function statesOf(trial: Trial): Promise<string[]> {
  return (await trial.statuses()).map(({ pipelineState }) => pipelineState);
}

/** Starts again under the same id: everything is there then, and nothing is left. */
async function expectMended(lab: FaultLab, trial: Trial): Promise<void> {
  const report = (await (await trial.start()).result()) as RunReport;
  expect(report.state).to.equal('success');
  expect((await trial.outcome(report)).catalog).to.deep.equal(lab.clean.catalog);
  expect(trial.staged()).to.deep.equal([]);
}
