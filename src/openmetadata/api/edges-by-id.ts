import { z } from 'zod';
import type { AddLineageRequest, LineageDetails } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { getIfThere } from './get-if-there.js';
import { edgeAnswer, mergedDetails, type LineageEdgeRecord, type LineageEnd } from './lineage-details.js';

/** Where entities of a type are found by name. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  table: 'tables',
  container: 'containers',
  storedProcedure: 'storedProcedures',
  pipeline: 'pipelines',
  dashboard: 'dashboards',
  topic: 'topics',
};

const found = z.object({ id: z.string() });

/** Edges on servers before 2.0, which only know them by the ids of their ends: each end needs another look-up. */
export class EdgesById {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** As `LineageApi.mergeEdge`; merging is done here, because a PUT replaces the details. */
  async merge(
    from: LineageEnd,
    to: LineageEnd,
    wanted: LineageDetails,
    options: CallOptions
  ): Promise<'created' | 'updated' | 'unchanged' | 'unknown'> {
    const [fromEntity, toEntity] = [await this.#find(from, options), await this.#find(to, options)];
    if (fromEntity === undefined || toEntity === undefined) return 'unknown';
    const stored = await this.#stored(fromEntity.id, toEntity.id, options);
    const lineageDetails = stored === undefined ? wanted : mergedDetails(stored, wanted);
    if (lineageDetails === undefined) return 'unchanged';
    if (!(await this.put({ edge: { fromEntity, toEntity, lineageDetails } }, options))) return 'unknown';
    return stored === undefined ? 'created' : 'updated';
  }

  /** Replaces the details. @returns false when an end or the pipeline is unknown */
  async put(request: AddLineageRequest, { signal }: CallOptions): Promise<boolean> {
    const answer = await this.#transport.request('PUT', '/lineage', { body: request, signal, accept: [404] });
    return answer.status !== 404;
  }

  async #stored(fromId: string, toId: string, { signal }: CallOptions): Promise<LineageEdgeRecord | undefined> {
    const path = `/lineage/getLineageEdge/${encodeFqnInPath(fromId)}/${encodeFqnInPath(toId)}`;
    return (await getIfThere(this.#transport, path, edgeAnswer, { signal }))?.edge;
  }

  async #find(
    { fqn, type = 'table' }: LineageEnd,
    { signal }: CallOptions
  ): Promise<{ id: string; type: string } | undefined> {
    const path = `/${COLLECTIONS[type] ?? `${type}s`}/name/${encodeFqnInPath(fqn)}`;
    const entity = await getIfThere(this.#transport, path, found, { signal });
    return entity && { id: entity.id, type };
  }
}
