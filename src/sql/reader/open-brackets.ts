import type { Frame } from './call-frames.js';
import type { Cursor } from './cursor.js';

/** The brackets that are open where an expression is being read, and the lambda parameters that they declare. */
export class OpenBrackets {
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

  isLambda(name: string): boolean {
    return this.innermost?.lambda?.has(name.toLowerCase()) === true;
  }
}
