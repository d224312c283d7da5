/** Where runs start: workflow tasks and what is done before a run has a staging store. */
export const DEFAULT_TASK_QUEUE = 'openmetadata-ingestion';

/** The queues of one staging store: only workers that reach its chunks poll them. */
export interface StoreQueues {
  /** What reads the source, and what turns chunks into chunks. */
  readonly work: string;
  /** What publishes and what reports, with slots of its own: reading never starves it. */
  readonly publish: string;
  /** A question to which a worker with all its slots taken still has an answer. */
  readonly alive: string;
}

export function storeQueueName(taskQueue: string, storeId: string): string {
  return `${taskQueue}.${storeId}`;
}

export function storeQueues(storeQueue: string): StoreQueues {
  return { work: storeQueue, publish: `${storeQueue}.publish`, alive: `${storeQueue}.alive` };
}
