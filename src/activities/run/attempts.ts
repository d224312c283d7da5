import { z } from 'zod';
import type { Silence, Trouble } from '../../contract/trouble.js';
import { redactAndCut } from '../../secrets/index.js';

/** Trouble that is over for this long is forgotten, milliseconds. */
const OVER_MS = 30_000;
const MOST_WHY = 1_000;

/** Heartbeat details: a hint for people and for giving up. The truth is what is staged. */
const beatDetails = z.object({
  /** Steps done in the attempt that sent this. */
  done: z.number(),
  /** The attempt that last made progress. */
  attempt: z.number(),
  /** Attempts since then that ended because their worker was told to stop. */
  evicted: z.number().default(0),
  /** When the first attempt failed since the last progress, milliseconds since the epoch. */
  failingSince: z.number().optional(),
});
/** With what the attempt struggles with and waits for, for people. */
export type BeatDetails = z.infer<typeof beatDetails> & { readonly trouble?: Trouble; readonly silence?: Silence };

/** Counts an activity's attempts that came to nothing; this decides when to give up. */
export class Attempts {
  #details: z.infer<typeof beatDetails>;
  #trouble: Trouble | undefined;
  #progressAt = 0;

  /**
   * @param heartbeatDetails of the previous attempt; ignored when another version of this worker wrote them
   * @param calls of this attempt; default: none are known
   */
  constructor(
    private readonly attempt: number,
    heartbeatDetails: unknown,
    private readonly now: () => number = Date.now,
    private readonly calls: { readonly silence: Silence | undefined } = { silence: undefined }
  ) {
    const parsed = beatDetails.safeParse(heartbeatDetails);
    this.#details = parsed.success ? { ...parsed.data, done: 0 } : { done: 0, attempt: 0, evicted: 0 };
  }

  /** What the next attempt needs to know. */
  get details(): BeatDetails {
    const { silence } = this.calls;
    return {
      ...this.#details,
      ...(this.#hasTrouble(this.#trouble) ? { trouble: this.#trouble } : {}),
      ...(silence === undefined ? {} : { silence: { ...silence, call: redactAndCut(silence.call, MOST_WHY) } }),
    };
  }

  /** A call went wrong, and what it wanted is tried again within this attempt. */
  trouble(why: string): void {
    const now = this.now();
    const { since, times } = this.#hasTrouble(this.#trouble) ? this.#trouble : { since: now, times: 0 };
    this.#trouble = { why: redactAndCut(why, MOST_WHY), since, last: now, times: times + 1 };
  }

  #hasTrouble(trouble: Trouble | undefined): trouble is Trouble {
    return trouble !== undefined && this.now() - trouble.last <= OVER_MS;
  }

  progress(): void {
    this.#progressAt = this.now();
    this.#details = { done: this.#details.done + 1, attempt: this.attempt, evicted: 0 };
  }

  /** @returns since when the activity waits: what an attempt struggled with until its end began before it */
  fail(): number {
    const trouble = this.#hasTrouble(this.#trouble) ? this.#trouble.since : undefined;
    const begun = trouble !== undefined && trouble >= this.#progressAt ? trouble : this.now();
    const failingSince = this.#details.failingSince ?? begun;
    this.#details = { ...this.#details, failingSince };
    return failingSince;
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
