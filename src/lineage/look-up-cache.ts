import { LRUCache } from 'lru-cache';

/** Entries kept at once; some 2 KiB a table of 20 columns. */
const CAPACITY = 10_000;
/** What was looked up longer ago is looked up again: the catalog changes. Milliseconds. */
const MAX_AGE_MS = 10 * 60_000;

/**
 * What a run has looked up in the catalog so far, what is absent included; its activities in a worker may share one.
 */
export class LookUpCache<Found> {
  readonly #entries: LRUCache<string, readonly Found[]>;

  constructor(now: () => number = Date.now) {
    // The library keeps a time for a moment; 0 asks the clock each time.
    this.#entries = new LRUCache({ max: CAPACITY, ttl: MAX_AGE_MS, ttlResolution: 0, perf: { now } });
  }

  get(key: string): readonly Found[] | undefined {
    return this.#entries.get(key);
  }

  set(key: string, found: readonly Found[]): void {
    this.#entries.set(key, found);
  }
}
