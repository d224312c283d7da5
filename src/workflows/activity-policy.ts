import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import type { RunPlan } from '../contract/run-plan.js';

/**
 * Time-outs and retries of every stage, in one place. Attempts are not counted, since a deploy costs one; total time bounds them.
 * Cancellation waits for the activity, which closes its connections and commits what is whole.
 */
const BASE = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
} satisfies ActivityOptions;

/** Reading the recipe, looking at both ends: seconds. An outage of OpenMetadata or the source is waited for, but not all night. */
export const PREPARE: ActivityOptions = {
  ...BASE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '30m',
};

/** The last word of a run. It has to come out, but not at the price of a run that never closes. */
export const FINISH: ActivityOptions = {
  ...BASE,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '15s',
  scheduleToCloseTimeout: '1h',
};

/** Stages that touch staged chunks run on the store's queue; a crash is found by the missing heartbeat, not by the long time-out. */
export function stagePolicy(plan: RunPlan): ActivityOptions {
  return {
    ...BASE,
    taskQueue: plan.storeQueue,
    startToCloseTimeout: '12h',
    heartbeatTimeout: plan.heartbeatMs,
    scheduleToStartTimeout: plan.storeTimeoutMs,
    scheduleToCloseTimeout: '24h',
  };
}

/** As FINISH, on the store's queue. */
export function finishPolicy(plan: RunPlan): ActivityOptions {
  return {
    ...FINISH,
    taskQueue: plan.storeQueue,
    heartbeatTimeout: plan.heartbeatMs,
    scheduleToStartTimeout: plan.storeTimeoutMs,
  };
}
