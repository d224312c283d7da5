import { setImmediate } from 'node:timers/promises';
import type { Awaitable } from './awaitable.js';
import type { NamePattern } from './name-pattern.js';
import { takenSteps } from './run-program.js';

/** Some hundredths of a second: after so many steps other work of the process has its turn. */
const STEPS_AT_ONCE = 2_000_000;
let stepsBefore = 0;

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
   * The index of a pattern that matches one of the names, or -1; those with back-references are tried last. It answers
   * later when they are needed, or when all patterns together have worked for so long that other work must go on.
   * @throws PermanentError of a pattern that takes too long
   */
  fitting(names: readonly string[]): Awaitable<number> {
    for (const [index, pattern] of this.patterns.entries()) {
      if (isOutOfBreath()) return this.#fittingLater(names, index);
      if (!pattern.isSlow && names.some((name) => pattern.test(name) === true)) return index;
    }
    return this.#slow.length === 0 ? -1 : this.#fittingLater(names, this.patterns.length);
  }

  async #fittingLater(names: readonly string[], from: number): Promise<number> {
    for (const [index, pattern] of this.patterns.entries()) {
      if (index < from || pattern.isSlow) continue;
      if (isOutOfBreath()) await breathe();
      if (names.some((name) => pattern.test(name) === true)) return index;
    }
    for (const index of this.#slow)
      for (const name of names) if ((await this.patterns[index]?.test(name)) === true) return index;
    return -1;
  }
}

function isOutOfBreath(): boolean {
  return takenSteps() - stepsBefore > STEPS_AT_ONCE;
}

async function breathe(): Promise<void> {
  await setImmediate();
  stepsBefore = takenSteps();
}
