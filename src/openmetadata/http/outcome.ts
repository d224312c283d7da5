import type { IngestionError } from '../../errors/index.js';
import type { Answer, HttpMethod } from './transport.js';

/** The end of one attempt: an answer, or an error together with what may be done about it. */
export type Outcome =
  | { readonly ok: true; readonly answer: Answer }
  | {
      readonly ok: false;
      readonly error: IngestionError;
      /**
       * `unsent`: the server can't have acted on it, so any method may be repeated. `idempotent`: it may have acted.
       * `never`: the same call would end the same way.
       */
      readonly repeat: 'unsent' | 'idempotent' | 'never';
      readonly status?: number;
    };

/** True for methods whose repetition leaves the same state. PATCH isn't: `add` to a list would add twice. */
export function isIdempotent(method: HttpMethod): boolean {
  return method === 'GET' || method === 'PUT' || method === 'DELETE';
}

/** The `cause` of errors made from an answer: its status and what the server said. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';

  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

/** The `cause` of the error that a call ends with whose time was over, with all its repeats and waits. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/** The HTTP status behind an error of this client; undefined when there was no answer. */
export function httpStatusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof HttpStatusError ? cause.status : undefined;
}
