/** Counts of a step. Pure: workflow code merges these too. */
import { beginning } from '../contract/beginning.js';
import { FAILURE_TEXT, NO_COUNTS, type StepCounts } from '../contract/part-report.js';

export function addCounts(left: StepCounts, right: Partial<StepCounts>): StepCounts {
  const sum: Record<keyof StepCounts, number> = { ...left };
  for (const key of Object.keys(NO_COUNTS) as (keyof StepCounts)[]) sum[key] += right[key] ?? 0;
  return sum;
}

/** `addCounts` in place, for the few counts that are named. */
export function addTo(sum: Record<keyof StepCounts, number>, more: Partial<StepCounts>): void {
  for (const key of Object.keys(more) as (keyof StepCounts)[]) sum[key] += more[key] ?? 0;
}

/**
 * Success in percent, rounded to two digits: `100 × S / (S + errors)` with S = max(records + updated, 1), as
 * OpenMetadata's workflow status counts it. Nothing done is 100.
 */
export function successPercent(counts: StepCounts): number {
  const succeeded = Math.max(counts.records + counts.updated + counts.unchanged, 1);
  return Math.round((10_000 * succeeded) / (succeeded + counts.errors)) / 100;
}

export function shorten(text: string): string {
  return text.length <= FAILURE_TEXT ? text : `${beginning(text, FAILURE_TEXT - 1)}…`;
}
