import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

/** A worker that waits for a task asks again at least this often; the server remembers pollers for five minutes. */
const LONG_POLL_MS = 70_000;

/** A worker that asks for tasks. */
export interface Poller {
  /** `om-ingest 1.2.0`; undefined of a worker without one. */
  readonly version: string | undefined;
}

/** `TASK_QUEUE_TYPE_WORKFLOW` and `TASK_QUEUE_TYPE_ACTIVITY`. */
const TYPES = { workflow: 1, activity: 2 } as const;

/** The workers of a queue that are there: those that ask for tasks of workflows or of activities. */
export async function recentPollers(
  client: Client,
  taskQueue: string,
  of: keyof typeof TYPES = 'workflow'
): Promise<readonly Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TYPES[of],
  });
  const since = Date.now() - LONG_POLL_MS;
  return (pollers ?? [])
    .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since)
    .map(({ deploymentOptions: options }) => ({
      version:
        options?.workerVersioningMode ===
        proto.temporal.api.enums.v1.WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
          ? `${options.deploymentName ?? ''} ${options.buildId ?? ''}`.trim()
          : undefined,
    }));
}

/** Versions of a queue's workers, where each has one: a run that has none yet waits for one of them to be current. */
export async function versionsThere(client: Client, taskQueue: string): Promise<readonly string[]> {
  const versions = (await recentPollers(client, taskQueue)).map(({ version }) => version);
  return versions.every((version) => version !== undefined) ? [...new Set(versions)].sort() : [];
}
