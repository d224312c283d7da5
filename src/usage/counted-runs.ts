import type { CounterReading } from '../sources/index.js';
import type { KnownCounter } from './counter-lines.js';

/** Runs of a statement since the run before. */
export interface NewRuns {
  readonly calls: number;
  readonly durationMs: number;
  /**
   * `more`: all of them. `anew`: the counter has restarted since, so what it had counted is lost. `first`: it isn't
   * known when its calls were made, so that none of them counts.
   */
  readonly how: 'more' | 'anew' | 'first';
}

export interface CountedSince {
  /** The source's clock at the reading before; undefined when there is none that counted by the same settings. */
  readonly before: number | undefined;
  /** Midnight of the day that new runs count on. */
  readonly day: number;
  /** What of this counter counts on that day already, found by a run of these settings or of others. */
  readonly counted?: { readonly runs: number; readonly durationMs: number } | undefined;
}

/** What of a counter is new. @param known of the same statement at the reading before */
export function newRuns(
  reading: CounterReading,
  known: KnownCounter | undefined,
  { before, day, counted }: CountedSince
): NewRuns {
  const { calls, durationMs, since } = reading;
  const all = { calls, durationMs };
  const first: NewRuns = { calls: 0, durationMs: 0, how: 'first' };
  if (before === undefined) {
    if (since === undefined || since < day) return first;
    // All are of this day; those that a run by other settings has found are not counted again.
    const { runs, durationMs: took } = counted ?? { runs: 0, durationMs: 0 };
    // Fewer than those: pushed out in between, or another part of them. It can't be told what is new.
    if (calls < runs) return first;
    return { calls: calls - runs, durationMs: Math.max(0, durationMs - took), how: 'more' };
  }
  if (known === undefined) return { ...all, how: 'more' };
  if (since !== undefined && known.since !== undefined && since !== known.since) {
    // One that began before the last reading, and was not what was read then, is another server's.
    return since >= before ? { ...all, how: 'anew' } : first;
  }
  if (calls < known.calls) return { ...all, how: 'anew' };
  return { calls: calls - known.calls, durationMs: Math.max(0, durationMs - known.durationMs), how: 'more' };
}
