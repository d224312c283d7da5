import { createContext, Script } from 'node:vm';

/** For patterns with back-references, which can take for ever: a name may take this many milliseconds. */
const NAME_LIMIT_MS = 50;
/** What all names together, on all patterns of a list, may take beyond what a sensible pattern takes. */
const ALL_NAMES_LIMIT_MS = 1_000;
const SENSIBLE_MS = 1;
/** Reading one can't be interrupted, and takes its time by its length. */
export const MOST_SIGNS = 200;

/** Thrown when a pattern has used up its time. */
export class TooSlow extends Error {
  constructor() {
    super('its back-references take too long');
  }
}

/** What is spent of ALL_NAMES_LIMIT_MS; patterns of one list share one, so that many of them take no longer than one. */
export class SpentTime {
  ms = 0;
}

/** JavaScript's own regular expression under a time limit. One that has been too slow answers nothing any more. */
export class LimitedRegex {
  static readonly #script = new Script('regex.test(text)');
  readonly #context: { regex: RegExp; text: string };

  constructor(
    regex: RegExp,
    private readonly spent: SpentTime
  ) {
    this.#context = { regex, text: '' };
    createContext(this.#context);
  }

  /** @throws TooSlow */
  test(text: string): boolean {
    if (this.spent.ms > ALL_NAMES_LIMIT_MS) throw new TooSlow();
    this.#context.text = text;
    const started = performance.now();
    try {
      return LimitedRegex.#script.runInContext(this.#context, { timeout: NAME_LIMIT_MS }) === true;
    } catch {
      this.spent.ms = Number.POSITIVE_INFINITY;
      throw new TooSlow();
    } finally {
      const took = performance.now() - started;
      if (took > SENSIBLE_MS) this.spent.ms += took;
    }
  }
}
