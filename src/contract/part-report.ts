import type { StepId } from './kinds.js';

export interface Failure {
  /** FQN, or the name as the source gives it. */
  readonly entity: string;
  /** One message, redacted, at most `FAILURE_TEXT` characters. */
  readonly error: string;
}

/** Counts of one step, additive: two parts of a run are merged by adding them. */
export interface StepCounts {
  /** Records the step passed on. */
  readonly records: number;
  /** Of the sink: entities patched after they were written. */
  readonly updated: number;
  /** Of the sink: not sent or skipped because the catalog already has them like that. */
  readonly unchanged: number;
  /** Of the sink: marked deleted. */
  readonly deleted: number;
  readonly filtered: number;
  readonly warnings: number;
  readonly errors: number;
  /** Statements sent to the source, and their wall time in milliseconds. */
  readonly statements: number;
  readonly sourceMs: number;
  /** Requests sent to OpenMetadata, and their wall time in milliseconds. */
  readonly requests: number;
  readonly sinkMs: number;
}

export const NO_COUNTS: StepCounts = {
  records: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  filtered: 0,
  warnings: 0,
  errors: 0,
  statements: 0,
  sourceMs: 0,
  requests: 0,
  sinkMs: 0,
};

/** What one step did in a part of a run. */
export interface StepPart {
  readonly counts: StepCounts;
  /** At most `INLINE_FAILURES`; `errors` of the counts tells how many there are. */
  readonly failures: readonly Failure[];
}

/** Tests by their outcome. */
export interface TestTally {
  readonly success: number;
  readonly failed: number;
  readonly aborted: number;
}

/** Part of a run's report: of a chunk, a unit, a stage. Plain JSON, additive. */
export interface PartReport {
  /** Steps that counted nothing are absent. */
  readonly steps: Readonly<Partial<Record<StepId, StepPart>>>;
  /** Warnings and facts users should know, at most `INLINE_FAILURES`. */
  readonly notes: readonly string[];
  /** Of data quality; absent where no test ran. */
  readonly tests?: TestTally;
  /** Something that no count shows keeps the run from being a success; a note says what. */
  readonly incomplete?: boolean;
  /** What made it `incomplete`, at most `REASONS`: named in the pipeline status. */
  readonly reasons?: readonly Failure[];
  /**
   * FQNs of scopes whose listing or deletions are in doubt, at most `REASONS`, else `EVERYTHING`: the next run doesn't
   * rely on them.
   */
  readonly questioned?: readonly string[];
}

/** Most reasons and questioned scopes that are kept. */
export const REASONS = 50;
/** Means every scope of the run. */
export const EVERYTHING = '*';

export const NO_PART: PartReport = { steps: {}, notes: [] };

/** Longest message of one failure or note, in characters; longer ones end in `…`. */
export const FAILURE_TEXT = 500;
/** Failures and notes kept inline for a whole run; the rest is counted and is in the worker's log. */
export const INLINE_FAILURES = 100;
