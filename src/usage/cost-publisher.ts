import { buildFqn, type CostOutcome, type QueryIds } from '../openmetadata/index.js';
import { KeptCosts } from './kept-costs.js';
import { ListedOnce } from './listed-once.js';
import type { PublishUsageInput } from './publish-input.js';
import type { BegunBatch, PublishedCost } from './published-line.js';
import { isOf, type SentCost } from './sent-cost.js';
import type { CostPart } from './usage-part.js';

/**
 * Sends what queries cost: one record per statement and day, at midnight UTC. Records can't be changed, so a day that
 * may still grow waits for a run that finds it complete; an existing record stays, and one that is known to be there
 * is not sent again, whatever it says: `rememberCosts` compares the costs.
 */
export class CostPublisher {
  readonly #kept: KeptCosts;
  #sent = new Map<CostPart, SentCost>();
  /** By day of which no record can be asked for: one of the batch that was sent before, and is sent again. */
  #probes = new Map<number, CostPart>();
  #probed = new Map<CostPart, Promise<CostOutcome | undefined>>();
  /** Listed just before the first cost, when all statements of the run are stored. */
  readonly #ids: ListedOnce<QueryIds>;

  constructor(private readonly input: PublishUsageInput) {
    const { client, store, service, to, now, signal } = input;
    this.#ids = new ListedOnce((most) => client.queries.listIds(buildFqn(service), { most, signal }));
    this.#kept = new KeptCosts({
      ...{ client, state: store.state, service, now, signal },
      version: { run: to.run, startedAt: now },
    });
  }

  /** Looks up a batch, in the order of the parts. @returns what of it may have to be sent */
  async begin(parts: readonly CostPart[]): Promise<BegunBatch['costs']> {
    this.#sent = new Map();
    this.#probes = new Map();
    this.#probed = new Map();
    const toSend: BegunBatch['costs'] = [];
    for (const part of parts.filter(({ day }) => day < this.input.completeBefore)) {
      const sent = await this.#kept.find(part);
      if (sent !== undefined) this.#sent.set(part, sent);
      const look = await this.#kept.lookFor(part, sent);
      // One of which nobody knows whether it is there was sent before, if it is.
      if (look !== 'there')
        toSend.push([part.day, part.checksum, look === 'unknown' && sent !== undefined ? sent.cost : part.cost]);
      if (look === 'unknown' && this.#sentAt(part) >= this.#sentAt(this.#probes.get(part.day)))
        this.#probes.set(part.day, part);
    }
    return toSend;
  }

  close(): Promise<void> {
    return this.#kept.close();
  }

  #sentAt(part: CostPart | undefined): number {
    return part === undefined ? 0 : (this.#sent.get(part)?.origin?.sentAt ?? 0);
  }

  /** @param isRepeated an attempt that was cut off may have sent it */
  async publish(part: CostPart, isRepeated: boolean): Promise<PublishedCost> {
    const { checksum, day, cost } = part;
    const { completeBefore, recorder } = this.input;
    const line = { kind: 'cost', checksum, day, cost } as const;
    if (day >= completeBefore) return { ...line, outcome: 'waiting' };
    const query = await this.#idOf(checksum);
    if (query === undefined) return { ...line, outcome: 'no query' };
    const sent = this.#sent.get(part);
    const isSent = sent !== undefined && isOf(sent, query);
    const done = (outcome: 'written' | 'unchanged', record?: string): PublishedCost => {
      recorder.count('sink', outcome === 'written' ? { records: 1 } : { unchanged: 1 });
      return { ...line, outcome, query, ...(record === undefined ? {} : { record }) };
    };
    if (isSent && (await this.#isThere(part, isRepeated))) return done('unchanged');
    const { outcome, id } = (await this.#probed.get(part)) ?? (await this.#send(part, query));
    if (outcome === 'created') return done('written', id);
    const isOwn = isRepeated && (!isSent || (await this.#kept.look(day)) === 'missing');
    return done(isOwn ? 'written' : 'unchanged');
  }

  /**
   * Where no record of the day can be asked for, since a cut off attempt did not learn their ids, one is sent again: if
   * that is there, the others are. Not in a batch that an attempt may have sent a part of.
   */
  async #isThere(part: CostPart, isRepeated: boolean): Promise<boolean> {
    const look = await this.#kept.lookFor(part, this.#sent.get(part));
    const probe = this.#probes.get(part.day);
    if (look !== 'unknown' || isRepeated || probe === undefined) return look === 'there';
    const probed = this.#probed.get(probe) ?? this.#probe(probe);
    this.#probed.set(probe, probed);
    if (probe === part) return false;
    return probed.then(
      (answer) => answer?.outcome === 'there',
      () => false
    );
  }

  /** @returns undefined when its statement is not the one it was sent for, so that it tells nothing */
  async #probe(part: CostPart): Promise<CostOutcome | undefined> {
    const query = await this.#idOf(part.checksum);
    const sent = this.#sent.get(part);
    return query !== undefined && sent !== undefined && isOf(sent, query) ? this.#send(part, query) : undefined;
  }

  #send({ day, cost, count, durationMs }: CostPart, query: string): Promise<CostOutcome> {
    const { client, signal } = this.input;
    return client.queryCosts.create(
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
  }

  async #idOf(checksum: string): Promise<string | undefined> {
    const { client, service, signal } = this.input;
    const fqn = `${buildFqn(service)}.${checksum}`;
    const ids = await this.#ids.for(1);
    return ids === undefined ? (await client.queries.findByName(fqn, { signal }))?.id : ids.get(fqn);
  }
}
