import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { PROGRESS_QUERY } from '../contract/names.js';
import type { RunningExecution } from '../contract/shared-load.js';
import type { Progress } from '../contract/progress.js';

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

/** True when exactly this execution is over or no longer known. */
export async function isOver(client: Client, { workflowId, runId }: RunningExecution): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).describe()).status.name !== 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

/** A worker that is there answers well within this time, milliseconds. */
const QUERY_MS = 5_000;

/** How far that run has come; undefined when it is over. */
export async function progressOf(
  client: Client,
  workflowId: string,
  firstRunId: string
): Promise<Progress | undefined> {
  const handle = client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: firstRunId });
  const progress = await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<Progress>(PROGRESS_QUERY));
  return progress.state === 'closed' || progress.pipelineRunId !== firstRunId ? undefined : progress;
}
