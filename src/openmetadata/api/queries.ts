import { z } from 'zod';
import type { CreateQueryRequest, EntityReference } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { mapLimited } from '../map-limited.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';
import type { BulkPut } from './bulk-put.js';
import { outcomeOf, requestFqn, type BulkOutcome, type RowOutcome } from './bulk-rows.js';
import { referenceSchema } from './entity-records.js';

const query = z.object({
  id: z.string(),
  fullyQualifiedName: z.string(),
  query: z.string(),
  processedLineage: maybe(z.boolean()),
  queryUsedIn: maybeList(referenceSchema),
  users: maybeList(referenceSchema),
  usedBy: maybeList(z.string()),
});

export type QueryRecord = z.infer<typeof query>;

const FIELDS = 'queryUsedIn,users';
/** Reads at once while uniting. */
const READS = 8;

export class QueriesApi {
  readonly #transport: Transport;
  readonly #bulk: BulkPut;

  constructor(transport: Transport, bulk: BulkPut) {
    this.#transport = transport;
    this.#bulk = bulk;
  }

  /** By `service.checksum`, see `queryChecksum`. */
  async findByName(fqn: string, { signal }: CallOptions = {}): Promise<QueryRecord | undefined> {
    const path = `/queries/name/${encodeFqnInPath(fqn)}`;
    const answer = await this.#transport.request('GET', path, { query: { fields: FIELDS }, signal, accept: [404] });
    return answer.status === 404 ? undefined : readAnswer(query, answer.body, `GET /v1${path}`);
  }

  /**
   * Stores queries, one entity a text. A PUT empties what it leaves out, so requests of the same text are united first, and with the
   * stored query: users, usedBy, queryUsedIn, and processedLineage stays true. A text that another service or name holds already
   * counts as stored. Rows in the order of the requests.
   */
  async bulkPut(requests: readonly CreateQueryRequest[], options: CallOptions = {}): Promise<BulkOutcome> {
    const united = new Map<string, CreateQueryRequest>();
    for (const request of requests) {
      const fqn = requestFqn(request);
      const known = united.get(fqn);
      united.set(fqn, known === undefined ? request : uniteRequests(known, request));
    }
    const bodies = await mapLimited([...united], READS, async ([fqn, request]) => {
      const stored = await this.findByName(fqn, options);
      return stored === undefined ? request : uniteRequests(storedPart(stored, request), request);
    });
    const { rows } = await this.#bulk.put('queries', bodies, options);
    const byFqn = new Map([...united.keys()].map((fqn, index) => [fqn, rows[index]]));
    return outcomeOf(requests.map((request) => acceptDuplicate(requestFqn(request), byFqn.get(requestFqn(request)))));
  }
}

/** What a PUT would empty, as a request. */
function storedPart(stored: QueryRecord, { query: text, service }: CreateQueryRequest): CreateQueryRequest {
  return {
    query: text,
    service,
    users: stored.users.flatMap((user) => user.fullyQualifiedName ?? user.name ?? []),
    usedBy: stored.usedBy,
    queryUsedIn: stored.queryUsedIn.map(({ id, type }) => ({ id, type })),
    processedLineage: stored.processedLineage ?? false,
  };
}

function uniteRequests(one: CreateQueryRequest, other: CreateQueryRequest): CreateQueryRequest {
  const users = union(one.users, other.users);
  const usedBy = union(one.usedBy, other.usedBy);
  const queryUsedIn = unionReferences(one.queryUsedIn, other.queryUsedIn);
  return {
    ...one,
    ...other,
    ...(users.length === 0 ? {} : { users }),
    ...(usedBy.length === 0 ? {} : { usedBy }),
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

/** The server keeps a text once: "unique checksum" means that it is there, under another name. */
function acceptDuplicate(fqn: string, row: RowOutcome | undefined): RowOutcome {
  if (row === undefined) return { fqn, ok: false, message: 'OpenMetadata gave no answer for this row.' };
  return !row.ok && /checksum/i.test(row.message ?? '') ? { fqn, ok: true } : row;
}
