import { availableParallelism } from 'node:os';
import type { DataConverter } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { storeQueues, type StoreQueues } from '../contract/task-queues.js';
import type { WorkerSettings } from './settings.js';
import { workflowSource } from './workflow-bundle.js';

/**
 * Slots for what is done before a run has a store and after it has lost one: short tasks that never wait for a long
 * stage.
 */
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
 * The queues of a worker process, each with its own slots: what waits on one never keeps another waiting. The
 * concurrency counts what reads sources and staged chunks, and once more what publishes, which opens no connection to a
 * source.
 */
export function queuesOf(
  settings: WorkerSettings,
  storeQueue: string,
  activities: Activities,
  converter: DataConverter
): QueueOptions[] {
  const queues = storeQueues(storeQueue);
  const { stages } = settings;
  return [
    ...(stages === 'parse' ? [] : runQueues(settings, queues, activities, converter)),
    ...(stages === 'io' ? [] : parseQueues(settings, queues, activities)),
  ];
}

function runQueues(
  settings: WorkerSettings,
  queues: StoreQueues,
  activities: Activities,
  converter: DataConverter
): QueueOptions[] {
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
    aliveQueue(queues.alive, activities),
  ];
}

/** No more at once than there are processors: all of a worker's parsing shares one pool of threads. */
function parseQueues(settings: WorkerSettings, queues: StoreQueues, activities: Activities): QueueOptions[] {
  const slots = Math.min(settings.concurrency, Math.max(2, availableParallelism()));
  return [
    { taskQueue: queues.parse, activities, ...storeSlots({ ...settings, concurrency: slots }) },
    aliveQueue(queues.parseAlive, activities),
  ];
}

function aliveQueue(taskQueue: string, { sayAlive }: Activities): QueueOptions {
  return {
    taskQueue,
    activities: { sayAlive },
    maxConcurrentActivityTaskExecutions: 1,
    maxConcurrentActivityTaskPolls: 1,
  };
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
