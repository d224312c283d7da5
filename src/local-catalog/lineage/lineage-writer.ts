import type { z } from 'zod';
import type { Actor } from '../actor.js';
import { entityNotFound } from '../api-error.js';
import { lineageDetailsBody } from '../bodies/lineage-bodies.js';
import { parseBody } from '../bodies/parse-body.js';
import type { Json, JsonObject } from '../json-value.js';
import { jsonEqual, objectOf, objectsOf, omit, textOf, textsOf, withoutNulls } from '../json-value.js';
import { findKind } from '../kinds/all-kinds.js';
import { resolveReference } from '../rules/resolve-references.js';
import type { EntityRow } from '../store/entity-row.js';
import type { EntityStore } from '../store/entity-store.js';
import type { EdgeEnd, LineageStore } from '../store/lineage-store.js';
import { columnFqns, Lookup } from '../writing/lookup.js';
import type { PatchOperations } from '../writing/patch-body.js';
import { patched } from '../writing/patch-entity.js';

/** Entities that can be the pipeline of an edge. */
const PIPELINES = ['storedProcedure', 'ingestionPipeline', 'query'];
/** Who made an edge and when; not part of what a caller compares. */
const STAMPS = ['createdAt', 'createdBy', 'updatedAt', 'updatedBy'];

/** An end by FQN or by id. */
export type EndName = { readonly type: string; readonly fqn: string } | { readonly type: string; readonly id: string };

/** Writes edges under the server's rules. The caller opens the transaction. */
export class LineageWriter {
  constructor(
    readonly store: EntityStore,
    readonly edges: LineageStore
  ) {}

  /** A live end. @throws ApiError 404 */
  end(name: EndName): EntityRow {
    const row = findKind(name.type) === undefined ? undefined : this.#find(name);
    if (row === undefined) throw entityNotFound(name.type, 'fqn' in name ? name.fqn : name.id);
    return row;
  }

  /** Replaces the details of the edge, all of them. @throws ApiError 404 for an unknown end or pipeline */
  put(from: EndName, to: EndName, details: z.infer<typeof lineageDetailsBody>, actor: Actor): void {
    this.#write(this.end(from), this.end(to), withoutNulls(details), actor);
  }

  /** @throws ApiError 404 when an end or the edge is unknown, 400 when an operation does not fit */
  patch(from: EndName, to: EndName, operations: PatchOperations, actor: Actor): void {
    const [source, target] = [this.end(from), this.end(to)];
    const stored = this.edges.find(source.id, target.id);
    if (stored === undefined) throw edgeNotFound(source, target);
    const details = parseBody(lineageDetailsBody, patched(stored, operations));
    this.#write(source, target, withoutNulls(details), actor);
  }

  /** @throws ApiError 404 */
  remove(from: EndName, to: EndName): void {
    const [source, target] = [this.end(from), this.end(to)];
    if (!this.edges.remove(edgeEnd(source), edgeEnd(target))) throw edgeNotFound(source, target);
  }

  #find(name: EndName): EntityRow | undefined {
    if ('id' in name) return this.store.findById(name.type, name.id);
    return this.store.find(name.type, name.fqn);
  }

  #write(from: EntityRow, to: EntityRow, details: JsonObject, actor: Actor): void {
    const pipeline = objectOf(details['pipeline']);
    const source = textOf(details['source']) ?? 'Manual';
    const content: JsonObject = {
      ...omit(details, [...STAMPS, 'assetEdges']),
      source,
      columnsLineage: knownColumns(details['columnsLineage'], from, to),
      ...(pipeline === undefined ? {} : { pipeline: resolveReference(pipeline, PIPELINES, new Lookup(this.store)) }),
    };
    const stored = this.edges.find(from.id, to.id);
    if (stored !== undefined && jsonEqual(omit(stored, STAMPS), content)) return;
    const now = Date.now();
    const created = { createdAt: stored?.['createdAt'] ?? now, createdBy: stored?.['createdBy'] ?? actor.name };
    const stamps = { ...created, updatedAt: now, updatedBy: actor.name };
    this.edges.put(edgeEnd(from), edgeEnd(to), source, { ...content, ...stamps });
  }
}

/** Without targets and sources that aren't columns of the two ends, and without entries that then have no source. */
function knownColumns(columnsLineage: Json | undefined, from: EntityRow, to: EntityRow): JsonObject[] {
  const [sources, targets] = [columnFqns(from.document['columns']), columnFqns(to.document['columns'])];
  return objectsOf(columnsLineage).flatMap((entry) => {
    const fromColumns = textsOf(entry['fromColumns']).filter((column) => sources.has(column));
    const known = fromColumns.length > 0 && targets.has(textOf(entry['toColumn']) ?? '');
    return known ? [{ ...entry, fromColumns }] : [];
  });
}

function edgeEnd(row: EntityRow): EdgeEnd {
  const service = objectOf(row.document['service']);
  return { id: row.id, serviceId: textOf(service?.['id']) };
}

function edgeNotFound(from: EntityRow, to: EntityRow): Error {
  return entityNotFound('lineage edge', `from ${from.fqn} to ${to.fqn}`);
}
