import { buildFqn, queryChecksum, type StoredQueries } from '../openmetadata/index.js';
import { shorten } from '../report/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { PublishedQuery } from './published-line.js';
import { QueryRequests } from './query-requests.js';
import type { QueryPart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';

/** Stored queries that are listed at once rather than asked for one by one. */
const MOST_LISTED = 50_000;

/**
 * Stores statements with all their tables and users at once: a PUT of a query replaces these, so they are first merged
 * with what is there.
 */
export class QueryPublisher {
  readonly #requests: QueryRequests;
  #stored: Promise<StoredQueries | undefined> | undefined;

  constructor(
    private readonly input: PublishUsageInput,
    users: UserFinder
  ) {
    this.#requests = new QueryRequests(input, users);
  }

  /** @returns those that another service holds */
  async publish(parts: readonly QueryPart[]): Promise<PublishedQuery[]> {
    const { client, service, signal, recorder } = this.input;
    const requests = await this.#requests.of(parts);
    const stored = await (this.#stored ??= client.queries.listStored(buildFqn(service), { most: MOST_LISTED, signal }));
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
