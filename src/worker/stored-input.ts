import type { Client } from '@temporalio/client';
import { isEncrypted } from './encrypting-codec.js';

/** True when the run's input is stored encrypted; one typed into the UI never is, whatever its worker does. */
export async function inputIsEncrypted(client: Client, workflowId: string, firstRunId: string): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId: firstRunId },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return payloads.length > 0 && payloads.every(isEncrypted);
}
