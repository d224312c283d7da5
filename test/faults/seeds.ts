/** Set SEED to repeat what a failing test printed. */
const FIRST = seedOf(process.env.SEED);

/** Of each fault: one moment a run of the suite, three with FAULTS=all (`npm run test:faults -- --all`). */
export const SEEDS: readonly number[] = process.env['FAULTS'] === 'all' ? [FIRST, FIRST + 1, FIRST + 2] : [FIRST];

/** @throws Error for anything but a whole number: cases of no seed would pass for those that were asked for */
export function seedOf(text = '1'): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`SEED=${text} is no seed. Give a whole number, as a failing test printed it: SEED=3.`);
}

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
