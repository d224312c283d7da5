import { RegexThread, TooSlow } from './regex-thread.js';

/** A name may take this many milliseconds; nothing waits for it but the run whose pattern it is. */
const NAME_LIMIT_MS = 2_000;
/** What all names together, on all patterns of a list, may take beyond what a sensible pattern takes. */
const ALL_NAMES_LIMIT_MS = 10_000;
const SENSIBLE_MS = 5;
/** Reading one can't be interrupted, and takes its time by its length. */
export const MOST_SIGNS = 200;

const thread = new RegexThread(NAME_LIMIT_MS);

/**
 * What is spent of ALL_NAMES_LIMIT_MS; patterns of one list share one, so that many of them take no longer than one.
 */
export class SpentTime {
  ms = 0;
}

/** An expression with back-references, which can take for ever: in a thread of its own, under a time limit. */
export class SlowRegex {
  readonly #flags: string;

  /** @throws SyntaxError for what is none */
  constructor(
    private readonly source: string,
    flags: string,
    private readonly spent: SpentTime
  ) {
    this.#flags = new RegExp(source, flags).flags;
  }

  /** One that has been too slow answers nothing any more. @throws TooSlow */
  async test(name: string): Promise<boolean> {
    if (this.spent.ms > ALL_NAMES_LIMIT_MS) throw new TooSlow();
    try {
      const { found, ms } = await thread.test(this.source, this.#flags, name);
      if (ms > SENSIBLE_MS) this.spent.ms += ms;
      return found;
    } catch (error) {
      this.spent.ms = Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}
