import type { Phase } from '../text-reader.js';

/** Where a thread is in its batch, in memory that the main thread sees as well. */
export interface ProgressView {
  /** Index of the text being read; -1 before the first one. */
  readonly index: number;
  readonly phase: Phase;
  /** The thread has lost a Wasm instance and waits for its end. */
  readonly trapped: boolean;
}

const INDEX = 0;
const PHASE = 1;
const TRAPPED = 2;
const SLOTS = 3;
const PHASES: readonly Phase[] = ['tokens', 'loading', 'grammar'];

/** Shared between the pool and the thread that reads one batch. */
export class Progress {
  readonly #slots: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.#slots = new Int32Array(buffer);
  }

  reset(): void {
    Atomics.store(this.#slots, INDEX, -1);
    Atomics.store(this.#slots, PHASE, 0);
    Atomics.store(this.#slots, TRAPPED, 0);
  }

  startText(index: number): void {
    this.enter('tokens');
    Atomics.store(this.#slots, INDEX, index);
  }

  enter(phase: Phase): void {
    Atomics.store(this.#slots, PHASE, PHASES.indexOf(phase));
  }

  trap(): void {
    Atomics.store(this.#slots, TRAPPED, 1);
  }

  view(): ProgressView {
    return {
      index: Atomics.load(this.#slots, INDEX),
      phase: PHASES[Atomics.load(this.#slots, PHASE)] ?? 'tokens',
      trapped: Atomics.load(this.#slots, TRAPPED) !== 0,
    };
  }
}
