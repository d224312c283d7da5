import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { KIND_NAMES, factsOf, kindOfWorkflow } from '../contract/kinds.js';
import { SIDE_WORKFLOWS } from '../contract/names.js';
import { didYouMean, harmlessLine, listed } from '../errors/index.js';
import { redact } from '../secrets/index.js';
import { reasonOf, toDate, type RunWait } from './run-waits.js';

/** What such a wait is called where others have the name of their activity. */
export const WORKFLOW_TASK = 'its workflow task';

/** Newest events of the run that are looked at: a failure is followed by the signals that came since. */
const LOOKED_AT = 100;

const OTHERS: ReadonlySet<string> = new Set(Object.values(SIDE_WORKFLOWS));

const REMEDY =
  'A worker of another build, or without the encryption key, has the run: stop that worker, and the run goes on by itself at a right one.';

/** Its code can't hear of the request. */
export function endsByTerminate(workflowId: string): string {
  return `Cancelling has no effect as long as that lasts: \`temporal workflow terminate --workflow-id ${workflowId}\` ends it.`;
}

/** What to do, by the type of the workflow: one that no build has was mistyped. */
export function remedyFor(type: string, workflowId: string): string {
  const ends = endsByTerminate(workflowId);
  if (kindOfWorkflow(type) !== undefined || OTHERS.has(type)) return `${REMEDY} ${ends}`;
  const types = KIND_NAMES.map((kind) => factsOf(kind).workflowType);
  const name = harmlessLine(type);
  return `This release has no workflow type \`${name}\`, so it is mistyped, or of another release: start the run anew as one of ${listed(types)}.${didYouMean(name, types)} ${ends}`;
}

/**
 * A run whose workflow code can't go on (replayed by another build, unknown to the worker, payloads that can't be
 * decrypted): Temporal gives its task to workers again and again, for ever, and keeps the first failure in a row.
 * @param client to read that failure
 */
export async function failingTask(
  client: Client,
  { workflowId, runId, type, raw }: WorkflowExecutionDescription
): Promise<readonly RunWait[]> {
  const task = raw.pendingWorkflowTask;
  const attempt = task?.attempt ?? 1;
  if (task === null || task === undefined || attempt < 2) return [];
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LOOKED_AT,
  });
  // Newest first; one that was completed since is behind the run. A time-out means that no worker answered.
  const events = history?.events ?? [];
  const ended = events.find(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes
  );
  const failed = ended?.workflowTaskFailedEventAttributes;
  if (failed === null || failed === undefined) return [];
  const since = toDate(ended?.eventTime);
  const said = redact(await reasonOf(failed.failure ?? {}, client.options.loadedDataConverter));
  const next = toDate(task.scheduledTime);
  return [
    {
      activity: WORKFLOW_TASK,
      reason:
        `the worker ${failed.identity ?? ''} fails it: ${said.replace(/\.?$/, '.')} ${remedyFor(type, workflowId)}` +
        (since === undefined ? '' : ` Waiting since ${since.toISOString().slice(0, 19)}Z.`),
      attempts: attempt - 1,
      ...(next !== undefined && next.getTime() > Date.now() ? { nextAttemptAt: next } : {}),
    },
  ];
}
