import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  ParentClosePolicy,
  ApplicationFailure,
  condition,
  defineSignal,
  executeChild,
  getExternalWorkflowHandle,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { USAGE_WAITING_SIGNAL } from '../contract/names.js';
import type { StageInput, StageResult } from '../contract/run-plan.js';
import { isAlreadyStarted } from './already-started.js';
import { Lanes, lanesOf } from './lanes.js';
import { pressureSignal } from './pressure.js';
import { StoreCalls, StoreLost } from './store-calls.js';
import type { StagedRun } from './staged-run.js';

/** Parts sent at once even when the plan has fewer threads: each is a few small requests. */
const PUBLISH_LANES = 8;
/** The longest a run waits before it checks again whether its turn has come. */
const LOOK_AGAIN = '30s';
const STORE_LOST = 'StoreLost';

/** To the publisher: this run waits for it. */
const waitingSignal = defineSignal<[workflowId: string]>(USAGE_WAITING_SIGNAL);
/** To a waiting run: which run it waits for; none when its turn may have come. */
const heldSignal = defineSignal<[holder: string | undefined]>('usageHeld');

/**
 * Publishes the usage of a run's service in a child workflow whose id represents the service: while it runs, no other
 * run publishes. A second run waits, and shows which run it waits for.
 */
export async function publishAlone(run: StagedRun<unknown>): Promise<StageResult> {
  const workflowId = `om-usage-publish-${run.plan.service}`;
  const turn = new Turn(run, workflowId);
  for (;;) {
    try {
      return await executeChild(usagePublishWorkflow, {
        workflowId,
        args: [run.stage],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        staticSummary: `usage of ${run.plan.service}`,
      });
    } catch (error) {
      if (!isAlreadyStarted(error)) throw causeOf(error);
      await turn.wait();
    }
  }
}

/** The child: one activity, repeated as long as OpenMetadata asks to slow down; tells those waiting when it is over. */
export async function usagePublishWorkflow(stage: StageInput): Promise<StageResult> {
  const holder = workflowInfo().parent?.workflowId ?? stage.identity.workflowId;
  const waiting = new Set<string>();
  setHandler(waitingSignal, (workflowId) => {
    waiting.add(workflowId);
    void tell(workflowId, holder);
  });
  const lanes = new Lanes(Math.max(lanesOf(stage.plan), PUBLISH_LANES));
  setHandler(pressureSignal, ({ side, key }) => {
    if (stage.plan.shared?.[side] === key && side === 'catalog') lanes.narrow();
  });
  const calls = new StoreCalls(stage.plan);
  try {
    return await lanes.slowedDown(() =>
      calls.call('publish', 'send usage', (activities) => activities.publishUsage({ ...stage, lanes: lanes.limit }))
    );
  } catch (error) {
    if (!(error instanceof StoreLost)) throw error;
    throw ApplicationFailure.create({ type: STORE_LOST, nonRetryable: true, message: error.message });
  } finally {
    // Even if this one was cancelled, so that those waiting learn of it at once.
    await CancellationScope.nonCancellable(async () => {
      for (const workflowId of waiting) await tell(workflowId, undefined);
    });
  }
}

/** A run that waits may have been cancelled meanwhile. */
async function tell(workflowId: string, holder: string | undefined): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(heldSignal, holder);
  } catch (error) {
    log.info('A run that waited for this one is gone', { workflowId, reason: String(error) });
  }
}

/** What a run knows about the one it waits for. */
class Turn {
  #holder: string | undefined;
  #changes = 0;

  constructor(
    private readonly run: StagedRun<unknown>,
    private readonly publisher: string
  ) {
    setHandler(heldSignal, (holder) => {
      this.#holder = holder;
      this.#changes += 1;
    });
  }

  /** Waits until the publisher says that it is done, or for a while. */
  async wait(): Promise<void> {
    const { state } = this.run;
    let seen = this.#changes;
    try {
      await getExternalWorkflowHandle(this.publisher).signal(waitingSignal, workflowInfo().workflowId);
    } catch {
      // It has ended just now.
      return;
    }
    await condition(() => this.#changes > seen, LOOK_AGAIN);
    if (this.#holder === undefined) return;
    const stage = `wait for ${this.#holder}, which publishes usage of the same service`;
    log.info('Another run publishes usage of the same service', { holder: this.#holder });
    state.startStage(stage, 1);
    seen = this.#changes;
    await condition(() => this.#changes > seen, LOOK_AGAIN);
    state.endStage(stage);
  }
}

/** What ended the child, as if it had ended this run. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof ChildWorkflowFailure)) return error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === STORE_LOST) return new StoreLost(cause.message);
  return cause ?? error;
}
