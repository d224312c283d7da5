/**
 * This many hours, days, months or years before `now` (milliseconds since the epoch): calendar months and years, in
 * UTC.
 */
export function before(now: number, amount: number, unit: 'HOUR' | 'DAY' | 'MONTH' | 'YEAR'): number {
  const date = new Date(now);
  switch (unit) {
    case 'HOUR':
      return now - amount * 3_600_000;
    case 'DAY':
      return now - amount * 86_400_000;
    case 'MONTH':
      return date.setUTCMonth(date.getUTCMonth() - amount);
    case 'YEAR':
      return date.setUTCFullYear(date.getUTCFullYear() - amount);
  }
}
