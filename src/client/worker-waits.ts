import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { aliveQueueOf, stagesOf } from '../contract/task-queues.js';
import { recentPollers } from './recent-pollers.js';
import { isScheduled, timeText, toDate, workflowTaskDue, type RunWait } from './run-waits.js';

/** A worker with a free slot takes a task at once. */
const TAKEN_WITHIN_MS = 5_000;

type Described = Pick<WorkflowExecutionDescription, 'raw'>;

/**
 * First attempts of a run's activities that no worker takes: nothing has failed, so Temporal has no reason for them.
 * Later attempts have one, and `runWaits` says since when they are due.
 */
export async function workerWaits(client: Client, { raw }: Described): Promise<readonly RunWait[]> {
  const due = (raw.pendingActivities ?? [])
    .filter((pending) => isScheduled(pending) && (pending.attempt ?? 1) < 2)
    .map((pending) => ({
      activity: pending.activityType?.name ?? 'an activity',
      queue: pending.activityOptions?.taskQueue?.name ?? '',
      since: toDate(pending.scheduledTime),
    }))
    .filter(({ since }) => isLate(since));
  const reasons = new Map<string, Promise<string>>();
  const waits = due.map(async ({ activity, queue, since }): Promise<RunWait[]> => {
    if (since === undefined) return [];
    const reason = reasons.get(queue) ?? reasonOf(client, queue);
    reasons.set(queue, reason);
    return [awaitsWorker(activity, since, await reason)];
  });
  return (await Promise.all(waits)).flat();
}

/** A workflow that a run waits for, and whose own task no worker takes. */
export function taskWaits({ raw, workflowId, taskQueue }: WorkflowExecutionDescription): readonly RunWait[] {
  const since = workflowTaskDue({ raw });
  if (since === undefined || !isLate(since)) return [];
  return [
    awaitsWorker(workflowId, since, `it does not answer: no worker of its task queue ${taskQueue} takes its next task`),
  ];
}

function awaitsWorker(activity: string, since: Date, reason: string): RunWait {
  return { activity, reason: `${reason}. Waiting since ${timeText(since)}.`, attempts: 0, dueSince: since };
}

function isLate(since: Date | undefined): boolean {
  return since !== undefined && Date.now() - since.getTime() >= TAKEN_WITHIN_MS;
}

async function reasonOf(client: Client, queue: string): Promise<string> {
  const isThere =
    queue === '' ||
    (await hasPollers(client, queue, 'activity')) ||
    // one whose slots are all taken asks for no activities, and yet for these
    (await hasPollers(client, aliveQueueOf(queue), 'activity')) ||
    (await hasPollers(client, queue, 'workflow'));
  return isThere
    ? `no worker has taken it: those of ${queue === '' ? 'its task queue' : queue} have no free slot, or are gone`
    : `no worker takes tasks from ${queue}: start one on the same staging store with \`--stages ${stagesOf(queue)}\` or \`--stages all\` (the default)`;
}

async function hasPollers(client: Client, queue: string, of: 'activity' | 'workflow'): Promise<boolean> {
  return (await recentPollers(client, queue, of)).length > 0;
}
