import type { WorkflowExecutionDescription } from '@temporalio/client';
import { redact } from '../secrets/index.js';

/** An activity of a run that failed and is tried again: what the run waits for. */
export interface RunWait {
  /** `prepareRun`, `extractUnit`. */
  readonly activity: string;
  /** Why its last attempt failed, and what to do about it. */
  readonly reason: string;
  /** Attempts so far. */
  readonly attempts: number;
  /** Absent while the next attempt is under way. */
  readonly nextAttemptAt?: Date;
}

/** Times without milliseconds: people read them. */
const SECONDS = /\.\d+Z$/;

/** What a run waits for, as Temporal itself knows it: no worker has to answer. */
export function runWaits({ raw }: WorkflowExecutionDescription): readonly RunWait[] {
  return (raw.pendingActivities ?? []).flatMap((pending): RunWait[] => {
    const reason = pending.lastFailure?.message ?? '';
    const attempt = pending.attempt ?? 1;
    if (reason === '' || attempt < 2) return [];
    const next = toDate(pending.nextAttemptScheduleTime ?? pending.scheduledTime);
    const isAhead = next !== undefined && next.getTime() > Date.now();
    return [
      {
        activity: pending.activityType?.name ?? 'an activity',
        reason: redact(reason),
        attempts: attempt - 1,
        ...(isAhead ? { nextAttemptAt: next } : {}),
      },
    ];
  });
}

interface Timestamp {
  readonly seconds?: { toNumber(): number } | null;
  readonly nanos?: number | null;
}

/** Of a protobuf timestamp, whose seconds are a 64-bit number of the protobuf library. */
function toDate(timestamp: Timestamp | null | undefined): Date | undefined {
  const seconds = timestamp?.seconds?.toNumber();
  return seconds === undefined ? undefined : new Date(seconds * 1000 + (timestamp?.nanos ?? 0) / 1e6);
}

/** `waits in prepareRun: nothing listens there. Waiting since 10:00:01Z. 3 attempts, the next at 10:01:00Z`; the reason says since when. */
export function waitText({ activity, reason, attempts, nextAttemptAt }: RunWait): string {
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const next = nextAttemptAt === undefined ? 'another one is under way' : `the next at ${timeText(nextAttemptAt)}`;
  const stop = /[.!?]$/.test(reason) ? '' : '.';
  return `waits in ${activity}: ${reason}${stop} ${tries}, ${next}`;
}

function timeText(time: Date): string {
  return time.toISOString().replace(SECONDS, 'Z');
}
