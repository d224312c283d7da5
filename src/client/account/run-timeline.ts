import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { tsToMs } from '@temporalio/common/lib/time.js';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/**
 * One activity of a run with all its retries: Temporal's history has only the last attempt. Times in milliseconds since
 * the epoch.
 */
export interface ActivitySpan {
  readonly scheduledAt: number;
  /** When the last attempt began; absent if it never did. */
  readonly startedAt?: number;
  readonly endedAt: number;
  readonly attempts: number;
  readonly outcome: 'completed' | 'failed' | 'timed out' | 'cancelled';
}

/** All activities of one name, in the order in which they were scheduled. */
export interface StageSpans {
  readonly stage: string;
  readonly spans: readonly ActivitySpan[];
}

/** Executions that are read; the beginning of a run that continued as new more often is left out. */
const MOST_LINKS = 200;

/**
 * The activities of a run, stage by stage in the order in which they began, across all executions it was continued in.
 */
export async function runTimeline(client: Client, workflowId: string, runId: string): Promise<StageSpans[]> {
  const executions: HistoryEvent[][] = [];
  let link: string | undefined = runId;
  while (link !== undefined && executions.length < MOST_LINKS) {
    const { events } = await client.workflow.getHandle(workflowId, link).fetchHistory();
    executions.unshift(events ?? []);
    link = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  const stages = new Map<string, ActivitySpan[]>();
  for (const events of executions)
    for (const { stage, span } of spansOf(events)) stages.set(stage, [...(stages.get(stage) ?? []), span]);
  return [...stages].map(([stage, spans]) => ({ stage, spans }));
}

interface OpenActivity {
  readonly stage: string;
  readonly scheduledAt: number;
  startedAt?: number;
  attempts: number;
}

const ENDS = [
  ['completed', 'activityTaskCompletedEventAttributes'],
  ['failed', 'activityTaskFailedEventAttributes'],
  ['timed out', 'activityTaskTimedOutEventAttributes'],
  ['cancelled', 'activityTaskCanceledEventAttributes'],
] as const;

function* spansOf(events: readonly HistoryEvent[]): Generator<{ stage: string; span: ActivitySpan }> {
  const open = new Map<string, OpenActivity>();
  for (const event of events) {
    const at = tsToMs(event.eventTime);
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled)
      open.set(String(event.eventId), { stage: scheduled.activityType?.name ?? '?', scheduledAt: at, attempts: 0 });
    const started = event.activityTaskStartedEventAttributes;
    const begun = started ? open.get(String(started.scheduledEventId)) : undefined;
    if (started && begun !== undefined) {
      begun.startedAt = at;
      begun.attempts = started.attempt ?? 1;
    }
    for (const [outcome, attributes] of ENDS) {
      const ended = event[attributes];
      const key = ended ? String(ended.scheduledEventId) : undefined;
      const activity = key === undefined ? undefined : open.get(key);
      if (key === undefined || activity === undefined) continue;
      open.delete(key);
      yield { stage: activity.stage, span: { ...withoutStage(activity), endedAt: at, outcome } };
    }
  }
}

function withoutStage({ scheduledAt, startedAt, attempts }: OpenActivity): Omit<ActivitySpan, 'endedAt' | 'outcome'> {
  return { scheduledAt, attempts, ...(startedAt === undefined ? {} : { startedAt }) };
}
