import type { RunReport } from '../../report/index.js';
import type { StepCounts } from '../../contract/part-report.js';

/** What is compared, in the order of the columns. */
export const COMPARED = [
  'records',
  'updated',
  'unchanged',
  'deleted',
  'filtered',
  'warnings',
  'errors',
  'statements',
  'requests',
] as const satisfies readonly (keyof StepCounts)[];

export interface StepChange {
  readonly step: string;
  readonly count: (typeof COMPARED)[number];
  readonly before: number;
  readonly now: number;
}

/** Counts that differ between two runs, step by step. */
export function stepChanges(before: RunReport, now: RunReport): StepChange[] {
  const changes: StepChange[] = [];
  for (const step of now.steps) {
    const earlier = before.steps.find(({ name }) => name === step.name);
    if (earlier === undefined) continue;
    for (const count of COMPARED)
      if (earlier[count] !== step[count])
        changes.push({ step: step.name, count, before: earlier[count], now: step[count] });
  }
  return changes;
}
