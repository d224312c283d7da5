import { z } from 'zod';
import type { TableJoinsRequest, UsageKind, UsageRequest } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, maybeList } from './answer-shape.js';
import { getIfThere } from './get-if-there.js';
import { listLifeCycleTimes, type LifeCycleTimes } from './life-cycle-times.js';
import type { AtMost } from './list-at-most.js';

const usageAnswer = z.object({
  usage: maybeList(z.object({ date: z.string(), dailyStats: z.object({ count: z.number() }) })),
});

const joinsAnswer = z.object({
  joins: maybe(
    z.object({
      columnJoins: maybeList(
        z.object({
          columnName: z.string(),
          joinedWith: maybeList(z.object({ fullyQualifiedName: z.string(), joinCount: z.number() })),
        })
      ),
    })
  ),
});

/** What a table's joins are looked up by: the column's name as stored, and the other column's FQN. */
export function joinKey(columnName: string, otherFqn: string): string {
  return `${columnName.replace(/^"(.*)"$/, '$1')}\n${otherFqn}`;
}

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

  /**
   * Joins of a table by `joinKey`, each the sum of the days that the server keeps: it doesn't tell days apart.
   * Undefined when there is no such table.
   */
  async storedJoins(tableId: string, { signal }: CallOptions = {}): Promise<ReadonlyMap<string, number> | undefined> {
    const path = `/tables/${encodeFqnInPath(tableId)}`;
    const answer = await getIfThere(this.#transport, path, joinsAnswer, { query: { fields: 'joins' }, signal });
    if (answer === undefined) return undefined;
    return new Map(
      (answer.joins?.columnJoins ?? []).flatMap(({ columnName, joinedWith }) =>
        joinedWith.map((joined) => [joinKey(columnName, joined.fullyQualifiedName), joined.joinCount] as const)
      )
    );
  }

  /** Life cycles of all tables of a database, by FQN; undefined when there are more tables than `most`. */
  lifeCycleTimes(database: string, options: AtMost): Promise<ReadonlyMap<string, LifeCycleTimes> | undefined> {
    return listLifeCycleTimes(this.#transport, database, options);
  }
}
