import { z } from 'zod';
import type { CreateQueryRequest, EntityReference } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { mapLimited } from '../map-limited.js';
import { getIfThere } from './get-if-there.js';
import type { BulkPut } from './bulk-put.js';
import { outcomeOf, requestFqn, type BulkOutcome, type RowOutcome } from './bulk-rows.js';
import type { AtMost } from './list-at-most.js';
import {
  listQueryIds,
  listStoredQueries,
  listTextHolders,
  storedQuery,
  type QueryIds,
  type StoredQueries,
  type StoredQuery,
  type TextHolders,
} from './stored-queries.js';

const query = storedQuery.extend({ fullyQualifiedName: z.string(), query: z.string() });

export type QueryRecord = z.infer<typeof query>;

export interface QueriesPutOptions extends CallOptions {
  /** What the service has, from `listStored`: then statements aren't asked for one by one. */
  readonly stored?: StoredQueries;
  /**
   * Sends a statement again, with its newest date and the duration of its newest runs, when it ran since it was stored
   * or the same runs were read with another duration. Default false.
   */
  readonly newestRuns?: boolean;
}

/** A statement that isn't stored with all that requests say of it, and what is sent of it. */
export interface LackingQuery {
  readonly fqn: string;
  readonly body: CreateQueryRequest;
}

/** What became of a statement. */
export interface QueryOutcome extends RowOutcome {
  /**
   * Nothing was stored: another service, or another name, holds the text, and OpenMetadata keeps each text once. `ok`
   * is true, since nothing is wrong with the statement.
   */
  readonly heldElsewhere?: true;
}

/** Rows in the order of the requests. */
export interface QueriesOutcome extends BulkOutcome {
  readonly rows: readonly QueryOutcome[];
}

const FIELDS = 'queryUsedIn,users';
/** Reads at once while merging. */
const READS = 8;

export class QueriesApi {
  readonly #transport: Transport;
  readonly #bulk: BulkPut;

  constructor(transport: Transport, bulk: BulkPut) {
    this.#transport = transport;
    this.#bulk = bulk;
  }

