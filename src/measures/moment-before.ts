import type { Moment } from '../sources/index.js';

/** So many units before a time; months and years by the calendar, the last day of a shorter month. */
export function momentBefore(now: number, interval: number, unit: string): Moment {
  const time = utcBefore(now, interval, unit);
  const isByCalendar = unit === 'DAY' || unit === 'MONTH' || unit === 'YEAR';
  // engines round other amounts, and have no times of other years
  if (!isByCalendar || !Number.isInteger(interval) || !(time >= FIRST && time < END)) return { time };
  return { time, back: { from: now, amount: interval, unit } };
}

const FIRST = Date.parse('1000-01-02T00:00:00Z');
const END = Date.parse('9999-12-31T00:00:00Z');

function utcBefore(now: number, interval: number, unit: string): number {
  const time = new Date(now);
  if (unit === 'HOUR') return now - interval * 3_600_000;
  if (unit === 'DAY') return now - interval * 86_400_000;
  const months = unit === 'YEAR' ? 12 * interval : interval;
  const day = time.getUTCDate();
  time.setUTCDate(1);
  time.setUTCMonth(time.getUTCMonth() - months);
  const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate();
  time.setUTCDate(Math.min(day, last));
  return time.getTime();
}
