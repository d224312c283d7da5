/** How the grace of a worker's end is divided, milliseconds. */
export interface ShutdownTimes {
  /** Activities are cancelled after this. */
  readonly cutOffMs: number;
  /** What they may then take to wrap up, which ends their statements in the sources. What takes longer is abandoned. */
  readonly wrapUpMs: number;
}

/** The most that wrapping up gets, milliseconds: longer than ending a statement in a source may take. */
const MOST_WRAP_UP_MS = 3_000;
/** The least, milliseconds: with a shorter grace the worker ends that much later. */
const LEAST_WRAP_UP_MS = 1_000;
/** What the process takes to close its connections and end, milliseconds, once its activities have ended. */
const PROCESS_END_MS = 500;

/**
 * Both fit into the grace, and the process's own end with them, whatever a source or a catalog does: wrapping up gets a
 * third of it, three seconds at most.
 */
export function shutdownTimes(graceMs: number): ShutdownTimes {
  const wrapUpMs = Math.min(MOST_WRAP_UP_MS, Math.max(LEAST_WRAP_UP_MS, Math.floor(graceMs / 3)));
  return { cutOffMs: Math.max(0, graceMs - wrapUpMs - PROCESS_END_MS), wrapUpMs };
}
