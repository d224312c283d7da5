import { condition } from '@temporalio/workflow';

/** Bounds how many tasks of a stage run at once; may be narrowed while they run. Deterministic: first come, first served. */
export class Lanes {
  #running = 0;
  #limit: number;

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get limit(): number {
    return this.#limit;
  }

  /** One lane less, never none. */
  narrow(): void {
    this.#limit = Math.max(1, this.#limit - 1);
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    while (this.#running >= this.#limit) await condition(() => this.#running < this.#limit);
    this.#running += 1;
    try {
      return await task();
    } finally {
      this.#running -= 1;
    }
  }
}
