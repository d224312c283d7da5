import type { StepCounts } from './part-report.js';
import type { StepId } from './kinds.js';

export interface StageProgress {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Units finished, and how many there are once that is known. */
  readonly done: number;
  readonly total?: number;
  readonly records: number;
  readonly failures: number;
  /**
   * When it began and when anything in it last changed, milliseconds since the epoch: the rate is computed from them.
   */
  readonly startedAt: number;
  readonly changedAt: number;
}

/** Answer of the `progress` query: plain JSON, small. */
export interface Progress {
  readonly state: 'preparing' | 'running' | 'finishing' | 'closed';
  /** Set while nothing new is begun, until the run is resumed. */
  readonly paused?: true;
  readonly service?: string;
  readonly pipelineRunId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly stages: readonly StageProgress[];
  /** What the report's steps have counted so far; those that counted nothing are absent. */
  readonly steps: Readonly<Partial<Record<StepId, StepCounts>>>;
}
