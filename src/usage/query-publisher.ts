import {
  buildFqn,
  mapLimited,
  queryChecksum,
  type CreateQueryRequest,
  type StoredQueries,
} from '../openmetadata/index.js';
import { shorten } from '../report/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { PublishedQuery } from './published-line.js';
import type { QueryPart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';

/** Stored queries that are listed at once rather than asked for one by one. */
const MOST_LISTED = 50_000;

/**
 * Stores statements with all their tables and users at once: a PUT of a query replaces these, so they are first merged
 * with what is there.
 */
export class QueryPublisher {
  #stored: Promise<StoredQueries | undefined> | undefined;

  constructor(
    private readonly input: PublishUsageInput,
    private readonly users: UserFinder
  ) {}

  /** @returns those that another service holds */
  async publish(parts: readonly QueryPart[]): Promise<PublishedQuery[]> {
    const { client, service, signal, recorder, lanes } = this.input;
    const requests = await mapLimited(parts, lanes, (part) => this.#request(part));
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

  async #request({ text, type, tables, users, newest, timed, durationMs }: QueryPart): Promise<CreateQueryRequest> {
    const { service, dialect } = this.input;
    const known = (await mapLimited(users, 1, (login) => this.users.find(login))).flatMap((user) =>
      user === undefined ? [] : [user.fullyQualifiedName]
    );
    const names = [...new Set(known)].sort();
    return {
      query: text,
      service: buildFqn(service),
      dialect,
      ...(type === undefined ? {} : { query_type: type }),
      ...(timed === 0 ? {} : { duration: Math.round(durationMs / timed) }),
      ...(newest.at === 0 ? {} : { queryDate: newest.at }),
      queryUsedIn: tables.map((id) => ({ id, type: 'table' })),
      ...(names.length === 0 ? {} : { users: names }),
      ...(users.length === 0 ? {} : { usedBy: users.map(([login]) => login) }),
    };
  }
}
