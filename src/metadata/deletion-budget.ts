import type { GoneLine } from './staged-deletion.js';

/** Takes lines in order as long as they fit, each with everything it contains: the same ones in every attempt. */
export class DeletionBudget {
  #taken = 0;

  constructor(private readonly allowed: number) {}

  take({ entities }: GoneLine): boolean {
    if (this.#taken + entities > this.allowed) return false;
    this.#taken += entities;
    return true;
  }

  get taken(): number {
    return this.#taken;
  }
}
