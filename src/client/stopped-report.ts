import type { Client } from '@temporalio/client';
import type { RunReport } from '../report/index.js';
import { isRunReport } from './run-result.js';

/** Newest events of the run that are looked at: the report is among the last things that it does. */
const LOOKED_AT = 100;

/**
 * The report of a run that was cancelled, which Temporal keeps as the result of the activity that made it, not of the
 * run.
 * @returns undefined when it ended before it made one, or it can't be decrypted here
 */
export async function stoppedReport(client: Client, workflowId: string): Promise<RunReport | undefined> {
  const { namespace, loadedDataConverter: converter } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: LOOKED_AT,
  });
  for (const { activityTaskCompletedEventAttributes: done } of history?.events ?? []) {
    let payloads = done?.result?.payloads ?? [];
    try {
      for (const codec of converter.payloadCodecs) payloads = await codec.decode(payloads);
    } catch {
      return undefined;
    }
    for (const payload of payloads) {
      const value: unknown = converter.payloadConverter.fromPayload(payload);
      if (isRunReport(value)) return value;
    }
  }
  return undefined;
}
