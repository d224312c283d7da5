import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import { recountServiceEdges } from './service-edges.js';
import type { SqlRow, Sqlite } from './sqlite.js';
import { numberAt, textAt } from './sqlite.js';

export interface LineageEdge {
  readonly from: LineageNode;
  readonly to: LineageNode;
  readonly details: JsonObject;
}

export interface LineageNode {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly fqn: string;
  readonly deleted: boolean;
}

/** One end of an edge being written. */
export interface EdgeEnd {
  readonly id: string;
  /** Id of the service the asset belongs to; absent for a service itself. */
  readonly serviceId: string | undefined;
}

const NODE_COLUMNS = (alias: string): string =>
  ['id', 'type', 'name', 'fqn', 'deleted'].map((column) => `${alias}.${column}`).join(', ');

const EDGES = `SELECT e.details, ${NODE_COLUMNS('f')}, ${NODE_COLUMNS('t')} FROM lineage_edges e
  JOIN entities f ON f.id = e.from_id JOIN entities t ON t.id = e.to_id`;

/** Edges between entities, one per pair. Edges between services are kept in step with those of their assets. */
export class LineageStore {
  constructor(readonly sqlite: Sqlite) {}

  find(fromId: string, toId: string): JsonObject | undefined {
    const row = this.sqlite
      .prepare('SELECT details FROM lineage_edges WHERE from_id = ? AND to_id = ?')
      .row(fromId, toId);
    return row === undefined ? undefined : parseJsonObject(textAt(row, 0));
  }

  /** Writes an edge, replacing an existing one. */
  put(from: EdgeEnd, to: EdgeEnd, source: string, details: JsonObject): void {
    this.sqlite
      .prepare(
        `INSERT INTO lineage_edges (from_id, to_id, from_service, to_service, source, details) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (from_id, to_id) DO UPDATE SET source = excluded.source, details = excluded.details`
      )
      .run(from.id, to.id, from.serviceId ?? null, to.serviceId ?? null, source, JSON.stringify(details));
    this.#recount(from.serviceId, to.serviceId);
  }

  /** @returns false when there was none */
  remove(from: EdgeEnd, to: EdgeEnd): boolean {
    const gone = this.sqlite.prepare('DELETE FROM lineage_edges WHERE from_id = ? AND to_id = ?').run(from.id, to.id);
    this.#recount(from.serviceId, to.serviceId);
    return gone > 0;
  }

  /** Removes the edges of one source that lead into an entity. */
  removeInto(toId: string, source: string): void {
    const pairs = this.sqlite
      .prepare('SELECT DISTINCT from_service, to_service FROM lineage_edges WHERE to_id = ? AND source = ?')
      .rows(toId, source);
    this.sqlite.prepare('DELETE FROM lineage_edges WHERE to_id = ? AND source = ?').run(toId, source);
    for (const [from, to] of pairs) this.#recount(from, to);
  }

  /** Edges that lead into an entity, by FQN of their other end. */
  into(id: string, limit: number): LineageEdge[] {
    return this.sqlite.prepare(`${EDGES} WHERE e.to_id = ? ORDER BY f.fqn LIMIT ?`).rows(id, limit).map(toEdge);
  }

  /** Edges that lead out of an entity, by FQN of their other end. */
  outOf(id: string, limit: number): LineageEdge[] {
    return this.sqlite.prepare(`${EDGES} WHERE e.from_id = ? ORDER BY t.fqn LIMIT ?`).rows(id, limit).map(toEdge);
  }

  #recount(from: unknown, to: unknown): void {
    if (typeof from !== 'string' || typeof to !== 'string' || from === to) return;
    recountServiceEdges(this.sqlite, [[from, to]]);
  }
}

function toEdge(row: SqlRow): LineageEdge {
  return { details: parseJsonObject(textAt(row, 0)), from: toNode(row, 1), to: toNode(row, 6) };
}

function toNode(row: SqlRow, start: number): LineageNode {
  return {
    id: textAt(row, start),
    type: textAt(row, start + 1),
    name: textAt(row, start + 2),
    fqn: textAt(row, start + 3),
    deleted: numberAt(row, start + 4) !== 0,
  };
}
