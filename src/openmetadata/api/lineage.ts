import { PermanentError } from '../../errors/index.js';
import type { AddLineageRequest, LineageDetails, LineageSource } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import { httpStatusOf } from '../http/outcome.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { getIfThere } from './get-if-there.js';
import { EdgesById } from './edges-by-id.js';
import { edgeAnswer, mergeOperations, type LineageEdgeRecord, type LineageEnd } from './lineage-details.js';
import type { PatchOperation } from './patch.js';

export type { LineageEdgeRecord, LineageEnd } from './lineage-details.js';

export class LineageApi {
  readonly #transport: Transport;
  readonly #byId: EdgesById;
  /** The server has no calls by name: the first such call finds out. */
  #withoutNames = false;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#byId = new EdgesById(transport);
  }

  /** Undefined when there is no such edge, or one of its ends is unknown. */
  async getEdgeByName(
    from: LineageEnd,
    to: LineageEnd,
    { signal }: CallOptions = {}
  ): Promise<LineageEdgeRecord | undefined> {
    const path = `/lineage/getLineageEdge/${edgePath(from, to)}`;
    return (await getIfThere(this.#transport, path, edgeAnswer, { signal }))?.edge;
  }

  /** Writes an edge, **in place of** whatever details it had. @returns false when an end or the pipeline is unknown */
  async putEdgeByName(
    from: LineageEnd,
    to: LineageEnd,
    body: LineageDetails,
    { signal }: CallOptions = {}
  ): Promise<boolean> {
    const answer = await this.#transport.request('PUT', `/lineage/${edgePath(from, to)}`, {
      body,
      signal,
      accept: [404],
    });
    return answer.status !== 404;
  }

  /** Changes the details of an existing edge; paths are those of LineageDetails. */
  async patchEdgeByName(
    from: LineageEnd,
    to: LineageEnd,
    operations: readonly PatchOperation[],
    { signal }: CallOptions = {}
  ): Promise<void> {
    if (operations.length === 0) return;
    await this.#transport.request('PATCH', `/lineage/${edgePath(from, to)}`, { body: operations, signal });
  }

  /**
   * Adds to an edge: column lineage is merged, a pipeline once set is kept, the query is replaced, except that a view's
   * edge stays the view's, with its SQL. Repeatable; two callers must not merge edges between the same two ends at
   * once.
   */
  async mergeEdge(
    from: LineageEnd,
    to: LineageEnd,
    wanted: LineageDetails,
    options: CallOptions = {}
  ): Promise<'created' | 'updated' | 'unchanged' | 'unknown'> {
    if (this.#withoutNames) return this.#byId.merge(from, to, wanted, options);
    try {
      return await this.#mergeByName(from, to, wanted, options);
    } catch (error) {
      if (!isUnknownCall(error)) throw error;
      this.#withoutNames = true;
      return this.#byId.merge(from, to, wanted, options);
    }
  }

  async #mergeByName(
    from: LineageEnd,
    to: LineageEnd,
    wanted: LineageDetails,
    options: CallOptions
  ): Promise<'created' | 'updated' | 'unchanged' | 'unknown'> {
    const stored = await this.getEdgeByName(from, to, options);
    if (stored === undefined) return (await this.putEdgeByName(from, to, wanted, options)) ? 'created' : 'unknown';
    const operations = mergeOperations(stored, wanted);
    await this.patchEdgeByName(from, to, operations, options);
    return operations.length === 0 ? 'unchanged' : 'updated';
  }

  /** An edge between ids, for ends of which only the id is known. Replaces the details like `putEdgeByName`. */
  putEdge(request: AddLineageRequest, options: CallOptions = {}): Promise<boolean> {
    return this.#byId.put(request, options);
  }

  /** Removes all edges of one source into an entity (for `overrideViewLineage`). */
  async deleteBySource(into: LineageEnd, source: LineageSource, { signal }: CallOptions = {}): Promise<void> {
    const path = `/lineage/source/name/${endPath(into, '/')}/type/${source}`;
    await this.#transport.request('DELETE', path, { signal, accept: [404] });
  }
}

/** An absent entity is an answer; otherwise the server doesn't know the call. */
function isUnknownCall(error: unknown): boolean {
  return error instanceof PermanentError && [404, 405].includes(httpStatusOf(error) ?? 0);
}

function edgePath(from: LineageEnd, to: LineageEnd): string {
  return `${endPath(from, '/name/')}/${endPath(to, '/name/')}`;
}

function endPath({ fqn, type = 'table' }: LineageEnd, separator: string): string {
  return `${type}${separator}${encodeFqnInPath(fqn)}`;
}
