import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** True while the workflow whose first execution has this run id is running, also after it continued as new. */
export async function isRunning(client: Client, workflowId: string, firstRunId: string): Promise<boolean> {
  try {
    const latest = await client.workflow
      .getHandle(workflowId, undefined, { firstExecutionRunId: firstRunId })
      .describe();
    if (latest.status.name !== 'RUNNING') return false;
    return latest.raw.workflowExecutionInfo?.firstRunId === firstRunId || latest.runId === firstRunId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
