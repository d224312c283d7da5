import { isGrpcServiceError, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { z } from 'zod';
import { KIND_NAMES } from '../contract/kinds.js';
import type { RunReport } from '../report/index.js';
import type { Progress } from '../contract/progress.js';
import { RecipeRefusedError, RunFailedError, RunNotFoundError, RunStoppedError } from './run-errors.js';

const step = z.looseObject({
  name: z.string(),
  records: z.number(),
  errors: z.number(),
  failures: z.array(z.unknown()),
});
const report = z.looseObject({
  workflow: z.string(),
  service: z.string(),
  state: z.enum(['success', 'partialSuccess', 'failed', 'stopped']),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(step),
  notes: z.array(z.string()),
});
/** A refusal says which kind runs the recipe, if only that was wrong. */
const refusal = z.looseObject({ kind: z.enum(KIND_NAMES).optional() });
const progress = z.looseObject({
  state: z.enum(['preparing', 'running', 'finishing', 'closed']),
  startedAt: z.number(),
  stages: z.array(z.looseObject({ name: z.string(), done: z.number(), records: z.number(), failures: z.number() })),
});

/** Whether a value received from Temporal is a run's report. */
export function isRunReport(value: unknown): value is RunReport {
  return report.safeParse(value).success;
}

/** Whether a value received from Temporal is an answer of the `progress` query. */
export function isProgress(value: unknown): value is Progress {
  return progress.safeParse(value).success;
}

/** gRPC codes of a server that is away for a while, busy, or restarting. */
const AWAY_CODES: ReadonlySet<number> = new Set([4, 8, 10, 13, 14]);

/** True for an error that only says that Temporal could not be asked, and nothing about the run. */
export function isAway(error: unknown): boolean {
  return error instanceof ServiceError && isGrpcServiceError(error.cause) && AWAY_CODES.has(error.cause.code);
}

/** Turns what `handle.result()` rejects with into the client's own errors; others are returned as they are. */
export function runError(error: unknown, workflowId: string, namespace: string): unknown {
  if (error instanceof WorkflowNotFoundError) return new RunNotFoundError(workflowId, namespace);
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return new RunStoppedError(workflowId, 'cancelled');
  if (cause instanceof TerminatedFailure) return new RunStoppedError(workflowId, 'terminated');
  if (cause instanceof TimeoutFailure) return new RunStoppedError(workflowId, 'timed out');
  if (cause instanceof ApplicationFailure) {
    if (cause.type === 'RecipeError')
      return new RecipeRefusedError(workflowId, cause.message, refusal.safeParse(cause.details?.[0]).data?.kind);
    const detail: unknown = cause.details?.[0];
    return new RunFailedError(workflowId, cause.message, isRunReport(detail) ? detail : undefined);
  }
  return new RunFailedError(workflowId, cause?.message ?? error.message);
}
