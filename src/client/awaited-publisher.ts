import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { USAGE_WAITING_SIGNAL } from '../contract/names.js';

/** Newest events of the run that are looked at: while it waits it signals at least once a minute. */
const LOOKED_AT = 100;

/**
 * The workflow that publishes usage of the same service for another run, while this run waits for it.
 *
 * @returns its workflow id; undefined when the run does something of its own
 */
export async function awaitedPublisher(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription
): Promise<string | undefined> {
  if ((raw.pendingActivities ?? []).length > 0 || (raw.pendingChildren ?? []).length > 0) return undefined;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LOOKED_AT,
  });
  const asked = (history?.events ?? []).find(
    ({ signalExternalWorkflowExecutionInitiatedEventAttributes: signal }) => signal?.signalName === USAGE_WAITING_SIGNAL
  );
  return asked?.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId ?? undefined;
}
