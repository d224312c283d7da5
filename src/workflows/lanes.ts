import { condition, log, sleep } from '@temporalio/workflow';
import { LONGEST_WAIT_MS } from '../contract/waits.js';
import type { RunPlan, StageResult } from '../contract/run-plan.js';

/**
 * A run has at most this many times one worker's slots under way in a stage, however many threads its recipe asks for.
 */
const SLOTS_A_RUN = 2;

/** How many units of a stage a run has under way at once. */
export function lanesOf({ threads, slots }: Pick<RunPlan, 'threads' | 'slots'>): number {
  return Math.max(1, Math.min(threads, SLOTS_A_RUN * slots));
}

/**
 * A lane comes back when nothing has been narrowed for this long, milliseconds: a burst at the start must not slow down
 * a run of hours.
 */
const QUIET_MS = 10 * 60_000;

/**
 * Bounds how many tasks of a stage run at once; may be narrowed while they run. Deterministic: first come, first
 * served.
 */
export class Lanes {
  #running = 0;
  readonly #most: number;
  #limit: number;
  #narrowedAt = 0;

  constructor(limit: number) {
    this.#most = Math.max(1, limit);
    this.#limit = this.#most;
  }

  get limit(): number {
    return this.#limit;
  }

  /** One lane less, until it has been quiet for a while. */
  narrow(): void {
    this.#limit = Math.max(1, this.#limit - 1);
    this.#narrowedAt = Date.now();
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    this.#widenAgain();
    while (this.#running >= this.#limit) await condition(() => this.#running < this.#limit);
    this.#running += 1;
    try {
      return await task();
    } finally {
      this.#running -= 1;
    }
  }

  /**
   * Repeats a call when OpenMetadata asks to slow down: waits as long as it says, and continues with one lane less.
   * @param waiting told how long the wait is, then that it is over (undefined)
   */
  async slowedDown<T extends StageResult>(
    task: () => Promise<T>,
    waiting: (milliseconds: number | undefined) => void = () => undefined
  ): Promise<T> {
    for (;;) {
      const result = await task();
      if (result.retryAfterMs === undefined) return result;
      this.narrow();
      // What an earlier version of a worker staged or returned may name any length of time.
      const wait = Math.min(result.retryAfterMs, LONGEST_WAIT_MS);
      log.info('OpenMetadata asks to slow down', { seconds: Math.ceil(wait / 1_000) });
      waiting(wait);
      await sleep(wait);
      waiting(undefined);
    }
  }

  #widenAgain(): void {
    if (this.#limit === this.#most || Date.now() - this.#narrowedAt < QUIET_MS) return;
    this.#limit += 1;
    this.#narrowedAt = Date.now();
  }
}
