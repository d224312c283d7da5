import type { StagingStore, StateVersion } from '../staging/index.js';
import { earlierCosts } from './earlier-costs.js';
import type { BegunBatch, PublishedCost, PublishedLine } from './published-line.js';
import { isOf, isSameCost, printSentCost, sentCosts, type CostOrigin, type SentCost } from './sent-cost.js';
import { oldestKept } from './utc-day.js';

/** Of a record that nothing is known of. */
const OF_NO_STATEMENT: CostOrigin = { query: '', sentAt: 0 };

export interface RememberCosts {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  readonly published: AsyncIterable<PublishedLine>;
  /** Of a run that did not reach its end: those of the batch that was cut off, which come after what was published. */
  readonly cutOff?: BegunBatch['costs'];
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
export async function rememberCosts(input: RememberCosts): Promise<CostChanges> {
  const { store, service, version, published, cutOff } = input;
  const address = sentCosts(service);
  const days = new Map<number, { texts: number; difference: number }>();
  let unknown = 0;
  const before = await store.state.read(address, version);
  const earlier = earlierCosts(before, oldestKept(version.startedAt));
  const inCatalog = (line: PublishedCost, sent: SentCost | undefined): SentCost => {
    const { day, checksum, cost, query, record } = line;
    const now = query === undefined ? undefined : { query, sentAt: version.startedAt };
    if (line.outcome === 'written')
      return { day, checksum, cost, origin: now && record !== undefined ? { ...now, record } : now };
    const known = sent !== undefined && isOf(sent, query) ? sent : undefined;
    // With an earlier version at hand another run sent it meanwhile, which ends after this one.
    if (known === undefined && (before === undefined || sent !== undefined)) {
      unknown += 1;
      // The report of a run that ends early does not tell: the next one finds it as this one did, and does.
      if (cutOff !== undefined) return sent ?? { day, checksum, cost, origin: OF_NO_STATEMENT };
    }
    const kept = { day, checksum, cost: known?.cost ?? cost, origin: known?.origin ?? now };
    if (isSameCost(cost, kept.cost)) return kept;
    const changed = days.get(day) ?? { texts: 0, difference: 0 };
    days.set(day, { texts: changed.texts + 1, difference: changed.difference + cost - kept.cost });
    return kept;
  };
  const costs = async function* (): AsyncGenerator<SentCost> {
    for await (const line of published) {
      if (line.kind !== 'cost' || (line.outcome !== 'written' && line.outcome !== 'unchanged')) continue;
      yield* earlier.upTo(line);
      yield inCatalog(line, await earlier.take(line));
    }
    for (const [day, checksum, cost] of cutOff ?? []) {
      yield* earlier.upTo({ day, checksum });
      await earlier.take({ day, checksum });
      // Without an origin it is sent again, which tells whether it is there.
      yield { day, checksum, cost, origin: undefined };
    }
    yield* earlier.upTo(undefined);
  };
  const lines = async function* (): AsyncGenerator<string> {
    for await (const cost of costs()) yield printSentCost(cost);
  };
  await store.state.write(address, version, lines());
  return { days, unknown };
}
