import { tsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { ActivitySpan, HistoryEvent, StagedSpan } from './activity-span.js';

/** A child workflow that a run has waited for. */
export interface AwaitedChild {
  readonly type: string;
  readonly workflowId: string;
  readonly runId: string;
  /** As its parent saw it. */
  readonly span: ActivitySpan;
}

const { PARENT_CLOSE_POLICY_ABANDON } = proto.temporal.api.enums.v1.ParentClosePolicy;

const ENDS = [
  ['completed', 'childWorkflowExecutionCompletedEventAttributes'],
  ['failed', 'childWorkflowExecutionFailedEventAttributes'],
  ['failed', 'childWorkflowExecutionTerminatedEventAttributes'],
  ['timed out', 'childWorkflowExecutionTimedOutEventAttributes'],
  ['cancelled', 'childWorkflowExecutionCanceledEventAttributes'],
] as const;

/** The children of one execution. One that outlives its parent works for other runs as well, and is none of them. */
export function awaitedChildren(events: readonly HistoryEvent[]): readonly AwaitedChild[] {
  const scheduled = new Map<string, number>();
  const begun = new Map<string, Omit<AwaitedChild, 'span'> & { readonly startedAt: number }>();
  const children: AwaitedChild[] = [];
  for (const event of events) {
    const at = tsToMs(event.eventTime);
    const initiated = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (initiated && initiated.parentClosePolicy !== PARENT_CLOSE_POLICY_ABANDON)
      scheduled.set(String(event.eventId), at);
    const started = event.childWorkflowExecutionStartedEventAttributes;
    if (started && scheduled.has(String(started.initiatedEventId)))
      begun.set(String(event.eventId), {
        type: started.workflowType?.name ?? '?',
        workflowId: started.workflowExecution?.workflowId ?? '',
        runId: started.workflowExecution?.runId ?? '',
        startedAt: at,
      });
    for (const [outcome, attributes] of ENDS) {
      const ended = event[attributes];
      const child = ended ? begun.get(String(ended.startedEventId)) : undefined;
      if (!ended || child === undefined) continue;
      const { startedAt, ...named } = child;
      const scheduledAt = scheduled.get(String(ended.initiatedEventId)) ?? startedAt;
      children.push({ ...named, span: { scheduledAt, startedAt, endedAt: at, attempts: 1, outcome } });
    }
  }
  return children;
}

/** From the moment at which a child could not start, because another run had it, to that at which it did. */
export function* waitsForTurn(events: readonly HistoryEvent[]): Generator<StagedSpan> {
  const waiting = new Map<string, number>();
  const shared = new Set<string>();
  for (const event of events) {
    const at = tsToMs(event.eventTime);
    const wished = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (wished?.workflowId && wished.parentClosePolicy === PARENT_CLOSE_POLICY_ABANDON) shared.add(wished.workflowId);
    const refused = event.startChildWorkflowExecutionFailedEventAttributes?.workflowId;
    if (refused && !shared.has(refused) && !waiting.has(refused)) waiting.set(refused, at);
    const begun = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
    const since = begun ? waiting.get(begun) : undefined;
    if (!begun || since === undefined) continue;
    waiting.delete(begun);
    const span = { scheduledAt: since, startedAt: since, endedAt: at, attempts: 1, outcome: 'completed' } as const;
    yield { stage: 'wait for another run', span };
  }
}
