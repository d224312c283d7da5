import { z } from 'zod';

/** Heartbeat details: a hint for people and for giving up, never the truth; that is staged. */
const beatDetails = z.object({
  /** Steps done in the attempt that sent it. */
  done: z.number(),
  /** The attempt that last made progress. */
  attempt: z.number(),
  /** Attempts since then that ended because their worker was told to stop. */
  evicted: z.number().default(0),
});
export type BeatDetails = z.infer<typeof beatDetails>;

/** Counts the attempts of an activity that came to nothing, which is what giving up depends on. */
export class Attempts {
  #details: BeatDetails;

  /** @param heartbeatDetails of the attempt before; those of another version of this worker are ignored */
  constructor(
    private readonly attempt: number,
    heartbeatDetails: unknown
  ) {
    const parsed = beatDetails.safeParse(heartbeatDetails);
    this.#details = parsed.success ? { ...parsed.data, done: 0 } : { done: 0, attempt: 0, evicted: 0 };
  }

  /** What the next attempt is to know. */
  get details(): BeatDetails {
    return this.#details;
  }

  progress(): void {
    this.#details = { done: this.#details.done + 1, attempt: this.attempt, evicted: 0 };
  }

  /** A deploy, or a node that is drained: it says nothing about the work. */
  evict(): void {
    this.#details = { ...this.#details, evicted: this.#details.evicted + 1 };
  }

  /** Attempts in a row without progress, this one included; none when this one made some. */
  get inVain(): number {
    return this.attempt - this.#details.attempt - this.#details.evicted;
  }
}
