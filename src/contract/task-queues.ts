/** Where runs start: workflow tasks and what is done before a run has a staging store. */
export const DEFAULT_TASK_QUEUE = 'openmetadata-ingestion';

/** The queues of one staging store: only workers that reach its chunks poll them. */
export interface StoreQueues {
  /** What reads the source, and what turns chunks into chunks. */
  readonly work: string;
  /** What parses SQL, which takes processors and nothing else: workers of their own may do it. */
  readonly parse: string;
  /** What publishes and what reports, with slots of its own: reading never starves it. */
  readonly publish: string;
  /** A question to which a worker with all its slots taken still has an answer. */
  readonly alive: string;
  /** The same for workers that parse. */
  readonly parseAlive: string;
}

export function storeQueueName(taskQueue: string, storeId: string): string {
  return `${taskQueue}.${storeId}`;
}

export function storeQueues(storeQueue: string): StoreQueues {
  return {
    work: storeQueue,
    parse: `${storeQueue}.parse`,
    publish: `${storeQueue}.publish`,
    alive: `${storeQueue}.alive`,
    parseAlive: `${storeQueue}.parse.alive`,
  };
}
