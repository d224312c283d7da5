import { z } from 'zod';
import type { StagingStore, StateVersion } from '../staging/index.js';
import type { PublishedCost, PublishedLine } from './published-line.js';
import { oldestKept } from './utc-day.js';

/** What outlives a run: the costs that the catalog has, a line per statement and day, sorted by day and checksum. */
const sentCost = z.tuple([z.number(), z.string(), z.number()]);
type SentCost = z.infer<typeof sentCost>;

/** Parts of a sum may be added up in another order. */
const SAME = 1e-9;

export interface RememberCosts {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  readonly published: AsyncIterable<PublishedLine>;
}

export interface CostChanges {
  /** By day: statements whose cost differs from the catalog's, and by how much in total. */
  readonly days: ReadonlyMap<number, { readonly texts: number; readonly difference: number }>;
  /** Records that were there, of which nothing tells what they say. */
  readonly unknown: number;
}

/**
 * Compares the costs that the log shows with those that were sent before, and keeps for the next run what the catalog
 * has now. A record that was there can't be asked for: what it says is known by this only. Holds one line of each.
 * Repeatable.
 */
export async function rememberCosts({ store, service, version, published }: RememberCosts): Promise<CostChanges> {
  const address = { service, kind: 'usage', name: 'costs' };
  const days = new Map<number, { texts: number; difference: number }>();
  let unknown = 0;
  const before = await store.state.read(address, version);
  const earlier = new Earlier(before, oldestKept(version.startedAt));
  const compare = (line: PublishedCost, sent: number | undefined): number => {
    if (line.outcome === 'written') return line.cost;
    // With an earlier version at hand it was sent by an attempt of this run that was cut off after the call.
    if (sent === undefined && before === undefined) unknown += 1;
    const difference = line.cost - (sent ?? line.cost);
    if (Math.abs(difference) <= SAME * Math.abs(line.cost)) return sent ?? line.cost;
    const known = days.get(line.day) ?? { texts: 0, difference: 0 };
    days.set(line.day, { texts: known.texts + 1, difference: known.difference + difference });
    return line.cost - difference;
  };
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of published) {
      if (line.kind !== 'cost' || (line.outcome !== 'written' && line.outcome !== 'unchanged')) continue;
      const { day, checksum } = line;
      yield* earlier.upTo([day, checksum]);
      yield JSON.stringify([day, checksum, compare(line, await earlier.take([day, checksum]))] satisfies SentCost);
    }
    yield* earlier.upTo(undefined);
  };
  await store.state.write(address, version, lines());
  return { days, unknown };
}

type Key = readonly [day: number, checksum: string];

/** The lines of the version before, in their order; those of days that are no longer kept are left out. */
class Earlier {
  readonly #lines: AsyncIterator<string> | undefined;
  #next: SentCost | undefined;
  #begun = false;

  constructor(
    lines: AsyncIterable<string> | undefined,
    private readonly oldest: number
  ) {
    this.#lines = lines?.[Symbol.asyncIterator]();
  }

  /** Those before the key, which stay as they are. */
  async *upTo(key: Key | undefined): AsyncGenerator<string> {
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      if (key !== undefined && !isBefore(next, key)) return;
      if (next[0] >= this.oldest) yield JSON.stringify(next);
      await this.#advance();
    }
  }

  /** The cost of the line of that key, when it is the next one. */
  async take([day, checksum]: Key): Promise<number | undefined> {
    const next = await this.#peek();
    if (next?.[0] !== day || next[1] !== checksum) return undefined;
    await this.#advance();
    return next[2];
  }

  async #peek(): Promise<SentCost | undefined> {
    if (!this.#begun) await this.#advance();
    return this.#next;
  }

  async #advance(): Promise<void> {
    this.#begun = true;
    const next = await this.#lines?.next();
    this.#next = next === undefined || next.done === true ? undefined : sentCost.parse(JSON.parse(next.value));
  }
}

function isBefore([day, checksum]: SentCost, [otherDay, otherChecksum]: Key): boolean {
  return day === otherDay ? checksum < otherChecksum : day < otherDay;
}
