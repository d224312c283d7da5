/** Thrown for a schedule that can't be made as asked, or that doesn't exist. */
export class ScheduleError extends Error {
  override readonly name: string = 'ScheduleError';
}

/** Thrown when Temporal knows no schedule with this id. */
export class ScheduleNotFoundError extends ScheduleError {
  override readonly name = 'ScheduleNotFoundError';
  constructor(
    readonly scheduleId: string,
    readonly namespace: string
  ) {
    super(
      `Temporal knows no schedule ${scheduleId} in the namespace ${namespace}. \`om-ingest schedule list\` shows those that it knows.`
    );
  }
}
