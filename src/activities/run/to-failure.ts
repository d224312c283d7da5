import { ApplicationFailure } from '@temporalio/common';
import { FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from '../../contract/waits.js';
import { harmlessLine, IngestionError, RecipeError, TransientError, type RecipeProblem } from '../../errors/index.js';
import { redactAndCut } from '../../secrets/index.js';

/**
 * Attempts in a row without progress before a transient error counts as permanent: about a quarter of an hour of
 * back-off.
 */
const PATIENCE = 20;
/** The same for the last word of a run, which tells people the truth: about as long as the activity may take. */
const PATIENCE_AT_END = 60;
const ENDS: ReadonlySet<string> = new Set(['finishRun', 'failRun']);
/** The same for unforeseen errors: a bug doesn't fix itself, a full disk may. */
const PATIENCE_UNFORESEEN = 5;

/**
 * Most characters of a message and of each problem of a recipe: with its details a failure stays below 64 KiB, which
 * Temporal always accepts.
 */
const MOST_MESSAGE = 4_000;
const MOST_PROBLEM = 1_000;
const MOST_PATH = 500;
const MOST_PROBLEMS = 21;
/** Of all problems as JSON, in which a control character takes six bytes and a Chinese one three. */
const MOST_BYTES = 32 * 1024;
const TOO_LONG = ' That is longer than this stage may take altogether.';

export interface FailedActivity {
  /** Its first failure since it last made progress, milliseconds: a failure that will be retried says since when. */
  readonly since?: number | undefined;
  /** When it was scheduled first, milliseconds. */
  readonly scheduledAt?: number | undefined;
  /** How long all attempts together may take from then on: a wait that goes beyond it is not begun. */
  readonly limitMs?: number | undefined;
  /** Its name: what reports the end of a run is tried longer. */
  readonly activity?: string | undefined;
}

/**
 * Turns an error into Temporal's: whether it is retried, and a message for the history without secrets.
 *
 * Who retries what: a request or statement that fails for a moment is repeated at once by its caller, a few times
 * within seconds. If it still fails, the attempt ends; Temporal waits and starts the next one, where people see it.
 * After progress the count starts again. A call that adds up (counts of usage) is not repeated blindly: its caller
 * waits, asks what arrived, and sends what is missing; only after several of these the attempt ends. Pressure (429) is
 * neither: stages that publish answer with how long to wait, and the workflow waits with fewer lanes.
 * @param tries attempts since the last progress, this one included
 */
export function toFailure(
  error: unknown,
  tries: number,
  { since, scheduledAt, limitMs, activity = '' }: FailedActivity = {}
): ApplicationFailure {
  if (error instanceof IngestionError) {
    const transient = error.consequence === 'transient';
    const asked = error instanceof TransientError ? error.retryAfterMs : undefined;
    // a short wait, asked for again and again, must not use up the attempts within seconds
    const wait = asked === undefined || asked <= backOff(tries) ? undefined : asked;
    const tooLong = isBeyond(wait, scheduledAt, limitMs);
    const givenUp = transient && (tooLong || tries >= (ENDS.has(activity) ? PATIENCE_AT_END : PATIENCE));
    const failure = {
      type: error.name,
      message: sentences(
        redactAndCut(error.describe(), MOST_MESSAGE),
        (tooLong ? TOO_LONG : '') + (transient ? fateOf(givenUp, tries, since, wait) : '')
      ),
      nonRetryable: !transient || givenUp,
      details: error instanceof RecipeError ? [refusal(error)] : [],
    };
    return ApplicationFailure.create(wait === undefined ? failure : { ...failure, nextRetryDelay: wait });
  }
  const message = harmlessLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return ApplicationFailure.create({
    type: 'InternalError',
    message: redactAndCut(message, MOST_MESSAGE),
    nonRetryable: tries >= PATIENCE_UNFORESEEN,
  });
}

/** Messages of servers often end without a full stop. */
function sentences(message: string, more: string): string {
  return more === '' || /[.!?…]$/.test(message) ? message + more : `${message}.${more}`;
}

/** What Temporal waits by itself before the next attempt, at least: it counts the attempts before the progress too. */
function backOff(tries: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (tries - 1));
}

/** What people who look at the run also want to know: since when it has waited, or that it waits no longer. */
function fateOf(givenUp: boolean, tries: number, since: number | undefined, wait: number | undefined): string {
  if (givenUp) return ` Given up after ${tries} attempts without progress.`;
  const asked = wait === undefined ? '' : ` The next try is in ${Math.ceil(wait / 1_000)} s, as it asks.`;
  return since === undefined ? asked : `${asked} Waiting since ${new Date(since).toISOString().slice(0, 19)}Z.`;
}

/** True when the activity's time would be up before the next attempt. */
function isBeyond(wait: number | undefined, begunAt: number | undefined, limitMs: number | undefined): boolean {
  return wait !== undefined && begunAt !== undefined && limitMs !== undefined && Date.now() + wait > begunAt + limitMs;
}

function refusal({ problems, kind }: RecipeError): object {
  let left = MOST_BYTES;
  const told = problems
    .slice(0, MOST_PROBLEMS)
    .map(redacted)
    .filter((each) => (left -= Buffer.byteLength(JSON.stringify(each))) >= 0);
  return { problems: told, ...(kind === undefined ? {} : { kind }) };
}

function redacted(problem: RecipeProblem): RecipeProblem {
  return {
    ...problem,
    path: redactAndCut(problem.path, MOST_PATH),
    message: redactAndCut(problem.message, MOST_PROBLEM),
  };
}
