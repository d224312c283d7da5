import { buildFqn, type StoredQueries } from '../openmetadata/index.js';
import type { SentCost } from './earlier-costs.js';
import { KeptCosts } from './kept-costs.js';
import type { PublishUsageInput } from './publish-input.js';
import type { PublishedCost } from './published-line.js';
import { isOf } from './sent-costs.js';
import type { CostPart } from './usage-part.js';

/** Stored queries that are listed at once rather than asked for one by one. */
const MOST_LISTED = 50_000;

/**
 * Sends what queries cost: one record per statement and day, at midnight UTC. Records can't be changed, so a day that
 * may still grow waits for a run that finds it complete; an existing record stays, and one that is known to be there
 * with the same cost is not sent again.
 */
export class CostPublisher {
  readonly #kept: KeptCosts;
  #sent = new Map<CostPart, SentCost>();
  #stored: Promise<StoredQueries | undefined> | undefined;

  constructor(private readonly input: PublishUsageInput) {
    const { client, store, service, to, now, signal } = input;
    this.#kept = new KeptCosts({
      ...{ client, state: store.state, service, now, signal },
      version: { run: to.run, startedAt: now },
    });
  }

  /** Looks up a batch, in the order of the parts. @returns whether anything of it may have to be sent */
  async begin(parts: readonly CostPart[]): Promise<boolean> {
    this.#sent = new Map();
    let isToSend = false;
    for (const part of parts.filter(({ day }) => day < this.input.completeBefore)) {
      const sent = await this.#kept.find(part);
      if (sent !== undefined) this.#sent.set(part, sent);
      if (!isToSend) isToSend = !(await this.#kept.isThere(part, sent));
    }
    return isToSend;
  }

  /** @param isRepeated an attempt that was cut off may have sent it */
  async publish(part: CostPart, isRepeated: boolean): Promise<PublishedCost> {
    const { checksum, day, cost, count, durationMs } = part;
    const { client, completeBefore, recorder, signal } = this.input;
    const line = { kind: 'cost', checksum, day, cost } as const;
    if (day >= completeBefore) return { ...line, outcome: 'waiting' };
    const query = await this.#idOf(checksum);
    if (query === undefined) return { ...line, outcome: 'no query' };
    const sent = this.#sent.get(part);
    const isSent = isOf(sent, query);
    const done = (outcome: 'written' | 'unchanged', record?: string): PublishedCost => {
      recorder.count('sink', outcome === 'written' ? { records: 1 } : { unchanged: 1 });
      return { ...line, outcome, query, ...(record === undefined ? {} : { record }) };
    };
    if (isSent && (await this.#kept.isThere(part, sent))) return done('unchanged');
    const { outcome, id } = await client.queryCosts.create(
      {
        timestamp: day,
        jsonSchema: 'queryCostRecord',
        queryReference: { id: query, type: 'query' },
        cost,
        count,
        totalDuration: durationMs,
      },
      { signal }
    );
    if (outcome === 'created') return done('written', id);
    const isOwn = isRepeated && (!isSent || (await this.#kept.look(day)) === 'missing');
    return done(isOwn ? 'written' : 'unchanged');
  }

  /** Listed just before the first cost, when all statements of the run are stored. */
  async #idOf(checksum: string): Promise<string | undefined> {
    const { client, service, signal } = this.input;
    const fqn = `${buildFqn(service)}.${checksum}`;
    const stored = await (this.#stored ??= client.queries.listStored(buildFqn(service), { most: MOST_LISTED, signal }));
    if (stored !== undefined) return stored.get(fqn)?.id;
    return (await client.queries.findByName(fqn, { signal }))?.id;
  }
}
