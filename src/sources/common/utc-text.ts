/** `2026-11-28` of epoch milliseconds, UTC. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `2026-11-28 01:02:03.004` of epoch milliseconds, UTC; the day alone for a DATE. */
export function timeText(time: number, { dataType }: { readonly dataType: string }): string {
  return dataType === 'DATE' ? dayText(time) : new Date(time).toISOString().slice(0, 23).replace('T', ' ');
}

/** `2026-11-28T01:02:03`, ISO 8601 without a zone, fractions only where there are any. */
export function isoText(time: Date): string {
  return time.toISOString().replace('.000Z', '').replace('Z', '');
}
