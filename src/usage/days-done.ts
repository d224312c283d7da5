import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LogWindow, UsageLogOptions } from '../sources/index.js';
import { DAY_MS, dayOf } from './utc-day.js';

/**
 * Days whose usage an earlier run has published whole, and what it counted by; milliseconds since the epoch, UTC
 * midnights.
 */
export const daysDone = z.object({ from: z.number(), to: z.number(), settings: z.string() });
export type DaysDone = z.infer<typeof daysDone>;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Days before this one are complete in a log that lags this far behind. */
export function completeBefore(now: number, lagMs: number): number {
  return dayOf(now - lagMs);
}

/**
 * The range without the days at its beginning that are done. @param settings of this run: other ones count otherwise
 */
export function withoutDone(range: Range, done: DaysDone | undefined, settings: string): Range {
  if (done === undefined || done.settings !== settings || done.from > range.from) return range;
  return { ...range, from: Math.max(range.from, Math.min(done.to, range.to)) };
}

/**
 * What the next run need not read again: the days of this one that are complete, and those before them that were done.
 */
export function nowDone(
  range: Range,
  before: number,
  done: DaysDone | undefined,
  settings: string
): DaysDone | undefined {
  const to = Math.min(range.to, before);
  const isContinued =
    done !== undefined && done.settings === settings && done.to >= range.from && done.from <= range.from;
  const from = isContinued ? done.from : range.from;
  return to < from + DAY_MS ? undefined : { from, to: isContinued ? Math.max(to, done.to) : to, settings };
}

/**
 * What counters are read by: those of other settings can't be compared. Whose runs count, and how many of a day, isn't
 * part of it.
 */
export function counterSettings(
  { log }: Pick<LogWindow, 'log'>,
  { filterCondition }: UsageLogOptions,
  connection: unknown
): string {
  return settingsOf({ log, filterCondition }, connection);
}

/** Short, and no names in it. */
export function settingsOf(options: object, connection: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([options, connection]))
    .digest('hex')
    .slice(0, 16);
}
