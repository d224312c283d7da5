import { PermanentError } from '../../errors/index.js';
import type { BulkKind, BulkRequests } from '../entities/index.js';
import { httpStatusOf } from '../http/outcome.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { mapLimited } from '../map-limited.js';
import { matchRows, outcomeOf, type BulkOutcome, type RowOutcome } from './bulk-rows.js';
import { prepareRequest, type PreparedRequest } from './prepared-request.js';

export interface BulkPutOptions extends CallOptions {
  /**
   * Lets a bot replace descriptions, display names and owners, and switches off the sourceHash short cut. Default
   * false.
   */
  readonly overrideMetadata?: boolean;
}

/** A server without bulk paths gets single PUTs, this many at once. */
const SINGLE_PUTS = 4;
/** The whole body was refused because of one request in it, or because of its size. */
const DIVISIBLE = new Set([400, 413, 422]);

/** Bulk PUTs of create requests; remembers for which collections a server has none. */
export class BulkPut {
  readonly #transport: Transport;
  readonly #withoutBulk = new Set<BulkKind>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Creates or updates the entities, all in one call. A refused row is a failed row, not an error; a body that is
   * refused as a whole is halved until the offending request is alone. Repeatable.
   */
  async put<K extends BulkKind>(
    kind: K,
    requests: readonly BulkRequests[K][],
    options: BulkPutOptions = {}
  ): Promise<BulkOutcome> {
    return this.putPrepared(kind, requests.map(prepareRequest), options);
  }

  /** The same for requests that are already bytes. */
  async putPrepared(
    kind: BulkKind,
    requests: readonly PreparedRequest[],
    options: BulkPutOptions = {}
  ): Promise<BulkOutcome> {
    return outcomeOf(await this.#rows(kind, requests, options));
  }

  async #rows(kind: BulkKind, requests: readonly PreparedRequest[], options: BulkPutOptions): Promise<RowOutcome[]> {
    if (requests.length === 0) return [];
    if (this.#withoutBulk.has(kind)) return this.#putSingly(kind, requests, options);
    const path = `/${kind}/bulk`;
    try {
      const query = { async: false, overrideMetadata: options.overrideMetadata ?? false };
      const answer = await this.#transport.request('PUT', path, {
        query,
        json: arrayOf(requests),
        signal: options.signal,
        accept: [404, 405],
      });
      if (answer.status < 400)
        return matchRows(
          requests.map(({ fqn }) => fqn),
          answer.body,
          `PUT /v1${path}`
        );
    } catch (error) {
      if (!isDivisible(error)) throw error;
      return this.#divide(kind, requests, error, options);
    }
    this.#withoutBulk.add(kind);
    return this.#putSingly(kind, requests, options);
  }

  async #divide(
    kind: BulkKind,
    requests: readonly PreparedRequest[],
    error: Error,
    options: BulkPutOptions
  ): Promise<RowOutcome[]> {
    if (requests.length === 1) return requests.map(({ fqn }) => ({ fqn, ok: false, message: error.message }));
    const middle = Math.ceil(requests.length / 2);
    const first = await this.#rows(kind, requests.slice(0, middle), options);
    return [...first, ...(await this.#rows(kind, requests.slice(middle), options))];
  }

  async #putSingly(
    kind: BulkKind,
    requests: readonly PreparedRequest[],
    options: BulkPutOptions
  ): Promise<RowOutcome[]> {
    const query = { overrideMetadata: options.overrideMetadata === true ? true : undefined };
    return mapLimited(requests, SINGLE_PUTS, async ({ fqn, json }): Promise<RowOutcome> => {
      try {
        await this.#transport.request('PUT', `/${kind}`, { query, json, signal: options.signal });
        return { fqn, ok: true };
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        return { fqn, ok: false, message: error.message };
      }
    });
  }
}

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

function arrayOf(requests: readonly PreparedRequest[]): Buffer {
  return Buffer.concat([OPEN, ...requests.flatMap(({ json }, n) => (n === 0 ? [json] : [COMMA, json])), CLOSE]);
}

function isDivisible(error: unknown): error is Error {
  const status = httpStatusOf(error);
  return error instanceof PermanentError && status !== undefined && DIVISIBLE.has(status);
}
