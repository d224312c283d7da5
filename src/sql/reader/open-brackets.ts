import type { Frame } from './call-frames.js';
import type { Cursor } from './cursor.js';
import { TYPE_WORDS } from './keywords.js';
import { innerQuery } from './queries.js';

/** The brackets that are open where an expression is being read, and the lambda parameters that they declare. */
export class OpenBrackets {
  /** Up to this bracket, brackets in a row hold values, not a query. */
  #valuesUntil = -1;
  readonly #frames: Frame[] = [];
  /** Outermost first. */
  readonly all: readonly Frame[] = this.#frames;

  get innermost(): Frame | undefined {
    return this.#frames[this.#frames.length - 1];
  }

  /** Opens the bracket at `open`. `call` is the function that it belongs to, lower case; empty for a plain bracket. */
  open(open: number, close: number, call: string): void {
    const frame: Frame = { open, close, call, argument: 0, holds: undefined };
    const lambda = this.innermost?.lambda;
    if (lambda !== undefined) frame.lambda = lambda;
    this.#frames.push(frame);
  }

  close(): void {
    this.#frames.pop();
  }

  /**
   * Whether the query that starts at `from` fills the bracket that ends at `close`. Nested brackets are walked only
   * once.
   */
  holdQuery(cursor: Cursor, from: number, close: number): boolean {
    if (from <= this.#valuesUntil) return false;
    const inner = innerQuery(cursor, from, close);
    if (inner !== undefined) this.#valuesUntil = inner;
    return inner === undefined;
  }

  nextArgument(): void {
    if (this.innermost !== undefined) this.innermost.argument += 1;
  }

  /** The words of the bracket from `open` to `close` are the parameters of a lambda: `(x, y) -> x + y`. */
  declare(cursor: Cursor, open: number, close: number): void {
    if (this.innermost === undefined) return;
    const names = new Set(this.innermost.lambda);
    for (let index = open + 1; index < close; index += 1) names.add(cursor.token(index).word);
    this.innermost.lambda = names;
  }

  /**
   * Declares the word at `at` if it is the parameter of a lambda, `x -> x + 1`, or a name of BigQuery's
   * `WITH(x AS …, x + 1)`.
   *
   * @returns how many tokens to step over; 0 when it is neither
   */
  declareAt(cursor: Cursor, at: number): number {
    const frame = this.innermost;
    if (frame === undefined || frame.call === '') return 0;
    const width = frame.call === 'with' && cursor.token(at + 1).word === 'as' ? 1 : lambdaWidth(cursor, at);
    if (width > 0) frame.lambda = new Set(frame.lambda).add(cursor.token(at).word);
    return width;
  }

  isLambda(name: string): boolean {
    return this.innermost?.lambda?.has(name.toLowerCase()) === true;
  }
}

/** How many tokens the parameter of a lambda at `at` takes with its arrow; 0 when it isn't one. */
function lambdaWidth(cursor: Cursor, at: number): number {
  const next = cursor.token(at + 1).word;
  const width = next === '->' ? 2 : TYPE_WORDS.has(next) && cursor.token(at + 2).word === '->' ? 3 : 0;
  if (width === 0) return 0;
  const following = cursor.token(at + width).kind;
  return following === 'string' || following === 'number' ? 0 : width;
}
