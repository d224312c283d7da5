import {
  CancellationScope,
  ParentClosePolicy,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { SessionsPlan, SessionsWish } from '../contract/shared-load.js';
import { isAlreadyStarted } from './already-started.js';
import type { RunState } from './run-state.js';
import { sessionsDone, sessionsGranted, sessionsWanted, sourceSessionsWorkflow } from './source-sessions.js';

/** A wait this long is shown. */
const SHOWN_AFTER = '10s';
/** After this long without an answer the wish is repeated: its dealer may have been terminated. */
const REPEATED_AFTER = '2m';

/** A run's side of the sessions that runs of one source share. Where the recipe sets no limit, nothing is asked. */
export class SessionPermits {
  /** Permits, and for how many sessions. */
  readonly #granted = new Map<string, number>();
  #wishes = 0;
  #waiting = 0;

  constructor(
    private readonly plan: SessionsPlan | undefined,
    private readonly state: RunState
  ) {
    if (plan !== undefined)
      setHandler(sessionsGranted, (permit, sessions = plan.each) => void this.#granted.set(permit, sessions));
  }

  /**
   * Runs what reads the source once there are sessions for it, and gives them back.
   * @param work gets how many it may open; undefined where that is not limited
   */
  async run<T>(work: (sessions: number | undefined) => Promise<T>): Promise<T> {
    if (this.plan === undefined) return work(undefined);
    const wish = this.#wish(this.plan);
    try {
      await this.#wait(this.plan, wish);
      return await work(this.#granted.get(wish.permit));
    } finally {
      await CancellationScope.nonCancellable(() => giveBack(this.plan?.dealer ?? '', wish.permit));
      this.#granted.delete(wish.permit);
    }
  }

  #wish({ most, each, least }: SessionsPlan): SessionsWish {
    this.#wishes += 1;
    const { workflowId, runId } = workflowInfo();
    return {
      permit: `${runId}/${this.#wishes}`,
      holder: { workflowId, runId },
      most,
      each,
      ...(least === undefined ? {} : { least }),
    };
  }

  async #wait(plan: SessionsPlan, wish: SessionsWish): Promise<void> {
    const { permit } = wish;
    const { dealer, most } = plan;
    const stage = `wait for one of the ${most} sessions that all runs share (${dealer})`;
    const there = (): boolean => this.#granted.has(permit);
    await ask(plan, wish);
    if (await condition(there, SHOWN_AFTER)) return;
    this.#waiting += 1;
    if (this.#waiting === 1) this.state.startStage(stage);
    try {
      while (!(await condition(there, REPEATED_AFTER))) await ask(plan, wish);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.state.endStage(stage);
    }
  }
}

/** Starts the dealer if there is none. */
async function ask({ dealer, leaseMs }: SessionsPlan, wish: SessionsWish): Promise<void> {
  for (;;) {
    try {
      await getExternalWorkflowHandle(dealer).signal(sessionsWanted, wish);
      return;
    } catch (error) {
      if (CancellationScope.current().consideredCancelled) throw error;
    }
    try {
      await startChild(sourceSessionsWorkflow, {
        workflowId: dealer,
        args: [{ leaseMs }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        staticSummary: 'deals out the sessions of a source to all runs that read it',
      });
    } catch (error) {
      // another run was faster
      if (!isAlreadyStarted(error)) throw error;
    }
  }
}

/** A dealer that is gone has nothing to take back. */
async function giveBack(dealer: string, permit: string): Promise<void> {
  await getExternalWorkflowHandle(dealer)
    .signal(sessionsDone, permit)
    .catch(() => undefined);
}
