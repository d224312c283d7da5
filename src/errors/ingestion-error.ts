/**
 * The error tree of the worker, by consequence: what happens to the run decides the class, not where the error came from.
 * Drivers' and servers' own errors are mapped to one of these at the edge (one table a connector).
 */

/** Facts every error may carry besides its message. None of them may hold a secret. */
export interface ErrorFacts {
  /** A recipe path (`source.serviceConnection.config.hostPort`), an FQN, a URL without credentials. */
  readonly where?: string;
  /** What the user can do about it, one sentence in the imperative. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** `record` errors are counted and the run goes on; `transient` ones are retried; the others end the run. */
export type Consequence = 'recipe' | 'authentication' | 'permanent' | 'transient' | 'record';

export abstract class IngestionError extends Error {
  abstract readonly consequence: Consequence;
  readonly where?: string;
  readonly remedy?: string;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    if (facts.where !== undefined) this.where = facts.where;
    if (facts.remedy !== undefined) this.remedy = facts.remedy;
  }

  /** Message, place and remedy as one text, the form that reaches users. */
  describe(): string {
    const place = this.where === undefined || this.message.includes(this.where) ? '' : ` (at ${this.where})`;
    if (this.remedy === undefined) return `${this.message}${place}`;
    // The words of a server often end without a full stop.
    const stop = /[.!?]$/.test(this.message) ? '' : '.';
    return `${this.message}${place}${stop} ${this.remedy}`;
  }
}

/** One thing wrong in a recipe. */
export interface RecipeProblem {
  /** Dotted path of the key, `` for the document itself. */
  readonly path: string;
  readonly message: string;
  /** 1-based; absent when the recipe did not come as text. */
  readonly line?: number;
}

/** Thrown for a recipe that cannot be run as it is; never retried, exit code 3. */
export class RecipeError extends IngestionError {
  override readonly name = 'RecipeError';
  readonly consequence = 'recipe';
  /** Set when nothing is wrong but the workflow it was given to: the kind that runs it. */
  readonly kind?: string;

  constructor(
    readonly problems: readonly RecipeProblem[],
    /** The recipe's file or `recipe` for inline input. */
    readonly origin: string,
    facts: ErrorFacts & { readonly kind?: string } = {}
  ) {
    super(problems.map((problem) => RecipeError.line(origin, problem)).join('\n'), facts);
    if (facts.kind !== undefined) this.kind = facts.kind;
  }

  private static line(origin: string, problem: RecipeProblem): string {
    const line = problem.line === undefined ? '' : `:${problem.line}`;
    const path = problem.path === '' ? '' : ` ${problem.path}:`;
    return `${origin}${line}:${path} ${problem.message}`;
  }
}

/** Thrown when a source or OpenMetadata refuses the credentials; never retried. */
export class AuthenticationError extends IngestionError {
  override readonly name = 'AuthenticationError';
  readonly consequence = 'authentication';
}

/** Thrown for what a retry cannot mend: an unknown host name, an unknown database, a 400. */
export class PermanentError extends IngestionError {
  override readonly name = 'PermanentError';
  readonly consequence = 'permanent';
}

export interface TransientFacts extends ErrorFacts {
  /** Milliseconds the other side asked to wait (Retry-After). */
  readonly retryAfterMs?: number;
  /** True when the other side answered 429: the caller should narrow its concurrency, not only wait. */
  readonly throttled?: boolean;
}

/** Thrown for resets, time-outs, 429, 502, 503, 504: the same call may succeed later. */
export class TransientError extends IngestionError {
  override readonly name = 'TransientError';
  readonly consequence = 'transient';
  readonly retryAfterMs?: number;
  readonly throttled: boolean;

  constructor(message: string, facts: TransientFacts = {}) {
    super(message, facts);
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    this.throttled = facts.throttled ?? false;
  }
}

/** Thrown when a source ended a statement at the time limit it was given: sent again it may take as long again. */
export class StatementTimeout extends TransientError {}

/** Thrown for one table, one query, one row: counted as a failure of `entity`, the run goes on. */
export class RecordError extends IngestionError {
  override readonly name = 'RecordError';
  readonly consequence = 'record';

  constructor(
    message: string,
    /** FQN, or the name as the source gives it. */
    readonly entity: string,
    facts: ErrorFacts = {}
  ) {
    super(message, facts);
  }
}
