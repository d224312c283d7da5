/**
 * What runs share though they know nothing of each other: a source's sessions, and the pressure on a source or a
 * catalog. Types and names only.
 */

/** A run's part in the sessions of its source. */
export interface SessionsPlan {
  /** Id of the workflow that deals them out: one a source. */
  readonly dealer: string;
  /** Sessions that all runs may hold at once, as this run's recipe says; the least of all that are there holds. */
  readonly most: number;
  /** Sessions that an activity which reads the source may hold. */
  readonly each: number;
  /** How often the dealer looks after those that hold some, milliseconds. */
  readonly leaseMs: number;
}

/** A run's wish for the sessions of one activity. */
export interface SessionsWish {
  /** Its own, of all wishes of all runs. */
  readonly permit: string;
  readonly holder: RunningExecution;
  readonly most: number;
  readonly each: number;
}

export interface RunningExecution {
  readonly workflowId: string;
  readonly runId: string;
}

/** Answer of the dealer's query. */
export interface DealtSessions {
  /** The least that a run which is there allows; absent when none is. */
  readonly most?: number;
  readonly held: number;
  readonly waiting: number;
  /** Workflow ids of the runs that hold some, with how many. */
  readonly holders: Readonly<Record<string, number>>;
}

/** To a run: the other side asked to slow down, another run or this one. */
export interface PressureNews {
  readonly side: LoadedSide;
  /** `RunPlan.shared` of that side: a run of another source or catalog leaves it be. */
  readonly key: string;
  readonly retryAfterMs: number;
}

export type LoadedSide = 'source' | 'catalog';

/** A wish, and the end of what was granted. To the dealer. */
export const SESSIONS_WANTED = 'sessionsWanted';
export const SESSIONS_DONE = 'sessionsDone';
/** To a run. */
export const SESSIONS_GRANTED = 'sessionsGranted';
export const SESSIONS_QUERY = 'sessions';
export const PRESSURE_SIGNAL = 'pressure';
