import { LRUCache } from 'lru-cache';
import type { ListStored } from '../../lineage/index.js';
import type { StoredQueries } from '../../openmetadata/index.js';

/** Runs whose listing is kept; the largest listing is about 25 MiB. */
const CAPACITY = 2;
/** A listing older than this is made again. Milliseconds. */
const MAX_AGE_MS = 10 * 60_000;

interface Listing {
  readonly stored: Promise<StoredQueries | undefined>;
}

/** What a service had stored when a run began to publish; listed once per worker, however many units it has. */
export class StoredListings {
  readonly #listings = new LRUCache<string, Listing>({ max: CAPACITY, ttl: MAX_AGE_MS });

  of(run: string, list: ListStored): Promise<StoredQueries | undefined> {
    const known = this.#listings.get(run);
    if (known !== undefined) return known.stored;
    const listing = { stored: list() };
    this.#listings.set(run, listing);
    listing.stored.catch(() => {
      if (this.#listings.peek(run) === listing) this.#listings.delete(run);
    });
    return listing.stored;
  }
}
