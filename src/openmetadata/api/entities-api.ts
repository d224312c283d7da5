import type { CreateRequests, EntityKind } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { getIfThere } from './get-if-there.js';
import type { BulkPut, BulkPutOptions } from './bulk-put.js';
import type { BulkOutcome, RowOutcome } from './bulk-rows.js';
import { deleteStale, type DeleteStaleRequest } from './delete-stale.js';
import { countEntities, listEntities, type EntityPage, type ListOptions } from './entity-list.js';
import { ENTITY_SCHEMAS, type EntityRecords } from './entity-records.js';
import type { EntityScope } from './entity-scope.js';
import type { PatchOperation } from './patch.js';
import type { PreparedRequest } from './prepared-request.js';

export interface FindOptions extends CallOptions {
  readonly fields?: readonly string[];
  readonly include?: 'non-deleted' | 'deleted' | 'all';
}

export interface PatchOptions extends CallOptions {
  /**
   * The version read before: the server refuses the patch (TransientError) if somebody has changed the entity since.
   */
  readonly ifVersion?: number;
  /** The operations leave the same when they are sent twice. Default false. */
  readonly repeatable?: boolean;
}

export interface DeleteOptions extends CallOptions {
  readonly recursive?: boolean;
  readonly hardDelete?: boolean;
}

/** The calls of one collection: databases, databaseSchemas, tables or storedProcedures. */
export class EntitiesApi<K extends EntityKind> {
  readonly kind: K;
  readonly #transport: Transport;
  readonly #bulk: BulkPut;

  constructor(kind: K, transport: Transport, bulk: BulkPut) {
    this.kind = kind;
    this.#transport = transport;
    this.#bulk = bulk;
  }

  /** Creates or updates; rows in the order of the requests, refused ones as failed rows. */
  bulkPut(requests: readonly CreateRequests[K][], options?: BulkPutOptions): Promise<BulkOutcome> {
    return this.#bulk.put<EntityKind>(this.kind, requests, options);
  }

  /** The same for requests that are already text. */
  bulkPutPrepared(requests: readonly PreparedRequest[], options?: BulkPutOptions): Promise<BulkOutcome> {
    return this.#bulk.putPrepared(this.kind, requests, options);
  }

  /** Undefined when there is none (or only a soft-deleted one, unless `include` asks for it). */
  async findByName(fqn: string, { fields, include, signal }: FindOptions = {}): Promise<EntityRecords[K] | undefined> {
    const path = `/${this.kind}/name/${encodeFqnInPath(fqn)}`;
    const query = { fields: fields?.join(','), include };
    return getIfThere(this.#transport, path, ENTITY_SCHEMAS[this.kind], { query, signal });
  }

  list(scope: EntityScope, options?: ListOptions): AsyncGenerator<EntityPage<EntityRecords[K]>, void, undefined> {
    return listEntities(this.#transport, this.kind, scope, options);
  }

  count(scope: EntityScope, options?: CallOptions): Promise<number> {
    return countEntities(this.#transport, this.kind, scope, options);
  }

  deleteStale(request: DeleteStaleRequest, options?: CallOptions): Promise<readonly RowOutcome[] | undefined> {
    return deleteStale(this.#transport, this.kind, request, options);
  }

  /** Starts a (soft) deletion that the server completes on its own; false when there is no such entity. */
  async deleteAsync(
    id: string,
    { recursive = false, hardDelete = false, signal }: DeleteOptions = {}
  ): Promise<boolean> {
    const path = `/${this.kind}/async/${encodeFqnInPath(id)}`;
    const answer = await this.#transport.request('DELETE', path, {
      query: { recursive, hardDelete },
      signal,
      accept: [404],
    });
    return answer.status !== 404;
  }

  /**
   * Sends operations made by `buildPatch`; an empty list sends nothing. Not repeated after a broken connection, unless
   * it is `repeatable`.
   */
  async patch(
    id: string,
    operations: readonly PatchOperation[],
    { ifVersion, repeatable = false, signal }: PatchOptions = {}
  ): Promise<void> {
    if (operations.length === 0) return;
    const headers = ifVersion === undefined ? {} : { 'If-Match': `W/"${ifVersion}"` };
    await this.#transport.request('PATCH', `/${this.kind}/${encodeFqnInPath(id)}`, {
      body: operations,
      headers,
      signal,
      repeatable,
    });
  }
}
