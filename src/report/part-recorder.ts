import { redact } from '../secrets/index.js';
import { NO_PART, mergeParts, type PartReport } from './part-report.js';
import { INLINE_FAILURES, addCounts, shorten, type Failure, type StepCounts } from './step-counts.js';

type Step = 'source' | 'sink';

/** Collects what a stage counts; `take` hands over what came since the last take, so that each chunk carries its own share. */
export class PartRecorder {
  #part: PartReport = NO_PART;

  /** @param onFailure called for each failure and note, redacted: the log gets all of them, the report the first. */
  constructor(
    private readonly log: (level: 'warn' | 'error', text: string, entity?: string) => void = () => undefined
  ) {}

  count(step: Step, counts: Partial<StepCounts>): void {
    this.#part = { ...this.#part, [step]: addCounts(this.#part[step], counts) };
  }

  failure(step: Step, entity: string, error: string): void {
    const failure: Failure = { entity: shorten(redact(entity)), error: shorten(redact(error)) };
    this.log('error', failure.error, failure.entity);
    this.count(step, { errors: 1 });
    const key = step === 'source' ? 'sourceFailures' : 'sinkFailures';
    if (this.#part[key].length < INLINE_FAILURES) this.#part = { ...this.#part, [key]: [...this.#part[key], failure] };
  }

  warning(step: Step, text: string): void {
    this.count(step, { warnings: 1 });
    this.note(text);
  }

  /** A fact for the report that is no warning. */
  note(text: string): void {
    const line = shorten(redact(text));
    this.log('warn', line);
    this.#part = mergeParts(this.#part, { ...NO_PART, notes: [line] });
  }

  /** As a note, and the run ends as a partial success at best. */
  incomplete(text: string): void {
    this.note(text);
    this.#part = { ...this.#part, incomplete: true };
  }

  take(): PartReport {
    const part = this.#part;
    this.#part = NO_PART;
    return part;
  }
}
