import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { expect } from 'chai';
import type { FaultLab } from './fault-lab.js';
import { Dice } from './seeds.js';
import type { Trial } from './trial.js';

/** Does this while the catalog has not got this call yet. */
export function atCall({ proxy }: Trial, call: number, then: () => Promise<void>): void {
  let done = false;
  proxy.onCall(({ n }) => {
    if (done || n < call) return undefined;
    done = true;
    return { kind: 'before', then };
  });
}

/** Waits until the catalog is about to get this call. */
export function untilCall(trial: Trial, call: number): Promise<void> {
  return new Promise((resolve) => atCall(trial, call, async () => resolve()));
}

/** Cancels a run and tells its worker to leave, at most 0.3 s apart: it ends as stopped, whichever is heard first. */
export async function cancelWithSigterm(lab: FaultLab, seed: number): Promise<void> {
  const dice = new Dice(seed, 'cancel and SIGTERM');
  const call = dice.number(8, lab.clean.callsUntilDeletions);
  const apart = dice.number(-300, 300);
  await lab.trial(`cancel-sigterm-${seed}`, async (trial) => {
    await untilCall(trial, call);
    const cancel = async (): Promise<void> => void (await trial.handle.cancel());
    const leave = async (): Promise<void> => void (await trial.worker.terminate());
    const [first, then] = apart < 0 ? [cancel, leave] : [leave, cancel];
    const under = first();
    await sleep(Math.abs(apart));
    await Promise.all([under, then(), trial.startWorker()]);
    const error: unknown = await trial.handle.result().catch((each: unknown) => each);
    expect(error).to.be.instanceOf(WorkflowFailedError).with.property('cause').that.is.instanceOf(CancelledFailure);
    expect(trial.staged()).to.deep.equal([]);
    const [status] = await trial.statuses();
    expect(status).to.include({ pipelineState: 'stopped', runId: trial.handle.firstExecutionRunId });
  });
}
