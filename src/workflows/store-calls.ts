import { ActivityFailure, TimeoutFailure, log, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { RunPlan } from '../contract/run-plan.js';
import { alivePolicy, storePolicy, type StoreSlots } from './activity-policy.js';

/** The activities of all kinds, as a workflow calls them. */
export type CalledActivities = ReturnType<typeof proxyActivities<Activities>>;

/** No worker of the run's staging store is left: what it staged can't be reached. */
export class StoreLost extends Error {
  override readonly name = 'StoreLost';
}

/**
 * Calls of activities on one store's queues. A task that no worker took in time means that the workers are busy or that
 * they are gone, and Temporal can't tell which: a worker with all its slots taken doesn't poll. So the question goes to
 * a queue that keeps a slot free.
 */
export class StoreCalls {
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(private readonly plan: RunPlan) {}

  /**
   * @param summary shown in the timeline of the Temporal UI
   * @throws StoreLost when no worker of the store answers
   */
  async call<T>(slots: StoreSlots, summary: string, task: (activities: CalledActivities) => Promise<T>): Promise<T> {
    const activities = proxyOf({ ...storePolicy(this.plan, slots), summary });
    for (;;) {
      try {
        return await task(activities);
      } catch (error) {
        if (!isNotStarted(error)) throw error;
        const { store } = this.plan;
        if (!(await this.#isAlive(slots)))
          throw new StoreLost(`${nameOf(slots)} of the staging store are gone (store ${store})`);
        log.info('All slots of the staging store are taken: the task is scheduled again', { store, task: summary });
      }
    }
  }

  /** Lanes that want to know at the same time share one question. */
  #isAlive(slots: StoreSlots): Promise<boolean> {
    const policy = alivePolicy(this.plan, slots);
    const queue = policy.taskQueue ?? '';
    const asking = this.#asking.get(queue) ?? this.#ask(policy).finally(() => this.#asking.delete(queue));
    this.#asking.set(queue, asking);
    return asking;
  }

  async #ask(policy: ActivityOptions): Promise<boolean> {
    try {
      await proxyOf(policy).sayAlive();
      return true;
    } catch (error) {
      if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return false;
      throw error;
    }
  }
}

function nameOf(slots: StoreSlots): string {
  return slots === 'parse' ? 'the workers that parse' : 'the workers';
}

function proxyOf(options: ActivityOptions): CalledActivities {
  return proxyActivities<Activities>(options);
}

function isNotStarted(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}
