import type { temporal } from '@temporalio/proto';

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

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

export interface StagedSpan {
  readonly stage: string;
  readonly span: ActivitySpan;
}
