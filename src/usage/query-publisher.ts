import {
  buildFqn,
  queryChecksum,
  type CreateQueryRequest,
  type LackingQuery,
  type StoredQueries,
} from '../openmetadata/index.js';
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

  #begun: { readonly requests: readonly CreateQueryRequest[]; readonly lacking: readonly LackingQuery[] } = {
    requests: [],
    lacking: [],
  };

  constructor(
    private readonly input: PublishUsageInput,
    users: UserFinder
  ) {
    const { client, service, signal } = input;
    this.#requests = new QueryRequests(input, users);
    this.#stored = new ListedOnce((most) => client.queries.listStored(buildFqn(service), { most, signal }));
  }

  /** Looks at what the catalog has of a batch. @returns the checksums of those that are sent */
  async begin(parts: readonly QueryPart[]): Promise<string[]> {
    const { client, signal } = this.input;
    const requests = await this.#requests.of(parts);
    const stored = parts.length === 0 ? undefined : await this.#stored.for(parts.length);
    const options = { signal, newestRuns: true, ...(stored === undefined ? {} : { stored }) };
    const lacking = parts.length === 0 ? [] : await client.queries.lacking(requests, options);
    this.#begun = { requests, lacking };
    return lacking.map(({ body }) => queryChecksum(body.query));
  }

  /**
   * Sends what the batch that was begun lacks.
   *
   * @param isRepeated checksums of those that an attempt that was cut off had begun to send
   * @returns those that another service holds
   */
  async publish(parts: readonly QueryPart[], isRepeated: ReadonlySet<string>): Promise<PublishedQuery[]> {
    const { client, signal, recorder } = this.input;
    const { requests, lacking } = this.#begun;
    const { rows } = await client.queries.put(requests, lacking, { signal });
    const sent = new Set([...isRepeated, ...lacking.map(({ body }) => queryChecksum(body.query))]);
    const held: PublishedQuery[] = [];
    for (const [index, { text }] of parts.entries()) {
      const row = rows[index];
      const checksum = queryChecksum(text);
      if (row?.ok === false) recorder.failure('sink', row.fqn, `The query was not stored: ${row.message ?? 'refused'}`);
      else if (row?.heldElsewhere === true)
        held.push({ kind: 'query', checksum, text: shorten(text), outcome: 'held elsewhere' });
      else if (sent.has(checksum)) recorder.count('sink', { updated: 1 });
    }
    return held;
  }
}
