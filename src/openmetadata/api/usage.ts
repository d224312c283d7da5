import { z } from 'zod';
import type { TableJoinsRequest, UsageKind, UsageRequest } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybeList } from './answer-shape.js';
import { getIfThere } from './get-if-there.js';

const usageAnswer = z.object({
  usage: maybeList(z.object({ date: z.string(), dailyStats: z.object({ count: z.number() }) })),
});

export interface StoredUsageOptions extends CallOptions {
  /** The newest day, `2026-11-27`; days are counted back from it. */
  readonly date: string;
  /** 1–30. */
  readonly days: number;
}

/** How often tables are used, and which of their columns are joined. */
export class UsageApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Counts by date as the server has them; undefined when there is no such table. */
  async storedCounts(
    tableId: string,
    { date, days, signal }: StoredUsageOptions
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const path = `/usage/table/${encodeFqnInPath(tableId)}`;
    const answer = await getIfThere(this.#transport, path, usageAnswer, { query: { date, days }, signal });
    return answer && new Map(answer.usage.map((each) => [each.date, each.dailyStats.count]));
  }

  /**
   * Sets the table's count for a date; it is **added** to those of its schema and database. Not repeatable, so it is
   * sent once: whoever calls it asks for `storedCounts` before it is sent again.
   */
  async setCount(tableId: string, request: UsageRequest, { signal }: CallOptions = {}): Promise<void> {
    const path = `/usage/table/${encodeFqnInPath(tableId)}`;
    await this.#transport.request('POST', path, { body: request, signal });
  }

  /** Adds to the count for a date, for table, schema and database alike. Not repeatable, so it is sent once. */
  async addCount(tableId: string, request: UsageRequest, { signal }: CallOptions = {}): Promise<void> {
    const path = `/usage/table/${encodeFqnInPath(tableId)}`;
    await this.#transport.request('PUT', path, { body: request, signal, once: true });
  }

  /** Ranks all entities of a kind that have a count on that date. Repeatable. */
  async computePercentiles(kind: UsageKind, date: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('POST', `/usage/compute.percentile/${kind}/${date}`, { signal, repeatable: true });
  }

  /** Sets the counts of these pairs for that date, whichever side sent them before. Repeatable. */
  async putJoins(tableId: string, request: TableJoinsRequest, { signal }: CallOptions = {}): Promise<void> {
    await this.#transport.request('PUT', `/tables/${encodeFqnInPath(tableId)}/joins`, { body: request, signal });
  }
}
