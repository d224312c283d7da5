import { workflowInfo } from '@temporalio/workflow';
import type { WorkflowKind } from '../contract/kinds.js';
import type { RunIdentity } from '../contract/run-plan.js';
import { parseAsOf, type WorkflowInput } from './input.js';

/** Set by the server on runs that a schedule starts: their nominal time. */
const SCHEDULED_AT = 'TemporalScheduledStartTime';

/** The run's identity, from the first execution. A run that continues as new brings it along. */
export function makeIdentity(kind: WorkflowKind, input: WorkflowInput): RunIdentity {
  if (input.continued !== undefined) return input.continued.identity;
  const info = workflowInfo();
  const startedAt = info.startTime.getTime();
  const scheduledAt = info.typedSearchAttributes.getAll().find(({ key }) => key.name === SCHEDULED_AT)?.value;
  const nominal = scheduledAt instanceof Date ? scheduledAt.getTime() : startedAt;
  return {
    workflowId: info.workflowId,
    pipelineRunId: info.firstExecutionRunId,
    startedAt,
    anchor: input.asOf === undefined ? nominal : parseAsOf(input.asOf),
    kind,
    ...(input.askedFor === undefined ? {} : { askedFor: input.askedFor }),
  };
}
