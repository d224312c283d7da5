import type { NewRuns } from './counted-runs.js';
import type { CountedDay } from './counter-lines.js';

/** A day that is over keeps no counters: none has begun on it that is read by other settings for the first time. */
export function withoutCounters({ of, ...day }: CountedDay, today: number): CountedDay {
  return day.day === today && of !== undefined ? { ...day, of } : day;
}

/** Runs of the day that the counter which began then has given; those of counters without a beginning may be its. */
export function countedOf(
  { of, ...day }: CountedDay,
  since: number | undefined
): { readonly runs: number; readonly durationMs: number } {
  if (of === undefined) return day;
  const own = of.filter((each) => each.since === undefined || each.since === since);
  return {
    runs: own.reduce((sum, each) => sum + each.runs, 0),
    durationMs: own.reduce((sum, each) => sum + each.durationMs, 0),
  };
}

/** The day with these runs of the counter which began then. */
export function grownDay(day: CountedDay, since: number | undefined, { calls, durationMs }: NewRuns): CountedDay {
  const known = day.of ?? [{ runs: day.runs, durationMs: day.durationMs }];
  const own = known.find((each) => each.since === since);
  const grown = { since, runs: (own?.runs ?? 0) + calls, durationMs: (own?.durationMs ?? 0) + durationMs };
  const of = [...known.filter((each) => each !== own), grown];
  return { day: day.day, runs: day.runs + calls, durationMs: day.durationMs + durationMs, of };
}
