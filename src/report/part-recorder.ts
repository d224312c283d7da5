import {
  EVERYTHING,
  INLINE_FAILURES,
  NO_COUNTS,
  REASONS,
  type Failure,
  type PartReport,
  type StepCounts,
  type TestTally,
} from '../contract/part-report.js';
import type { StepId } from '../contract/kinds.js';
import { redact } from '../secrets/index.js';
import { addTo, shorten } from './step-counts.js';

/** What a step counted since the last take; changed in place, because a run counts every record. */
interface Counted {
  readonly counts: Record<keyof StepCounts, number>;
  readonly failures: Failure[];
}

/**
 * Collects what a stage counts; `take` hands over what came since the last take, so that each chunk carries its own
 * share.
 */
export class PartRecorder {
  #steps: Partial<Record<StepId, Counted>> = {};
  #tests: TestTally | undefined;
  #notes = new Set<string>();
  #incomplete = false;
  #reasons: Failure[] = [];
  #questioned = new Set<string>();

  /**
   * @param log called for each failure and note, redacted: the log gets all of them, the report the first
   * @param counted called for all that is counted
   */
  constructor(
    private readonly log: (level: 'warn' | 'error', text: string, entity?: string) => void = () => undefined,
    private readonly counted: (step: StepId, counts: Partial<StepCounts>) => void = () => undefined
  ) {}

  count(step: StepId, counts: Partial<StepCounts>): void {
    addTo(this.#step(step).counts, counts);
    this.counted(step, counts);
  }

  failure(step: StepId, entity: string, error: string): void {
    const failure: Failure = { entity: shorten(redact(entity)), error: shorten(redact(error)) };
    this.log('error', failure.error, failure.entity);
    this.count(step, { errors: 1 });
    const { failures } = this.#step(step);
    if (failures.length < INLINE_FAILURES) failures.push(failure);
  }

  warning(step: StepId, text: string): void {
    this.count(step, { warnings: 1 });
    this.note(text);
  }

  /** A fact for the report that isn't a warning. */
  note(text: string): void {
    const line = shorten(redact(text));
    this.log('warn', line);
    if (this.#notes.size < INLINE_FAILURES) this.#notes.add(line);
  }

  /**
   * Like a note, but the run is a partial success at best. The pipeline status names the reason.
   * @param entity FQN that it is about
   */
  incomplete(text: string, entity = ''): void {
    this.note(text);
    this.#incomplete = true;
    if (this.#reasons.length < REASONS)
      this.#reasons.push({ entity: shorten(redact(entity)), error: shorten(redact(text)) });
  }

  /** What this run saw or marked in the scope is in doubt: there the next run compares itself with an earlier one. */
  questioned(scopeFqn: string): void {
    this.#questioned.add(scopeFqn);
  }

  /** A test that ran, by its outcome. */
  test(status: 'Success' | 'Failed' | 'Aborted'): void {
    const { success = 0, failed = 0, aborted = 0 } = this.#tests ?? {};
    this.#tests = {
      success: success + Number(status === 'Success'),
      failed: failed + Number(status === 'Failed'),
      aborted: aborted + Number(status === 'Aborted'),
    };
  }

  take(): PartReport {
    const part: PartReport = {
      steps: this.#steps,
      ...(this.#tests === undefined ? {} : { tests: this.#tests }),
      notes: [...this.#notes],
      ...(this.#incomplete ? { incomplete: true } : {}),
      ...(this.#reasons.length === 0 ? {} : { reasons: this.#reasons }),
      ...(this.#questioned.size === 0
        ? {}
        : { questioned: this.#questioned.size > REASONS ? [EVERYTHING] : [...this.#questioned] }),
    };
    this.#steps = {};
    this.#tests = undefined;
    this.#notes = new Set();
    this.#incomplete = false;
    this.#reasons = [];
    this.#questioned = new Set();
    return part;
  }

  #step(step: StepId): Counted {
    return (this.#steps[step] ??= { counts: { ...NO_COUNTS }, failures: [] });
  }
}
