import { metricMeter } from '@temporalio/activity';
import { METRICS } from '../../contract/metric-names.js';
import type { StepCounts } from '../../contract/part-report.js';

type Counter = Extract<
  keyof typeof METRICS,
  'records' | 'failures' | 'attempts' | 'statements' | 'sourceMs' | 'requests' | 'sinkMs'
>;

/** Counts of records, by what became of them. */
const OUTCOMES = ['records', 'unchanged', 'updated', 'deleted', 'filtered'] as const;
const CALLS = ['statements', 'sourceMs', 'requests', 'sinkMs'] as const;

/**
 * Adds what a stage counts to the worker's metrics at once, so that a long stage is visible while it runs. @param kind
 * of the run
 */
export function countStep(kind: string, step: string, counts: Partial<StepCounts>): void {
  for (const outcome of OUTCOMES) {
    const value = counts[outcome] ?? 0;
    if (value > 0) add('records', value, { kind, step, outcome: outcome === 'records' ? 'passed' : outcome });
  }
  if ((counts.errors ?? 0) > 0) add('failures', counts.errors ?? 0, { kind, step });
  for (const call of CALLS) if ((counts[call] ?? 0) > 0) add(call, counts[call] ?? 0, { kind });
}

/** An attempt that ended with an error. @param cause class of the error: there are few, so it can be a label */
export function countFailedAttempt(kind: string, cause: string): void {
  add('attempts', 1, { kind, cause });
}

function add(counter: Counter, value: number, tags: Readonly<Record<string, string>>): void {
  const { name, help } = METRICS[counter];
  metricMeter.createCounter(name, undefined, help).add(value, { ...tags });
}
