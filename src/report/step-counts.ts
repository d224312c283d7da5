/** What a step of a run counted. Pure: workflow code merges these too. */

export interface Failure {
  /** FQN, or the name as the source gives it. */
  readonly entity: string;
  /** One text, redacted, at most `FAILURE_TEXT` characters. */
  readonly error: string;
}

/** Counts of one step (`Mysql`, `OpenMetadata`, …), additive: two parts of a run are merged by adding them. */
export interface StepCounts {
  /** Records the step passed on. */
  readonly records: number;
  /** Of the sink: entities patched after they were written. */
  readonly updated: number;
  /** Of the sink: not sent or skipped, because the catalog already has them as they are. */
  readonly unchanged: number;
  /** Of the sink: marked deleted. */
  readonly deleted: number;
  readonly filtered: number;
  readonly warnings: number;
  readonly errors: number;
  /** Statements sent to the source, and their wall time in milliseconds. */
  readonly statements: number;
  readonly sourceMs: number;
  /** Requests sent to OpenMetadata, and their wall time in milliseconds. */
  readonly requests: number;
  readonly sinkMs: number;
}

export const NO_COUNTS: StepCounts = {
  records: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  filtered: 0,
  warnings: 0,
  errors: 0,
  statements: 0,
  sourceMs: 0,
  requests: 0,
  sinkMs: 0,
};

/** Longest text of one failure or note, in characters; longer ones end in `…`. */
export const FAILURE_TEXT = 500;
/** Failures and notes kept inline for a whole run; the rest is counted and stands in the worker's log. */
export const INLINE_FAILURES = 100;

export function addCounts(left: StepCounts, right: Partial<StepCounts>): StepCounts {
  const sum: Record<keyof StepCounts, number> = { ...left };
  for (const key of Object.keys(NO_COUNTS) as (keyof StepCounts)[]) sum[key] += right[key] ?? 0;
  return sum;
}

/** `addCounts` in place, of the few counts that are named. */
export function addTo(sum: Record<keyof StepCounts, number>, more: Partial<StepCounts>): void {
  for (const key of Object.keys(more) as (keyof StepCounts)[]) sum[key] += more[key] ?? 0;
}

/**
 * Success in percent, rounded to two digits: `100 × S / (S + errors)` with S = max(records + updated, 1), as OpenMetadata's
 * workflow status counts it. Nothing done is 100.
 */
export function successPercent(counts: StepCounts): number {
  const succeeded = Math.max(counts.records + counts.updated + counts.unchanged, 1);
  return Math.round((10_000 * succeeded) / (succeeded + counts.errors)) / 100;
}

export function shorten(text: string): string {
  return text.length <= FAILURE_TEXT ? text : `${text.slice(0, FAILURE_TEXT - 1)}…`;
}
