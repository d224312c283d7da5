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
}

/** What of a counter is new. @param known of the same statement at the reading before */
export function newRuns(
  reading: CounterReading,
  known: KnownCounter | undefined,
  { before, day }: CountedSince
): NewRuns {
  const { calls, durationMs, since } = reading;
  const all = { calls, durationMs };
  const first: NewRuns = { calls: 0, durationMs: 0, how: 'first' };
  if (before === undefined) return since !== undefined && since >= day ? { ...all, how: 'more' } : first;
  if (known === undefined) return { ...all, how: 'more' };
  if (since !== undefined && known.since !== undefined && since !== known.since) {
    // One that began before the last reading, and was not what was read then, is another server's.
    return since >= before ? { ...all, how: 'anew' } : first;
  }
  if (calls < known.calls) return { ...all, how: 'anew' };
  return { calls: calls - known.calls, durationMs: Math.max(0, durationMs - known.durationMs), how: 'more' };
}
