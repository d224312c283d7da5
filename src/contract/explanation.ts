import type { JournalLine } from './journal.js';
import type { WorkflowKind } from './kinds.js';

export interface ExplainInput {
  /** Of a database, schema, table, procedure or test case. */
  readonly fqn: string;
}

/** What the journals of a service's runs say about one entity. */
export interface Explanation {
  readonly fqn: string;
  /** The staging store that was read: runs of workers with another store are not known here. */
  readonly store: string;
  /** The journals that are kept, three per kind, newest first. */
  readonly runs: readonly ExplainedRun[];
  /** If none of them has the name: the most similar one of the last metadata run. */
  readonly nearest?: string;
}

export interface ExplainedRun {
  readonly kind: WorkflowKind;
  /** pipelineRunId */
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Empty: the run came across nothing with this name. */
  readonly lines: readonly JournalLine[];
  /** Number of lines beyond those, but for statements that used it. */
  readonly more: number;
  /** Number of statements that used it beyond those; absent for none. */
  readonly moreTexts?: number;
}
