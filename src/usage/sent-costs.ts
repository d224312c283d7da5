import type { StagingStore, StateAddress, StateVersion } from '../staging/index.js';
import { EarlierCosts, type SentCost } from './earlier-costs.js';
import type { PublishedCost, PublishedLine } from './published-line.js';
import { oldestKept } from './utc-day.js';

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
  const address = sentCosts(service);
  const days = new Map<number, { texts: number; difference: number }>();
  let unknown = 0;
  const before = await store.state.read(address, version);
  const earlier = new EarlierCosts(before, oldestKept(version.startedAt));
  const inCatalog = (line: PublishedCost, sent: SentCost | undefined): SentCost => {
    const { day, checksum, cost, query, record } = line;
    const now = query === undefined ? undefined : { query, sentAt: version.startedAt };
    if (line.outcome === 'written')
      return [day, checksum, cost, now === undefined || record === undefined ? now : { ...now, record }];
    const known = isOf(sent, query) ? sent : undefined;
    // With an earlier version at hand another run sent it meanwhile, which ends after this one.
    if (known === undefined && (before === undefined || sent !== undefined)) unknown += 1;
    const difference = cost - (known?.[2] ?? cost);
    const origin = known?.[3] ?? now;
    if (Math.abs(difference) <= SAME * Math.abs(cost)) return [day, checksum, known?.[2] ?? cost, origin];
    const changed = days.get(day) ?? { texts: 0, difference: 0 };
    days.set(day, { texts: changed.texts + 1, difference: changed.difference + difference });
    return [day, checksum, cost - difference, origin];
  };
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of published) {
      if (line.kind !== 'cost' || (line.outcome !== 'written' && line.outcome !== 'unchanged')) continue;
      const key = [line.day, line.checksum] as const;
      for await (const kept of earlier.upTo(key)) yield kept;
      yield JSON.stringify(inCatalog(line, await earlier.take(key)));
    }
    yield* earlier.upTo(undefined);
  };
  await store.state.write(address, version, lines());
  return { days, unknown };
}

/** Where the costs that were sent are kept. */
export function sentCosts(service: string): StateAddress {
  return { service, kind: 'usage', name: 'costs' };
}

/** Whether the catalog's record says the same cost. */
export function isSameCost(cost: number, [, , sent]: SentCost): boolean {
  return Math.abs(cost - sent) <= SAME * Math.abs(cost);
}

/** Whether it is of that statement, not of its namesake in another catalog; of an older line nobody knows. */
export function isOf(sent: SentCost | undefined, query: string | undefined): boolean {
  const of = sent?.[3]?.query;
  return sent !== undefined && (of === undefined || query === undefined || of === query);
}
