import type { DataConverter } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { storeQueues } from '../contract/task-queues.js';
import type { WorkerSettings } from './settings.js';
import { workflowSource } from './workflow-bundle.js';

/** Slots for what is done before a run has a store, and after it lost it: short, and never behind a long stage. */
const START_SLOTS = 2;

type QueueOptions = Pick<
  WorkerOptions,
  | 'taskQueue'
  | 'activities'
  | 'workflowBundle'
  | 'workflowsPath'
  | 'maxCachedWorkflows'
  | 'maxConcurrentActivityTaskExecutions'
  | 'maxConcurrentActivityTaskPolls'
  | 'maxTaskQueueActivitiesPerSecond'
  | 'tuner'
>;

/**
 * The queues of a worker process, each with slots of its own: what waits on one never keeps another waiting. The concurrency counts what reads
 * sources and staged chunks, and once more what publishes, which opens no connection to a source.
 */
export function queuesOf(
  settings: WorkerSettings,
  storeQueue: string,
  activities: Activities,
  converter: DataConverter
): QueueOptions[] {
  const queues = storeQueues(storeQueue);
  return [
    {
      taskQueue: settings.taskQueue,
      ...workflowSource(converter),
      activities,
      maxCachedWorkflows: settings.cachedWorkflows,
      maxConcurrentActivityTaskExecutions: START_SLOTS,
    },
    { taskQueue: queues.work, activities, ...storeSlots(settings) },
    { taskQueue: queues.publish, activities, ...storeSlots(settings) },
    {
      taskQueue: queues.alive,
      activities: { sayAlive: activities.sayAlive },
      maxConcurrentActivityTaskExecutions: 1,
      maxConcurrentActivityTaskPolls: 1,
    },
  ];
}

function storeSlots({ concurrency, tuner, activitiesPerSecond }: WorkerSettings): Partial<QueueOptions> {
  const rate = activitiesPerSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: activitiesPerSecond };
  if (tuner === 'fixed') return { ...rate, maxConcurrentActivityTaskExecutions: concurrency };
  return {
    ...rate,
    tuner: {
      tunerOptions: { targetMemoryUsage: 0.8, targetCpuUsage: 0.9 },
      activityTaskSlotOptions: { minimumSlots: 1, maximumSlots: concurrency },
    },
  };
}
