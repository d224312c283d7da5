import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { AddLineageRequest, ColumnLineage, LineageDetails, LineageSource } from '../entities/index.js';
import { encodeFqnInPath } from '../fqn.js';
import type { CallOptions, Transport } from '../http/transport.js';
import { maybe, maybeList, readAnswer } from './answer-shape.js';
import { referenceSchema } from './entity-records.js';
import { uniteColumnLineage } from './lineage-union.js';
import type { PatchOperation } from './patch.js';

/** An end of an edge; `type` is the server's singular name, `table` by default. */
export interface LineageEnd {
  readonly fqn: string;
  readonly type?: string;
}

const columnLineage = z
  .object({ fromColumns: maybeList(z.string()), toColumn: maybe(z.string()), function: maybe(z.string()) })
  .transform((value): ColumnLineage => ({
    fromColumns: value.fromColumns,
    ...(value.toColumn === undefined ? {} : { toColumn: value.toColumn }),
    ...(value.function === undefined ? {} : { function: value.function }),
  }));

const details = z.object({
  sqlQuery: maybe(z.string()),
  source: maybe(z.string()),
  columnsLineage: maybeList(columnLineage),
  pipeline: maybe(referenceSchema),
  tempLineageTables: maybeList(z.object({ fromEntity: z.string(), toEntity: z.string() })),
});

/** The details stored with an edge. */
export type LineageEdgeRecord = z.infer<typeof details>;

/** Servers answer the details themselves under `edge`; an edge with its details inside is understood as well. */
const edgeAnswer = z.object({
  edge: z.union([z.object({ lineageDetails: details }).transform((edge) => edge.lineageDetails), details]),
});

export class LineageApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined when there is no such edge, or one of its ends is unknown. */
  async getEdgeByName(
    from: LineageEnd,
    to: LineageEnd,
    { signal }: CallOptions = {}
  ): Promise<LineageEdgeRecord | undefined> {
    const path = `/lineage/getLineageEdge/${edgePath(from, to)}`;
    const answer = await this.#transport.request('GET', path, { signal, accept: [404] });
    return answer.status === 404 ? undefined : readAnswer(edgeAnswer, answer.body, `GET /v1${path}`).edge;
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
   * Adds an edge to what is there: column lineage is united, a pipeline once set is kept, the query is written, save that an edge of a view
   * stays the view's with the view's text. Repeatable; edges
   * between the same two ends must not be merged by two callers at once.
   */
  async mergeEdge(
    from: LineageEnd,
    to: LineageEnd,
    wanted: LineageDetails,
    options: CallOptions = {}
  ): Promise<'created' | 'updated' | 'unchanged' | 'unknown'> {
    const stored = await this.getEdgeByName(from, to, options);
    if (stored === undefined) return (await this.putEdgeByName(from, to, wanted, options)) ? 'created' : 'unknown';
    const operations = mergeOperations(stored, wanted);
    await this.patchEdgeByName(from, to, operations, options);
    return operations.length === 0 ? 'unchanged' : 'updated';
  }

  /** Edge between ids, for ends that are known by id only. Replaces the details as `putEdgeByName` does. */
  async putEdge(request: AddLineageRequest, { signal }: CallOptions = {}): Promise<boolean> {
    const answer = await this.#transport.request('PUT', '/lineage', { body: request, signal, accept: [404] });
    return answer.status !== 404;
  }

  /** Takes away all edges of one source into an entity (for `overrideViewLineage`). */
  async deleteBySource(into: LineageEnd, source: LineageSource, { signal }: CallOptions = {}): Promise<void> {
    const path = `/lineage/source/name/${endPath(into, '/')}/type/${source}`;
    await this.#transport.request('DELETE', path, { signal, accept: [404] });
  }
}

function mergeOperations(stored: LineageEdgeRecord, wanted: LineageDetails): PatchOperation[] {
  const before = uniteColumnLineage(stored.columnsLineage, []);
  const after = uniteColumnLineage(stored.columnsLineage, wanted.columnsLineage ?? []);
  const tempBefore = stored.tempLineageTables;
  const isViewText =
    stored.source === 'ViewLineage' && wanted.source !== 'ViewLineage' && stored.sqlQuery !== undefined;
  const tempNew = (wanted.tempLineageTables ?? []).filter(
    (table) => !tempBefore.some((known) => isDeepStrictEqual(known, table))
  );
  return [
    ...(isDeepStrictEqual(before, after) ? [] : [set('columnsLineage', after)]),
    ...(tempNew.length === 0 ? [] : [set('tempLineageTables', [...tempBefore, ...tempNew])]),
    ...(wanted.source !== 'ViewLineage' || stored.source !== 'QueryLineage' ? [] : [set('source', wanted.source)]),
    ...(isViewText || wanted.sqlQuery === undefined || wanted.sqlQuery === stored.sqlQuery
      ? []
      : [set('sqlQuery', wanted.sqlQuery)]),
    ...(wanted.pipeline === undefined || stored.pipeline !== undefined ? [] : [set('pipeline', wanted.pipeline)]),
  ];
}

/** `add` writes a member whether or not it is there. */
function set(field: keyof LineageDetails, value: unknown): PatchOperation {
  return { op: 'add', path: `/${field}`, value };
}

function edgePath(from: LineageEnd, to: LineageEnd): string {
  return `${endPath(from, '/name/')}/${endPath(to, '/name/')}`;
}

function endPath({ fqn, type = 'table' }: LineageEnd, separator: string): string {
  return `${type}${separator}${encodeFqnInPath(fqn)}`;
}
