import type { Cursor } from '../cursor.js';
import type { Handler } from './handlers.js';
import type { LeftStatement } from './left-statements.js';

/** Statements in statements: the JavaScript stack must never be what sets the limit. */
const MOST_NESTED = 150;

/** Walks over the tokens of a text, without moving its cursor. */
export class FlowSteps {
  at = 0;
  isTooDeep = false;
  /** What the block declares that is read. */
  own = new Set<string>();
  /** Up to here, no BEGIN follows a DECLARE. */
  sectionless = 0;
  readonly handlers: Handler[] = [];
  /** Blocks and loops in which it is, the innermost last. */
  readonly opened: LeftStatement[] = [];
  #depth = 0;

  constructor(readonly cursor: Cursor) {}

  get done(): boolean {
    return this.at >= this.cursor.tokens.length;
  }

  word(ahead = 0): string {
    return this.cursor.token(this.at + ahead).word;
  }

  /** Over what is in brackets, or a CASE, as a whole. */
  step(): void {
    const close = this.cursor.list.closes.get(this.at);
    this.at = close === undefined ? this.at + 1 : close + 1;
  }

  take(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.word(ahead) === word)) return false;
    this.at += words.length;
    return true;
  }

  /** Behind the first of these words in this statement; false, and nowhere else, if it has none. */
  takeUpTo(words: RegExp): boolean {
    const from = this.at;
    while (!this.done && !words.test(this.word())) {
      if (this.word() === ';') {
        this.at = from;
        return false;
      }
      this.step();
    }
    this.at += 1;
    return true;
  }

  deeper(read: () => void): void {
    if (this.#depth >= MOST_NESTED) {
      this.isTooDeep = true;
      this.at = this.cursor.tokens.length;
      return;
    }
    this.#depth += 1;
    read();
    this.#depth -= 1;
  }
}
