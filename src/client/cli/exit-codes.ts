/** What `om-ingest` exits with; scripts and schedulers rely on it. */
export const EXIT = {
  success: 0,
  /** Some records failed, the run is above its successThreshold. */
  partialSuccess: 1,
  /** The run failed or was stopped, or the command could not do what it was asked. */
  failed: 2,
  badRecipe: 3,
  noTemporalServer: 4,
  /** 128 + signal: the command was told to leave before the run was over. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
