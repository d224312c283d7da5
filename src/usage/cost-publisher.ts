import { buildFqn, type StoredQueries } from '../openmetadata/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { PublishedCost } from './published-line.js';
import type { CostPart } from './usage-part.js';

/** Stored queries that are listed at once rather than asked for one by one. */
const MOST_LISTED = 50_000;

/**
 * Sends what queries cost: one record per statement and day, at midnight UTC. Records can't be changed, so a day that
 * may still grow waits for a run that finds it complete; an existing record stays.
 */
export class CostPublisher {
  #stored: Promise<StoredQueries | undefined> | undefined;

  constructor(private readonly input: PublishUsageInput) {}

  async publish({ checksum, day, cost, count, durationMs }: CostPart): Promise<PublishedCost> {
    const { client, completeBefore, recorder, signal } = this.input;
    const line = { kind: 'cost', checksum, day, cost } as const;
    if (day >= completeBefore) return { ...line, outcome: 'waiting' };
    const id = await this.#idOf(checksum);
    if (id === undefined) return { ...line, outcome: 'no query' };
    const answer = await client.queryCosts.create(
      {
        timestamp: day,
        jsonSchema: 'queryCostRecord',
        queryReference: { id, type: 'query' },
        cost,
        count,
        totalDuration: durationMs,
      },
      { signal }
    );
    recorder.count('sink', answer === 'created' ? { records: 1 } : { unchanged: 1 });
    return { ...line, outcome: answer === 'created' ? 'written' : 'unchanged' };
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