  /** All stored queries of a service, listed; undefined when there are more than `most`. */
  listStored(service: string, options: AtMost): Promise<StoredQueries | undefined> {
    return listStoredQueries(this.#transport, service, options);
  }

  /** The ids of all stored queries of a service; undefined when there are more than `most`. */
  listIds(service: string, options: AtMost): Promise<QueryIds | undefined> {
    return listQueryIds(this.#transport, service, options);
  }

  /** Who holds each text of the catalog, whatever its service; undefined when there are more than `most`. */
  listHolders(options: AtMost): Promise<TextHolders | undefined> {
    return listTextHolders(this.#transport, options);
  }

  /** By `service.checksum`, see `queryChecksum`. */
  async findByName(fqn: string, { signal }: CallOptions = {}): Promise<QueryRecord | undefined> {
    const path = `/queries/name/${encodeFqnInPath(fqn)}`;
    return getIfThere(this.#transport, path, query, { query: { fields: FIELDS }, signal });
  }

  /**
   * Stores queries, one entity per statement. A PUT empties what it leaves out, so requests with the same statement are
   * first merged with each other and with the stored query: users, usedBy, queryUsedIn, and processedLineage stays
   * true. A statement that another service or name already has is `heldElsewhere`; one that is stored with everything
   * the request says about its use isn't sent.
   */
  async bulkPut(requests: readonly CreateQueryRequest[], options: QueriesPutOptions = {}): Promise<QueriesOutcome> {
    return this.put(requests, await this.lacking(requests, options), options);
  }

  /** The same, right after `lacking` has told what to send. */
  async put(
    requests: readonly CreateQueryRequest[],
    sent: readonly LackingQuery[],
    { signal }: CallOptions
  ): Promise<QueriesOutcome> {
    const { rows } = await this.#bulk.put(
      'queries',
      sent.map(({ body }) => body),
      { signal }
    );
    const byFqn = new Map<string, RowOutcome | undefined>(
      requests.map(requestFqn).map((fqn) => [fqn, { fqn, ok: true }])
    );
    sent.forEach(({ fqn }, index) => byFqn.set(fqn, rows[index]));
    const outcomes = requests.map((request) => asHeld(requestFqn(request), byFqn.get(requestFqn(request))));
    return { ...outcomeOf(outcomes), rows: outcomes };
  }

  /** What `bulkPut` would send: the statements that aren't stored with everything that the requests say. */
  async lacking(
    requests: readonly CreateQueryRequest[],
    { stored: known, newestRuns = false, ...options }: QueriesPutOptions = {}
  ): Promise<LackingQuery[]> {
    const united = new Map<string, CreateQueryRequest>();
    for (const request of requests) {
      const fqn = requestFqn(request);
      const known = united.get(fqn);
      united.set(fqn, known === undefined ? request : uniteRequests(known, request));
    }
    const wanted = await mapLimited([...united], READS, async ([fqn, request]) => {
      const isDone = (stored: StoredQuery): boolean =>
        hasAll(stored, request) && !(newestRuns && hasNewerRuns(stored, request));
      if (known !== undefined) {
        const listed = known.get(fqn);
        if (listed === undefined) return [{ fqn, body: request }];
        if (isDone(listed)) return [];
      }
      // a listing may be minutes old, and the PUT empties what another run has added since
      const stored = await this.findByName(fqn, options);
      if (stored === undefined) return [{ fqn, body: request }];
      return isDone(stored) ? [] : [{ fqn, body: uniteRequests(storedPart(stored, request), request) }];
    });
    return wanted.flat();
  }
}

/** The request says nothing new about how the statement is used. */
function hasAll(
  stored: StoredQuery,
  { processedLineage, queryUsedIn = [], users = [], usedBy = [] }: CreateQueryRequest
): boolean {
  const used = new Set(stored.queryUsedIn.map(({ type, id }) => `${type}:${id}`));
  const known = new Set(stored.users.flatMap((user) => [user.fullyQualifiedName ?? '', user.name ?? '']));
  return (
    (processedLineage !== true || stored.processedLineage === true) &&
    queryUsedIn.every(({ type, id }) => used.has(`${type}:${id}`)) &&
    users.every((user) => known.has(user)) &&
    usedBy.every((user) => stored.usedBy.includes(user))
  );
}

/** The request is of a newer run than the stored one, or says another duration of the same. */
function hasNewerRuns(stored: StoredQuery, { queryDate = 0, duration }: CreateQueryRequest): boolean {
  const { queryDate: known = 0 } = stored;
  return queryDate > known || (queryDate === known && duration !== undefined && duration !== stored.duration);
}

/** What a PUT would empty or replace, as a request. */
function storedPart(stored: StoredQuery, { query: text, service }: CreateQueryRequest): CreateQueryRequest {
  return {
    query: text,
    service,
    users: stored.users.flatMap((user) => user.fullyQualifiedName ?? user.name ?? []),
    usedBy: stored.usedBy,
    queryUsedIn: stored.queryUsedIn.map(({ id, type }) => ({ id, type })),
    processedLineage: stored.processedLineage ?? false,
    ...(stored.queryDate === undefined ? {} : { queryDate: stored.queryDate }),
    ...(stored.duration === undefined ? {} : { duration: stored.duration }),
  };
}

function uniteRequests(one: CreateQueryRequest, other: CreateQueryRequest): CreateQueryRequest {
  const users = union(one.users, other.users);
  const usedBy = union(one.usedBy, other.usedBy);
  const queryUsedIn = unionReferences(one.queryUsedIn, other.queryUsedIn);
  const queryDate = Math.max(one.queryDate ?? 0, other.queryDate ?? 0);
  // of the newest runs: a log that is older than the stored query says nothing of how long it takes now
  const [older, newer] = (other.queryDate ?? 0) >= (one.queryDate ?? 0) ? [one, other] : [other, one];
  const duration = newer.duration ?? older.duration;
  return {
    ...one,
    ...other,
    ...(users.length === 0 ? {} : { users }),
    ...(usedBy.length === 0 ? {} : { usedBy }),
    ...(queryDate === 0 ? {} : { queryDate }),
    ...(duration === undefined ? {} : { duration }),
    ...(queryUsedIn.length === 0 ? {} : { queryUsedIn }),
    ...(one.processedLineage === true || other.processedLineage === true ? { processedLineage: true } : {}),
  };
}

function union(one: readonly string[] = [], other: readonly string[] = []): string[] {
  return [...new Set([...one, ...other])];
}

function unionReferences(
  one: readonly EntityReference[] = [],
  other: readonly EntityReference[] = []
): EntityReference[] {
  return [...new Map([...one, ...other].map((reference) => [`${reference.type}:${reference.id}`, reference])).values()];
}

/** The server keeps each statement once: "unique checksum" means that it exists under another name. */
function asHeld(fqn: string, row: RowOutcome | undefined): QueryOutcome {
  if (row === undefined) return { fqn, ok: false, message: 'OpenMetadata gave no answer for this row.' };
  return !row.ok && /checksum/i.test(row.message ?? '') ? { fqn, ok: true, heldElsewhere: true } : row;
}
