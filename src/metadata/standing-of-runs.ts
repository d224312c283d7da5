import type { Standing } from './standing-fact.js';

/** A run of the pipeline and what it left or says. */
export interface StandingOfRun {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Undefined while it is under way. */
  readonly endedAt: number | undefined;
  readonly standing: Standing;
}

export interface KnownStanding {
  /** What stands by the runs that have ended; undefined when none is known. */
  readonly settled: Standing | undefined;
  /** How many more those that are under way have said they mark at most. */
  readonly beside: number;
}

/**
 * What stands by the other runs of a pipeline. The last one to begin is not always the last one to mark: one that ended
 * after it began may count what it doesn't, and the larger count holds.
 * @param runs by their starts, the latest first
 */
export function standingOfRuns(runs: readonly StandingOfRun[]): KnownStanding {
  const underWay = runs.filter(({ endedAt }) => endedAt === undefined);
  const ended = runs.filter(({ endedAt }) => endedAt !== undefined);
  const beside = underWay.reduce((sum, { standing }) => sum + (standing.own ?? 0), 0);
  const [last] = ended;
  if (last === undefined) return { settled: beforeOwn(underWay[0]?.standing), beside };
  const { stood, rights } = last.standing;
  const counts = ended.filter(({ endedAt = 0 }) => endedAt > last.startedAt).map(({ standing }) => standing.marked);
  return { settled: { stood, rights, marked: Math.max(last.standing.marked, ...counts) }, beside };
}

/** What a run under way had found before it counted its own. */
export function beforeOwn(said: Standing | undefined): Standing | undefined {
  return said === undefined
    ? undefined
    : { stood: said.stood, rights: said.rights, marked: said.marked - (said.own ?? 0) };
}
