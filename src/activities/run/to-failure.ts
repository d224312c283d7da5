import { ApplicationFailure } from '@temporalio/common';
import { IngestionError, RecipeError, TransientError, type RecipeProblem } from '../../errors/index.js';
import { redact } from '../../secrets/index.js';

/** Attempts in a row without progress before a transient error counts as permanent: about a quarter of an hour of back-off. */
const PATIENCE = 20;
/** The same for errors that nobody foresaw: a bug does not mend itself, a full disk may. */
const PATIENCE_UNFORESEEN = 5;

/**
 * An error as Temporal's, with what is retried, and the text that enters the history, without secrets.
 *
 * Who retries what: a request or statement that fails for a moment is repeated at once where it is made, a few times within seconds. What
 * still fails ends the attempt, and Temporal waits and starts the next one, where people see it; an attempt that made progress counts anew.
 * Pressure (429) is neither: stages that publish answer with how long to wait, and the workflow waits with fewer lanes.
 * @param tries attempts since the last progress, this one included
 * @param since when the activity was scheduled first, milliseconds: a failure that is tried again says since when
 */
export function toFailure(error: unknown, tries: number, since?: number): ApplicationFailure {
  if (error instanceof IngestionError) {
    const transient = error.consequence === 'transient';
    const givenUp = transient && tries >= PATIENCE;
    const failure = {
      type: error.name,
      message: redact(error.describe()) + (transient ? fateOf(givenUp, tries, since) : ''),
      nonRetryable: !transient || givenUp,
      details: error instanceof RecipeError ? [refusal(error)] : [],
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

/** What people who look at the run want to know besides: since when it waits, or that it waits no more. */
function fateOf(givenUp: boolean, tries: number, since: number | undefined): string {
  if (givenUp) return ` Given up after ${tries} attempts without progress.`;
  return since === undefined ? '' : ` Waiting since ${new Date(since).toISOString().slice(0, 19)}Z.`;
}

function refusal({ problems, kind }: RecipeError): object {
  return { problems: problems.map(redacted), ...(kind === undefined ? {} : { kind }) };
}

function redacted(problem: RecipeProblem): RecipeProblem {
  return { ...problem, message: redact(problem.message) };
}
