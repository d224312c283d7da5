import { LRUCache } from 'lru-cache';

/** Entries kept at once; about 2 KiB for a table with 20 columns. */
const CAPACITY = 10_000;
/** Older entries are looked up again: the catalog changes. Milliseconds. */
const MAX_AGE_MS = 10 * 60_000;

/**
 * What a run has looked up in the catalog so far, including what wasn't there; its activities in one worker share it.
 */
export class LookUpCache<Found> {
  readonly #entries: LRUCache<string, readonly Found[]>;

  constructor(now: () => number = Date.now) {
    // the library caches the time for a moment; with 0 it asks the clock each time
    this.#entries = new LRUCache({ max: CAPACITY, ttl: MAX_AGE_MS, ttlResolution: 0, perf: { now } });
  }

  get(key: string): readonly Found[] | undefined {
    return this.#entries.get(key);
  }

  set(key: string, found: readonly Found[]): void {
    this.#entries.set(key, found);
  }
}
