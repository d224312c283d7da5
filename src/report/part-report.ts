import {
  EVERYTHING,
  INLINE_FAILURES,
  NO_COUNTS,
  REASONS,
  type Failure,
  type PartReport,
  type StepCounts,
  type StepPart,
  type TestTally,
} from '../contract/part-report.js';
import type { StepId } from '../contract/kinds.js';
import { addCounts } from './step-counts.js';

const NO_STEP: StepPart = { counts: NO_COUNTS, failures: [] };

/** What a step counted in a part; zeros if the part has nothing of it. */
export function countsOf({ steps }: PartReport, step: StepId): StepCounts {
  return steps[step]?.counts ?? NO_COUNTS;
}

export function failuresOf({ steps }: PartReport, step: StepId): readonly Failure[] {
  return steps[step]?.failures ?? [];
}

/** Over all steps. */
export function errorsOf({ steps }: Pick<PartReport, 'steps'>): number {
  return Object.values(steps).reduce((sum, { counts }) => sum + counts.errors, 0);
}

export function mergeParts(left: PartReport, right: PartReport): PartReport {
  return {
    steps: mapSteps({ ...left.steps, ...right.steps }, (_, step) => mergeSteps(left.steps[step], right.steps[step])),
    notes: [...new Set([...left.notes, ...right.notes])].slice(0, INLINE_FAILURES),
    ...(left.incomplete === true || right.incomplete === true ? { incomplete: true } : {}),
    ...mergeTests(left.tests, right.tests),
    ...mergeReasons(left.reasons, right.reasons),
    ...mergeQuestioned(left.questioned, right.questioned),
  };
}

function mergeTests(left: TestTally | undefined, right: TestTally | undefined): Pick<PartReport, 'tests'> {
  if (left === undefined) return right === undefined ? {} : { tests: right };
  if (right === undefined) return { tests: left };
  return {
    tests: {
      success: left.success + right.success,
      failed: left.failed + right.failed,
      aborted: left.aborted + right.aborted,
    },
  };
}

function mergeReasons(left: PartReport['reasons'], right: PartReport['reasons']): Pick<PartReport, 'reasons'> {
  const byText = new Map([...(left ?? []), ...(right ?? [])].map((each) => [`${each.entity} ${each.error}`, each]));
  return byText.size === 0 ? {} : { reasons: [...byText.values()].slice(0, REASONS) };
}

function mergeQuestioned(
  left: PartReport['questioned'],
  right: PartReport['questioned']
): Pick<PartReport, 'questioned'> {
  const scopes = new Set([...(left ?? []), ...(right ?? [])]);
  if (scopes.size === 0) return {};
  return { questioned: scopes.size > REASONS || scopes.has(EVERYTHING) ? [EVERYTHING] : [...scopes] };
}

function mergeSteps(left = NO_STEP, right = NO_STEP): StepPart {
  return {
    counts: addCounts(left.counts, right.counts),
    failures: [...left.failures, ...right.failures].slice(0, INLINE_FAILURES),
  };
}

/**
 * The same with at most `limit` failures per step and as many notes: for activity results, which are kept in the
 * history.
 */
export function trimPart(part: PartReport, limit: number): PartReport {
  const { reasons, questioned } = part;
  return {
    ...part,
    ...(reasons === undefined ? {} : { reasons: reasons.slice(0, limit) }),
    ...(questioned === undefined ? {} : { questioned: questioned.slice(0, limit) }),
    steps: mapSteps(part.steps, (step) => ({ ...step, failures: step.failures.slice(0, limit) })),
    notes: part.notes.slice(0, limit),
  };
}

/** Converts something in each step. */
export function mapSteps<T, R>(
  steps: Readonly<Partial<Record<StepId, T>>>,
  map: (value: T, step: StepId) => R
): Partial<Record<StepId, R>> {
  const mapped: Partial<Record<StepId, R>> = {};
  // keys of a type that has no others
  for (const step of Object.keys(steps) as StepId[]) {
    const value = steps[step];
    if (value !== undefined) mapped[step] = map(value, step);
  }
  return mapped;
}
