import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { ActivitySpan, HistoryEvent, StagedSpan } from './activity-span.js';
import { awaitedChildren, waitsForTurn } from './awaited-children.js';

/** All activities of one name, in the order in which they were scheduled. */
export interface StageSpans {
  readonly stage: string;
  readonly spans: readonly ActivitySpan[];
}

/** Executions that are read; the beginning of a run that continued as new more often is left out. */
const MOST_LINKS = 200;

/**
 * The activities of a run and of workflows that it waits for, stage by stage in the order in which they began, across
 * all executions it was continued in. The wait for another run's turn is a stage as well.
 */
export async function runTimeline(client: Client, workflowId: string, runId: string): Promise<StageSpans[]> {
  const stages = new Map<string, ActivitySpan[]>();
  for await (const { stage, span } of spansOfRun(client, workflowId, runId))
    stages.set(stage, [...(stages.get(stage) ?? []), span]);
  const begun = ({ spans }: StageSpans): number => Math.min(...spans.map(({ scheduledAt }) => scheduledAt));
  return [...stages].map(([stage, spans]) => ({ stage, spans })).sort((one, other) => begun(one) - begun(other));
}

async function* spansOfRun(client: Client, workflowId: string, runId: string): AsyncGenerator<StagedSpan> {
  for (const events of await executionsOf(client, workflowId, runId)) {
    yield* spansOf(events);
    yield* waitsForTurn(events);
    for (const child of awaitedChildren(events)) {
      try {
        for (const own of await executionsOf(client, child.workflowId, child.runId)) yield* spansOf(own);
      } catch (error) {
        // its history may be removed before that of its parent
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        yield { stage: child.type, span: child.span };
      }
    }
  }
}

/** The events of each execution, the oldest first. */
async function executionsOf(client: Client, workflowId: string, runId: string): Promise<HistoryEvent[][]> {
  const executions: HistoryEvent[][] = [];
  let link: string | undefined = runId;
  while (link !== undefined && executions.length < MOST_LINKS) {
    const { events } = await client.workflow.getHandle(workflowId, link).fetchHistory();
    executions.unshift(events ?? []);
    link = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  }
  return executions;
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

function* spansOf(events: readonly HistoryEvent[]): Generator<StagedSpan> {
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
