import type { JournalLine } from './journal.js';
import type { WorkflowKind } from './kinds.js';

export interface ExplainInput {
  /** Of a database, a schema, a table, a procedure or a test case. */
  readonly fqn: string;
}

/** What the journals of a service's runs have about one entity. */
export interface Explanation {
  readonly fqn: string;
  /** Staging store that was read: a run of a worker with another one is not known here. */
  readonly store: string;
  /** The journals that are kept (three a kind), by kind, the newest first. */
  readonly runs: readonly ExplainedRun[];
  /** Where none of them met the name: the one of the last metadata run that it was most likely meant to be. */
  readonly nearest?: string;
}

export interface ExplainedRun {
  readonly kind: WorkflowKind;
  /** pipelineRunId */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Empty: the run met nothing of this name. */
  readonly lines: readonly JournalLine[];
  /** Lines beyond those. */
  readonly more: number;
}
