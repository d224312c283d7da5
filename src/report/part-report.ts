import { INLINE_FAILURES, NO_COUNTS, addCounts, type Failure, type StepCounts } from './step-counts.js';

/** Part of a run's report: of a chunk, a unit, a stage. Plain JSON, additive. */
export interface PartReport {
  readonly source: StepCounts;
  readonly sink: StepCounts;
  /** At most `INLINE_FAILURES`; `errors` of the counts tells how many there were. */
  readonly sourceFailures: readonly Failure[];
  readonly sinkFailures: readonly Failure[];
  /** Warnings and facts users should know, at most `INLINE_FAILURES`. */
  readonly notes: readonly string[];
  /** Something that no count shows makes the run less than a success; a note says what. */
  readonly incomplete?: boolean;
}

export const NO_PART: PartReport = {
  source: NO_COUNTS,
  sink: NO_COUNTS,
  sourceFailures: [],
  sinkFailures: [],
  notes: [],
};

export function mergeParts(left: PartReport, right: PartReport): PartReport {
  return {
    source: addCounts(left.source, right.source),
    sink: addCounts(left.sink, right.sink),
    sourceFailures: [...left.sourceFailures, ...right.sourceFailures].slice(0, INLINE_FAILURES),
    sinkFailures: [...left.sinkFailures, ...right.sinkFailures].slice(0, INLINE_FAILURES),
    notes: [...new Set([...left.notes, ...right.notes])].slice(0, INLINE_FAILURES),
    ...(left.incomplete === true || right.incomplete === true ? { incomplete: true } : {}),
  };
}

/** The same with at most `limit` failures and notes each: for activity results, which stand in the history. */
export function trimPart(part: PartReport, limit: number): PartReport {
  return {
    ...part,
    sourceFailures: part.sourceFailures.slice(0, limit),
    sinkFailures: part.sinkFailures.slice(0, limit),
    notes: part.notes.slice(0, limit),
  };
}
