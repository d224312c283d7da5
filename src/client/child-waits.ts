import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { failingTask } from './failing-task.js';
import { awaitedPublisher } from './awaited-publisher.js';
import { runWaits, type RunWait } from './run-waits.js';
import { taskWaits, workerWaits } from './worker-waits.js';

/** A run has one at a time; a workflow that is none of this worker's may have thousands. */
const MOST_CHILDREN = 4;

/**
 * What the workflows wait for that the run waits for itself: one that it has begun, or the one that sends usage of the
 * same service for another run.
 */
export async function childWaits(
  client: Client,
  description: WorkflowExecutionDescription
): Promise<readonly RunWait[]> {
  const children = (description.raw.pendingChildren ?? [])
    .slice(0, MOST_CHILDREN)
    .map((child) => waitsOf(client, child.workflowId ?? '', child.runId ?? undefined));
  const publisher = await awaitedPublisher(client, description);
  const others = publisher === undefined ? [] : await waitsOf(client, publisher);
  return [
    ...(await Promise.all(children)).flat(),
    ...others.map((wait) =>
      wait.activity === publisher ? wait : { ...wait, activity: `${wait.activity} of ${publisher}` }
    ),
  ];
}

async function waitsOf(client: Client, workflowId: string, runId?: string): Promise<readonly RunWait[]> {
  try {
    const description = await client.workflow.getHandle(workflowId, runId).describe();
    // the newest one of that id may be over
    if (description.status.name !== 'RUNNING') return [];
    return [
      ...(await failingTask(client, description)),
      ...taskWaits(description),
      ...(await runWaits(description, client.options.loadedDataConverter)),
      ...(await workerWaits(client, description)),
    ];
  } catch (error) {
    // It may have ended just now.
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}
