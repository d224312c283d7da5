import { buildFqn, queryChecksum, type StoredQueries } from '../openmetadata/index.js';
import { shorten } from '../report/index.js';
import { ListedOnce } from './listed-once.js';
import type { PublishUsageInput } from './publish-input.js';
import type { PublishedQuery } from './published-line.js';
import { QueryRequests } from './query-requests.js';
import type { QueryPart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';

/**
 * Stores statements with all their tables and users at once: a PUT of a query replaces these, so they are first merged
 * with what is there.
 */
export class QueryPublisher {
  readonly #requests: QueryRequests;
  readonly #stored: ListedOnce<StoredQueries>;

  constructor(
    private readonly input: PublishUsageInput,
    users: UserFinder
  ) {
    const { client, service, signal } = input;
    this.#requests = new QueryRequests(input, users);
    this.#stored = new ListedOnce((most) => client.queries.listStored(buildFqn(service), { most, signal }));
  }

  /** @returns those that another service holds */
  async publish(parts: readonly QueryPart[]): Promise<PublishedQuery[]> {
    const { client, signal, recorder } = this.input;
    const requests = await this.#requests.of(parts);
    const stored = await this.#stored.for(requests.length);
    const { rows } = await client.queries.bulkPut(requests, {
      signal,
      newestRuns: true,
      ...(stored === undefined ? {} : { stored }),
    });
    for (const { fqn, ok, message } of rows) {
      if (!ok) recorder.failure('sink', fqn, `The query was not stored: ${message ?? 'refused'}`);
    }
    return parts.flatMap(({ text }, index): PublishedQuery[] =>
      rows[index]?.heldElsewhere === true
        ? [{ kind: 'query', checksum: queryChecksum(text), text: shorten(text), outcome: 'held elsewhere' }]
        : []
    );
  }
}
