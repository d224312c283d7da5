/** Set SEED to repeat what a failing test printed. */
const FIRST = Number(process.env.SEED ?? 1);

/** Of each fault: one moment a run of the suite, three with FAULTS=all (`npm run test:faults -- --all`). */
export const SEEDS: readonly number[] = process.env['FAULTS'] === 'all' ? [FIRST, FIRST + 1, FIRST + 2] : [FIRST];

/** Numbers from a seed, the same ever after. */
export class Dice {
  #state: number;

  constructor(seed: number, fault: string) {
    this.#state = [...fault].reduce((sum, char) => Math.imul(sum ^ char.charCodeAt(0), 0x01000193), 0x811c9dc5 ^ seed);
  }

  /** Of `from` … `to`, both included. */
  number(from: number, to: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) % (to - from + 1));
  }

  pick<T>(...choices: readonly [T, ...T[]]): T {
    return choices[this.number(0, choices.length - 1)] ?? choices[0];
  }
}
