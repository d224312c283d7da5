import type { Failure, StepCounts, TestTally } from './part-report.js';

export type RunState = 'success' | 'partialSuccess' | 'failed' | 'stopped';

export interface StepReport extends StepCounts {
  /** As OpenMetadata names its steps: the connection type (`Mysql`), `Query Parser`, …, `OpenMetadata` for the sink. */
  readonly name: string;
  readonly successPercent: number;
  /** The first ones; `errors` tells how many there were. */
  readonly failures: readonly Failure[];
}

/**
 * The one report of a run: workflow result, CLI table, log, UI details and pipeline status are made from it. At most 64
 * KiB as JSON.
 */
export interface RunReport {
  readonly workflow: string;
  readonly service: string;
  readonly pipelineRunId: string;
  readonly ingestionPipelineFQN?: string;
  readonly state: RunState;
  /** Arithmetic mean of the steps' success, percent. */
  readonly successPercent: number;
  /** Milliseconds since the epoch, UTC. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** In the order the workflow kind declares. */
  readonly steps: readonly StepReport[];
  readonly notes: readonly string[];
  /** Of data quality: how many tests had which outcome. */
  readonly tests?: TestTally;
  /** Why the run isn't quite a success although no record failed: what isn't granted, what was held back. */
  readonly reasons?: readonly Failure[];
  /** What ended the run, if something did. */
  readonly error?: string;
  /** The recipe's `raiseOnError: false`: failed records don't affect the exit code. */
  readonly raiseOnError?: false;
}
