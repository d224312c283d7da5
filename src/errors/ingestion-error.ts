/**
 * The error tree of the worker, by consequence: the class depends on what happens to the run, not on where the error
 * came from. Drivers' and servers' own errors are mapped to one of these at the edge (one table per connector).
 */

import { LONGEST_WAIT_MS } from '../contract/waits.js';
import { boundedText } from './bounded-text.js';
import { harmlessLine } from './harmless-text.js';

/**
 * Characters that an error keeps of what a server or driver said: more than anybody reads, or than a history gets.
 * Cutting comes after redaction, so that no secret is cut in half.
 */
const MOST_KEPT = 64 * 1024;
/** Characters of a place, of a remedy, and of what is said about one key of a recipe. */
const MOST_PLACE = 1_000;
const MOST_PROBLEM = 2_000;

/** Facts every error may carry besides its message. None of them may contain a secret. */
export interface ErrorFacts {
  /** A recipe path (`source.serviceConnection.config.hostPort`), an FQN, a URL without credentials. */
  readonly where?: string;
  /** What the user can do about it: one sentence in the imperative. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** `record` errors are counted and the run continues; `transient` ones are retried; the others end the run. */
export type Consequence = 'recipe' | 'authentication' | 'permanent' | 'transient' | 'record';

export abstract class IngestionError extends Error {
  abstract readonly consequence: Consequence;
  readonly where?: string;
  readonly remedy?: string;

  /**
   * @param message one line, in which a server's or driver's line ends are escaped; several lines of our own as a list
   */
  constructor(message: string | readonly string[], facts: ErrorFacts = {}) {
    const lines = typeof message === 'string' ? [message] : message;
    super(
      boundedText(lines.map(harmlessLine).join('\n'), MOST_KEPT),
      facts.cause === undefined ? undefined : { cause: facts.cause }
    );
    if (facts.where !== undefined) this.where = boundedText(harmlessLine(facts.where), MOST_PLACE);
    if (facts.remedy !== undefined) this.remedy = boundedText(harmlessLine(facts.remedy), MOST_PLACE);
  }

  /** Message, place and remedy as one text, the form that users see. */
  describe(): string {
    const place = this.where === undefined || this.message.includes(this.where) ? '' : ` (at ${this.where})`;
    if (this.remedy === undefined) return `${this.message}${place}`;
    // messages of servers often end without a full stop
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
  /** Set when the only fault is the workflow it was given to: the kind that runs it. */
  readonly kind?: string;

  readonly problems: readonly RecipeProblem[];
  /** The recipe's file or `recipe` for inline input. */
  readonly origin: string;

  constructor(problems: readonly RecipeProblem[], origin: string, facts: ErrorFacts & { readonly kind?: string } = {}) {
    const bounded = problems.map((problem) => ({
      ...problem,
      path: boundedText(harmlessLine(problem.path), MOST_PLACE),
      message: boundedText(harmlessLine(problem.message), MOST_PROBLEM),
    }));
    const place = boundedText(harmlessLine(origin), MOST_PLACE);
    super(
      bounded.map((problem) => RecipeError.line(place, problem)),
      facts
    );
    this.problems = bounded;
    this.origin = place;
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

/** Thrown for what a retry can't fix: an unknown host name, an unknown database, a 400. */
export class PermanentError extends IngestionError {
  override readonly name = 'PermanentError';
  readonly consequence = 'permanent';
}

/**
 * Thrown when a source runs no statement, whatever it reads: it has no warehouse, or no quota is left. This says
 * nothing of a column that was asked for.
 */
export class NothingRuns extends PermanentError {}

/** Thrown when a statement has a column that isn't there: one that was dropped or renamed since it was listed. */
export class NoSuchColumn extends PermanentError {
  constructor(
    message: string,
    /** As the source names it, perhaps behind its table. */
    readonly column: string,
    facts: ErrorFacts = {}
  ) {
    super(message, facts);
  }
}

/** Whether a source refuses what a statement reads or computes, so that another one may be answered. */
export function isRefusal(error: unknown): error is PermanentError {
  return error instanceof PermanentError && !(error instanceof NothingRuns);
}

const TOO_PATIENT = 'it asked to wait for longer than 15 minutes; it is asked again then';

export interface TransientFacts extends ErrorFacts {
  /**
   * Milliseconds that the other side asked to wait (Retry-After); at most 15 minutes are kept, and the message says so.
   */
  readonly retryAfterMs?: number;
  /** True when the other side answered 429: the caller should narrow its concurrency, not only wait. */
  readonly throttled?: boolean;
  /**
   * Where it arose, if that is known: a connection that doesn't open says nothing of the statement that needs it, and
   * one that answers a statement with it and stays open lacks nothing itself.
   */
  readonly arose?: 'opening' | 'statement';
}

/** Thrown for resets, time-outs, 429, 502, 503, 504: the same call may succeed later. */
export class TransientError extends IngestionError {
  override readonly name = 'TransientError';
  readonly consequence = 'transient';
  readonly retryAfterMs?: number;
  readonly throttled: boolean;
  readonly arose?: 'opening' | 'statement';

  constructor(message: string, facts: TransientFacts = {}) {
    const asked = facts.retryAfterMs;
    super(asked === undefined || asked <= LONGEST_WAIT_MS ? message : `${message} (${TOO_PATIENT})`, facts);
    if (asked !== undefined) this.retryAfterMs = Math.min(Math.max(0, asked), LONGEST_WAIT_MS);
    this.throttled = facts.throttled ?? false;
    if (facts.arose !== undefined) this.arose = facts.arose;
  }
}

/** Thrown when OpenMetadata asks to slow down (429): it is under pressure, not the source. */
export class CatalogBusy extends TransientError {
  constructor(message: string, facts: TransientFacts = {}) {
    super(message, { ...facts, throttled: true });
  }
}

/**
 * Thrown when something else answered in OpenMetadata's place, such as an ingress without a backend. Before anything of
 * it was heard, hostPort is wrong; later it is being restarted.
 */
export class ForeignAnswer extends TransientError {}

/** Thrown when a source ended a statement at its time limit: sent again it may take as long again. */
export class StatementTimeout extends TransientError {}

/** Thrown for one table, one query, one row: counted as a failure of `entity`; the run continues. */
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

/** Thrown when a connection is no more: the same statement may be answered by another one. */
export class ConnectionLost extends TransientError {}
