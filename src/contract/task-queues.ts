/** Where runs start: workflow tasks, and what is done before a run has a staging store. */
export const DEFAULT_TASK_QUEUE = 'openmetadata-ingestion';

/** The queues of one staging store: only workers that can reach its chunks poll them. */
export interface StoreQueues {
  /** For stages that read the source, or turn chunks into chunks. */
  readonly work: string;
  /** For parsing SQL, which only takes processors: separate workers may do it. */
  readonly parse: string;
  /** For publishing and reporting, with its own slots: reading never starves it. */
  readonly publish: string;
  /** For a question that a worker can answer even when all its slots are taken. */
  readonly alive: string;
  /** The same for workers that parse. */
  readonly parseAlive: string;
}

/** The queue on which the workers of a store's queue answer even when they have no free slot. */
export function aliveQueueOf(queue: string): string {
  if (queue.endsWith('.alive')) return queue;
  return `${queue.replace(/\.publish$/, '')}.alive`;
}

/** What `--stages` names of the tasks of a queue. */
export function stagesOf(queue: string): 'parse' | 'io' {
  return /\.parse(\.alive)?$/.test(queue) ? 'parse' : 'io';
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
