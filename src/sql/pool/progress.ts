/** Which statement of its batch a thread is reading, in memory that the main thread sees too. */
export class Progress {
  readonly #slots: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#slots = new Int32Array(buffer);
  }

  reset(): void {
    Atomics.store(this.#slots, 0, -1);
  }

  startText(index: number): void {
    Atomics.store(this.#slots, 0, index);
  }

  /** Index of the statement being read; -1 before the first one. */
  get index(): number {
    return Atomics.load(this.#slots, 0);
  }
}
