import { type ActivityExecuteInput, type ActivityInboundCallsInterceptor, type Next } from '@temporalio/worker';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { IngestionError, RecipeError, TransientError, type RecipeProblem } from '../../errors/index.js';
import { redact } from '../../secrets/index.js';
import { lastProgress } from './stage-context.js';

/** Attempts in a row without progress before a transient error counts as permanent: about a quarter of an hour of back-off. */
const PATIENCE = 20;
/** The same for errors that nobody foresaw: a bug does not mend itself, a full disk may. */
const PATIENCE_UNFORESEEN = 5;

/** The one place where the error tree becomes Temporal's: what is retried, and the text that enters the history, without secrets. */
export class ErrorInterceptor implements ActivityInboundCallsInterceptor {
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof ApplicationFailure || error instanceof CancelledFailure) throw error;
      const info = activityInfo();
      throw toFailure(error, info.attempt - lastProgress(info.heartbeatDetails));
    }
  }
}

/** @param tries attempts since the last progress, this one included. */
export function toFailure(error: unknown, tries: number): ApplicationFailure {
  if (error instanceof IngestionError) {
    const transient = error.consequence === 'transient';
    const givenUp = transient && tries >= PATIENCE;
    const failure = {
      type: error.name,
      message: redact(error.describe()) + (givenUp ? ` Given up after ${tries} attempts without progress.` : ''),
      nonRetryable: !transient || givenUp,
      details: error instanceof RecipeError ? [{ problems: error.problems.map(redacted) }] : [],
    };
    const wait = error instanceof TransientError ? error.retryAfterMs : undefined;
    return ApplicationFailure.create(wait === undefined ? failure : { ...failure, nextRetryDelay: wait });
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return ApplicationFailure.create({
    type: 'InternalError',
    message: redact(message),
    nonRetryable: tries >= PATIENCE_UNFORESEEN,
  });
}

function redacted(problem: RecipeProblem): RecipeProblem {
  return { ...problem, message: redact(problem.message) };
}
