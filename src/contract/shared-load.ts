/**
 * What runs share without knowing each other: a source's sessions, and the pressure on a source or a catalog. Types and
 * names only.
 */

/** A run's share of its source's sessions. */
export interface SessionsPlan {
  /** Id of the workflow that hands them out, one per source. */
  readonly dealer: string;
  /**
   * Sessions that all runs together may hold, as this run's recipe says; the lowest number among the present runs
   * counts.
   */
  readonly most: number;
  /** Sessions that one activity which reads the source may hold. */
  readonly each: number;
  /** With how many it makes do where another run's recipe allows fewer. Default: `each`. */
  readonly least?: number;
  /** How often the dealer checks on the runs that hold some, milliseconds. */
  readonly leaseMs: number;
}

/** A run's request for the sessions of one activity. */
export interface SessionsWish {
  /** Unique among all requests of all runs. */
  readonly permit: string;
  readonly holder: RunningExecution;
  readonly most: number;
  /** Once it is granted: how many were. */
  readonly each: number;
  /** Default: `each`. */
  readonly least?: number;
}

export interface RunningExecution {
  readonly workflowId: string;
  readonly runId: string;
}

/** Answer of the dealer's query. */
export interface DealtSessions {
  /** The lowest limit of the runs that are there; absent when there are none. */
  readonly most?: number;
  readonly held: number;
  readonly waiting: number;
  /** Workflow ids of the runs that hold some, and how many. */
  readonly holders: Readonly<Record<string, number>>;
}

/** To a run: the other side asked this run or another one to slow down. */
export interface PressureNews {
  readonly side: LoadedSide;
  /** `RunPlan.shared` of that side: runs of another source or catalog ignore it. */
  readonly key: string;
  readonly retryAfterMs: number;
}

export type LoadedSide = 'source' | 'catalog';

/** A request, and its end after it was granted. To the dealer. */
export const SESSIONS_WANTED = 'sessionsWanted';
export const SESSIONS_DONE = 'sessionsDone';
/** To a run. */
export const SESSIONS_GRANTED = 'sessionsGranted';
export const SESSIONS_QUERY = 'sessions';
export const PRESSURE_SIGNAL = 'pressure';
