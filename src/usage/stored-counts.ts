import { LRUCache } from 'lru-cache';
import { dayText } from '../sources/index.js';
import type { PublishUsageInput } from './publish-input.js';
import { DAYS_KEPT, dayOf } from './utc-day.js';

/** Tables whose stored counts are remembered; of more they are asked for again. */
const REMEMBERED = 60_000;

/** By date; `absent` for a table that the catalog does not have any more. */
export type Stored = ReadonlyMap<string, number> | 'absent';

/** What the catalog has of the days that it keeps: each table is asked once. */
export class StoredCounts {
  readonly #stored = new LRUCache<string, Promise<Stored>>({ max: REMEMBERED });

  constructor(private readonly input: Pick<PublishUsageInput, 'client' | 'now' | 'signal'>) {}

  of(id: string): Promise<Stored> {
    const { client, now, signal } = this.input;
    const known = this.#stored.get(id);
    if (known !== undefined) return known;
    const asked = client.usage
      .storedCounts(id, { date: dayText(dayOf(now)), days: DAYS_KEPT, signal })
      .then((counts): Stored => counts ?? 'absent');
    this.#stored.set(id, asked);
    return asked;
  }

  /** As it is now. */
  again(id: string): Promise<Stored> {
    this.#stored.delete(id);
    return this.of(id);
  }
}
