import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace-base';

/** Ids of a span that all workers must name alike, without having met. */
export interface FixedIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Ids of a run's own span. Its first run id is 16 random bytes, as a trace id is: whoever has one of them has the
 * other, and every worker that takes a stage of the run knows where it belongs, without a word of it in the workflow's
 * history.
 *
 * @param pipelineRunId a UUID
 */
export function idsOfRun(pipelineRunId: string): FixedIds {
  const traceId = pipelineRunId.replaceAll('-', '').toLowerCase();
  return { traceId, spanId: traceId.slice(16) };
}

/** Random ids, but for the span that is started within `with`. */
export class RunIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #fixed: FixedIds | undefined;

  /** @param start starts one span, at once */
  with<T>(ids: FixedIds, start: () => T): T {
    this.#fixed = ids;
    try {
      return start();
    } finally {
      this.#fixed = undefined;
    }
  }

  generateTraceId(): string {
    return this.#fixed?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#fixed?.spanId ?? this.#random.generateSpanId();
  }
}
