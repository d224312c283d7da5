import { z } from 'zod';

/** Heartbeat details: a hint for people and for giving up. The truth is what is staged. */
const beatDetails = z.object({
  /** Steps done in the attempt that sent this. */
  done: z.number(),
  /** The attempt that last made progress. */
  attempt: z.number(),
  /** Attempts since then that ended because their worker was told to stop. */
  evicted: z.number().default(0),
});
export type BeatDetails = z.infer<typeof beatDetails>;

/** Counts an activity's attempts that came to nothing; this decides when to give up. */
export class Attempts {
  #details: BeatDetails;

  /** @param heartbeatDetails of the previous attempt; ignored when another version of this worker wrote them */
  constructor(
    private readonly attempt: number,
    heartbeatDetails: unknown
  ) {
    const parsed = beatDetails.safeParse(heartbeatDetails);
    this.#details = parsed.success ? { ...parsed.data, done: 0 } : { done: 0, attempt: 0, evicted: 0 };
  }

  /** What the next attempt needs to know. */
  get details(): BeatDetails {
    return this.#details;
  }

  progress(): void {
    this.#details = { done: this.#details.done + 1, attempt: this.attempt, evicted: 0 };
  }

  /** A deployment, or a node that is drained: says nothing about the work. */
  evict(): void {
    this.#details = { ...this.#details, evicted: this.#details.evicted + 1 };
  }

  /** Attempts in a row without progress, including this one; 0 when this one made some. */
  get inVain(): number {
    return this.attempt - this.#details.attempt - this.#details.evicted;
  }
}
