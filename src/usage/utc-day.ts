export const DAY_MS = 24 * 3_600_000;

/** Days, today included, that OpenMetadata keeps usage and joins of. */
export const DAYS_KEPT = 30;

/** Midnight UTC of the day that a time falls on; both in milliseconds since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

/** The first day that OpenMetadata keeps at this time; midnight UTC, both in milliseconds since the epoch. */
export function oldestKept(time: number): number {
  return dayOf(time) - (DAYS_KEPT - 1) * DAY_MS;
}
