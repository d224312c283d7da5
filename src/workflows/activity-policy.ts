import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { RunPlan } from '../contract/run-plan.js';
import { storeQueues } from '../contract/task-queues.js';
import { FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from '../contract/waits.js';

/**
 * Timeouts and retries of every stage, in one place. Attempts are not counted, since a deploy costs one; total time
 * bounds them. Cancellation waits for the activity, which closes its connections and commits what is whole.
 */
const BASE = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: FIRST_BACK_OFF_MS, backoffCoefficient: 2, maximumInterval: LONGEST_BACK_OFF_MS },
} satisfies ActivityOptions;

/**
 * Reading the recipe, looking at both ends: seconds. An outage of OpenMetadata or the source is waited for, but not all
 * night.
 */
export const PREPARE: ActivityOptions = {
  ...BASE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '30m',
};

/** The last word of a run. It has to get out, but not at the price of a run that never closes. */
export const FINISH: ActivityOptions = {
  ...BASE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1h',
};

/**
 * The kinds of slots that a store's workers have. Where a server sorts its queues by priority, what is nearer to the
 * end of a run comes first; many servers don't, so nothing relies on it.
 */
export type StoreSlots = 'work' | 'parse' | 'publish' | 'finish';

/**
 * Stages that touch staged chunks run on the store's queues; a crash is found by the missing heartbeat, not by the long
 * timeout.
 */
export function storePolicy(plan: RunPlan, slots: StoreSlots): ActivityOptions {
  const queues = storeQueues(plan.storeQueue);
  const common = { heartbeatTimeout: plan.heartbeatMs, scheduleToStartTimeout: plan.storeTimeoutMs };
  if (slots === 'finish') return { ...FINISH, ...common, taskQueue: queues.publish, priority: { priorityKey: 1 } };
  return {
    ...BASE,
    ...common,
    taskQueue: queues[slots],
    priority: { priorityKey: slots === 'publish' ? 2 : 3 },
    startToCloseTimeout: '12h',
    scheduleToCloseTimeout: '24h',
  };
}

/** How long the workers of a store may take to answer that they are alive, milliseconds. */
const ALIVE_MS = 120_000;

/** Asks whether a store has workers; a cancelled run doesn't wait for the answer. */
export function alivePolicy(plan: RunPlan, slots: StoreSlots): ActivityOptions {
  const wait = Math.min(ALIVE_MS, plan.storeTimeoutMs);
  const { alive, parseAlive } = storeQueues(plan.storeQueue);
  return {
    taskQueue: slots === 'parse' ? parseAlive : alive,
    priority: { priorityKey: 1 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1s', backoffCoefficient: 1 },
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: wait,
    summary: 'are the workers of the staging store there?',
  };
}
