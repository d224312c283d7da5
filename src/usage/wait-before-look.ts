import { FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS } from '../contract/waits.js';
import { TransientError } from '../errors/index.js';
import { unclearEnd, type UnclearEnd } from '../openmetadata/index.js';

/** Times that one count is sent; then the attempt ends. */
const MOST_TRIES = 6;
/** A longer wait that the server asks for is the next attempt's, where people see it. */
const LONGEST_ASKED_MS = 10_000;

/**
 * A call that arrives behind the look is counted twice in schema and database: no look comes sooner than a new attempt
 * would make it, and it comes much later where the server may still be at work.
 */
const SHORTEST_MS: Readonly<Record<UnclearEnd, number>> = {
  answered: FIRST_BACK_OFF_MS,
  interrupted: 2 * FIRST_BACK_OFF_MS,
  'given up': LONGEST_BACK_OFF_MS,
};

/**
 * Milliseconds before the catalog is asked what it has of a count whose call ended unclearly; undefined when the
 * attempt has to end: nothing was done, or it was tried often enough.
 * @param tries of this count so far
 */
export function waitBeforeLook(error: unknown, tries: number): number | undefined {
  const end = unclearEnd(error);
  if (end === undefined || tries >= MOST_TRIES) return undefined;
  const asked = error instanceof TransientError ? (error.retryAfterMs ?? 0) : 0;
  if (asked > LONGEST_ASKED_MS) return undefined;
  return Math.max(SHORTEST_MS[end], asked, Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (tries - 1)));
}
