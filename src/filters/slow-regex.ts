import { RegexThread, TooSlow } from './regex-thread.js';

/** Milliseconds that a name may take; only the run with this pattern waits for it. */
const NAME_LIMIT_MS = 2_000;
/** What all names together may take on all patterns of a list, beyond what sensible patterns take. */
const ALL_NAMES_LIMIT_MS = 10_000;
const SENSIBLE_MS = 5;
/** Reading one can't be interrupted; how long it takes depends on its length. */
export const MOST_SIGNS = 200;

const thread = new RegexThread(NAME_LIMIT_MS);

/** States in the machines of all patterns of a list: some tens of megabytes. */
const MOST_STATES_OF_LIST = 400_000;

/**
 * What is used up of ALL_NAMES_LIMIT_MS, and of memory; the patterns of a list share it, so that many of them take no
 * more than one.
 */
export class SpentTime {
  ms = 0;
  #states = 0;

  /** @throws Error (a phrase) when the patterns of the list have become too large together */
  addStates(count: number): void {
    this.#states += count;
    if (this.#states > MOST_STATES_OF_LIST)
      throw new Error('with those before it, it is too large: counted repetitions are written out when they are read');
  }
}

/** An expression with back-references, which can take for ever: in a separate thread, under a time limit. */
export class SlowRegex {
  readonly #flags: string;

  /** @throws SyntaxError when it isn't one */
  constructor(
    private readonly source: string,
    flags: string,
    private readonly spent: SpentTime
  ) {
    this.#flags = new RegExp(source, flags).flags;
  }

  /** One that has been too slow no longer answers. @throws TooSlow */
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
