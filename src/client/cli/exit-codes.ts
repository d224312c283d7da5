/** What `om-ingest` exits with; scripts and schedulers rely on it. */
export const EXIT = {
  success: 0,
  /** Some records failed, but the run is above its successThreshold. */
  partialSuccess: 1,
  /** The run failed or was stopped, or the command couldn't do what it was asked to. */
  failed: 2,
  badRecipe: 3,
  noTemporalServer: 4,
  /** 128 + signal: the command was told to leave before the run had ended. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
