import type { ScheduleDescription, ScheduleSpecDescription, ScheduleSummary } from '@temporalio/client';
import { kindOfWorkflow } from '../../contract/kinds.js';
import { OVERLAP_NAMES, type OverlapPolicy } from './overlap-names.js';
import { OVERLAP_POLICIES } from './schedule-options.js';

/** A line of `list`. Temporal's list lags a second or so behind changes. */
export interface ScheduleOverview {
  readonly scheduleId: string;
  /** `metadataWorkflow`, `lineageWorkflow`. */
  readonly workflowType: string;
  /** As it was applied; empty for one that was created elsewhere and has no cron text. */
  readonly cron: readonly string[];
  readonly timeZone: string;
  readonly paused: boolean;
  readonly note?: string;
  /** The next nominal times, soonest first. */
  readonly next: readonly Date[];
  /** The last runs, oldest first. */
  readonly recent: readonly ScheduledRun[];
}

export interface ScheduledRun {
  readonly workflowId: string;
  readonly nominal: Date;
  readonly startedAt: Date;
}

/** What `show` prints. */
export interface ScheduleDetails extends ScheduleOverview {
  readonly taskQueue: string;
  /** The input of its runs. */
  readonly input: unknown;
  readonly overlap: OverlapPolicy;
  /** Milliseconds. */
  readonly catchUpMs: number;
  readonly jitterMs: number;
  readonly pauseOnFailure: boolean;
  /** Workflow ids of runs under way. */
  readonly running: readonly string[];
  readonly taken: number;
  /** Skipped because an earlier run was going. */
  readonly skipped: number;
  /** Missed by more than the catch-up window. */
  readonly missed: number;
}

/** Undefined for a schedule that isn't ours. */
export function overviewOf(summary: ScheduleSummary): ScheduleOverview | undefined {
  const workflowType = summary.action?.workflowType;
  if (workflowType === undefined || kindOfWorkflow(workflowType) === undefined) return undefined;
  return {
    scheduleId: summary.scheduleId,
    workflowType,
    ...timesOf(summary.spec),
    ...stateOf(summary.state),
    next: summary.info.nextActionTimes,
    recent: summary.info.recentActions.map(runOf),
  };
}

export function detailsOf({ scheduleId, action, spec, state, info, policies }: ScheduleDescription): ScheduleDetails {
  return {
    scheduleId,
    workflowType: action.workflowType,
    taskQueue: action.taskQueue,
    input: action.args?.[0],
    ...timesOf(spec),
    ...stateOf(state),
    overlap: overlapName(policies.overlap),
    catchUpMs: policies.catchupWindow,
    jitterMs: spec.jitter ?? 0,
    pauseOnFailure: policies.pauseOnFailure,
    next: info.nextActionTimes,
    recent: info.recentActions.map(runOf),
    running: info.runningActions.map((each) => each.workflow.workflowId),
    taken: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}

/** Temporal turns cron text into calendars; `apply` leaves the text in their comment. */
function timesOf(spec: ScheduleSpecDescription | undefined): Pick<ScheduleOverview, 'cron' | 'timeZone'> {
  const comments = (spec?.calendars ?? []).flatMap(({ comment }) => (comment === undefined ? [] : [comment]));
  const every = (spec?.intervals ?? []).map(({ every: interval }) => `@every ${interval / 1000}s`);
  return {
    cron: [...new Set(comments), ...every],
    timeZone: spec?.timezone === '' ? 'UTC' : (spec?.timezone ?? 'UTC'),
  };
}

function stateOf({ paused, note }: ScheduleSummary['state']): Pick<ScheduleOverview, 'paused' | 'note'> {
  return { paused, ...(note === undefined || note === '' ? {} : { note }) };
}

function runOf({ action, scheduledAt, takenAt }: ScheduleSummary['info']['recentActions'][number]): ScheduledRun {
  return { workflowId: action.workflow.workflowId, nominal: scheduledAt, startedAt: takenAt };
}

/** Temporal's default, also for a policy that this version doesn't know. */
function overlapName(policy: string | undefined): OverlapPolicy {
  return OVERLAP_NAMES.find((name) => OVERLAP_POLICIES[name] === policy) ?? 'Skip';
}
