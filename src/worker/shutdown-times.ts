/** How the grace of a worker's end is divided, milliseconds. */
export interface ShutdownTimes {
  /** After this activities are cancelled. */
  readonly cutOffMs: number;
  /** So long they may then take to wrap up: their statements are ended in the sources. What takes longer is left. */
  readonly wrapUpMs: number;
}

/** Longest wrapping up, milliseconds: more than a statement's end in a source may take. */
const MOST_WRAP_UP_MS = 3_000;
/** Shortest, milliseconds: a grace below it ends by so much later. */
const LEAST_WRAP_UP_MS = 1_000;
/** So long the process takes to close its connections and end, milliseconds, once its activities have. */
const PROCESS_END_MS = 500;

/**
 * Both fit into the grace with the process's own end, whatever a source or a catalog does: a third of it, at most three
 * seconds, is the wrapping up.
 */
export function shutdownTimes(graceMs: number): ShutdownTimes {
  const wrapUpMs = Math.min(MOST_WRAP_UP_MS, Math.max(LEAST_WRAP_UP_MS, Math.floor(graceMs / 3)));
  return { cutOffMs: Math.max(0, graceMs - wrapUpMs - PROCESS_END_MS), wrapUpMs };
}
