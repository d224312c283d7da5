import type { Awaitable } from './awaitable.js';
import type { NamePattern } from './name-pattern.js';

/** Patterns of which any may match. */
export class PatternList {
  readonly #slow: readonly number[];

  constructor(private readonly patterns: readonly NamePattern[]) {
    this.#slow = patterns.flatMap(({ isSlow }, index) => (isSlow ? [index] : []));
  }

  get length(): number {
    return this.patterns.length;
  }

  /**
   * The index of a pattern that matches one of the names, or -1; those with back-references are tried last.
   * @throws PermanentError of a pattern that takes too long
   */
  fitting(names: readonly string[]): Awaitable<number> {
    const index = this.patterns.findIndex(
      (pattern) => !pattern.isSlow && names.some((name) => pattern.test(name) === true)
    );
    return index !== -1 || this.#slow.length === 0 ? index : this.#fittingLater(names);
  }

  async #fittingLater(names: readonly string[]): Promise<number> {
    for (const index of this.#slow)
      for (const name of names) if ((await this.patterns[index]?.test(name)) === true) return index;
    return -1;
  }
}
