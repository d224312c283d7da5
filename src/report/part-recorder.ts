import { redact } from '../secrets/index.js';
import type { PartReport } from './part-report.js';
import { INLINE_FAILURES, NO_COUNTS, addTo, shorten, type Failure, type StepCounts } from './step-counts.js';

type Step = 'source' | 'sink';

/** What came since the last take; changed in place, since a run counts every record. */
interface Counted {
  readonly source: Record<keyof StepCounts, number>;
  readonly sink: Record<keyof StepCounts, number>;
  readonly failures: Readonly<Record<Step, Failure[]>>;
  readonly notes: Set<string>;
  incomplete: boolean;
}

/** Collects what a stage counts; `take` hands over what came since the last take, so that each chunk carries its own share. */
export class PartRecorder {
  #counted = nothing();

  /** @param log called for each failure and note, redacted: the log gets all of them, the report the first. */
  constructor(
    private readonly log: (level: 'warn' | 'error', text: string, entity?: string) => void = () => undefined
  ) {}

  count(step: Step, counts: Partial<StepCounts>): void {
    addTo(this.#counted[step], counts);
  }

  failure(step: Step, entity: string, error: string): void {
    const failure: Failure = { entity: shorten(redact(entity)), error: shorten(redact(error)) };
    this.log('error', failure.error, failure.entity);
    this.count(step, { errors: 1 });
    const failures = this.#counted.failures[step];
    if (failures.length < INLINE_FAILURES) failures.push(failure);
  }

  warning(step: Step, text: string): void {
    this.count(step, { warnings: 1 });
    this.note(text);
  }

  /** A fact for the report that is no warning. */
  note(text: string): void {
    const line = shorten(redact(text));
    this.log('warn', line);
    const { notes } = this.#counted;
    if (notes.size < INLINE_FAILURES) notes.add(line);
  }

  /** As a note, and the run ends as a partial success at best. */
  incomplete(text: string): void {
    this.note(text);
    this.#counted.incomplete = true;
  }

  take(): PartReport {
    const { source, sink, failures, notes, incomplete } = this.#counted;
    this.#counted = nothing();
    return {
      source,
      sink,
      sourceFailures: failures.source,
      sinkFailures: failures.sink,
      notes: [...notes],
      ...(incomplete ? { incomplete } : {}),
    };
  }
}

function nothing(): Counted {
  return {
    source: { ...NO_COUNTS },
    sink: { ...NO_COUNTS },
    failures: { source: [], sink: [] },
    notes: new Set(),
    incomplete: false,
  };
}
