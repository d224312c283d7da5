import type { WorkflowKind } from '../contract/kinds.js';
import type { RunReport } from '../report/index.js';

/** Thrown by `start` when a run with this id is under way. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(readonly workflowId: string) {
    super(`${workflowId} is already running. Wait for it, attach to it by its id, or cancel it first.`);
  }
}

/** Thrown by `wait` when the run ended as failed; the report says what happened. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  constructor(
    readonly workflowId: string,
    message: string,
    /** Absent when the run ended before there was anything to report. */
    readonly report?: RunReport
  ) {
    super(message);
  }
}

/** Thrown by `wait` when the worker refused the run's input or recipe. Exit code 3. */
export class RecipeRefusedError extends Error {
  override readonly name = 'RecipeRefusedError';
  constructor(
    readonly workflowId: string,
    message: string,
    /** Set when the only fault is the workflow it was given to: the kind that runs it. */
    readonly kind?: WorkflowKind
  ) {
    super(message);
  }
}

/** Thrown by `wait` when the run was ended from outside. */
export class RunStoppedError extends Error {
  override readonly name = 'RunStoppedError';
  constructor(
    readonly workflowId: string,
    readonly how: 'cancelled' | 'terminated' | 'timed out'
  ) {
    super(`${workflowId} was ${how}.`);
  }
}

/** Thrown when Temporal knows no run with this id. */
export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';
  constructor(
    readonly workflowId: string,
    readonly namespace: string
  ) {
    super(
      `Temporal knows no run ${workflowId} in the namespace ${namespace}. \`temporal workflow list\` shows those that it knows.`
    );
  }
}

/** Thrown by `om-ingest run` when it cancelled the run because it made no first contact in time. */
export class NoContactError extends Error {
  override readonly name = 'NoContactError';
  constructor(
    readonly workflowId: string,
    readonly waitedMs: number,
    readonly reason: string
  ) {
    super(
      `${workflowId} was cancelled: its first contact did not succeed within ${waitedMs / 1_000} s. ${reason} ` +
        'To wait longer: --wait 10m; runs with --detach and those of schedules wait by themselves.'
    );
  }
}
