import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { failingTask } from './failing-task.js';
import { runWaits, type RunWait } from './run-waits.js';

/** A run has one at a time; a workflow that is none of this worker's may have thousands. */
const MOST_CHILDREN = 4;

/** What the workflows wait for that the run has begun and waits for itself: usage is sent by one. */
export async function childWaits(
  client: Client,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>
): Promise<readonly RunWait[]> {
  const children = (raw.pendingChildren ?? []).slice(0, MOST_CHILDREN).map(async (child): Promise<RunWait[]> => {
    const handle = client.workflow.getHandle(child.workflowId ?? '', child.runId ?? undefined);
    try {
      const description = await handle.describe();
      return [
        ...(await failingTask(client, description)),
        ...(await runWaits(description, client.options.loadedDataConverter)),
      ];
    } catch (error) {
      // It may have ended just now.
      if (error instanceof WorkflowNotFoundError) return [];
      throw error;
    }
  });
  return (await Promise.all(children)).flat();
}
