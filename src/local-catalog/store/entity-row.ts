import type { JsonObject } from '../json-value.js';
import { parseJsonObject } from '../json-value.js';
import type { SqlRow } from './sqlite.js';
import { numberAt, textAt, textOrUndefinedAt } from './sqlite.js';

/** An entity as it is stored. What the server manages has its own field; `document` is the rest. */
export interface EntityRow {
  readonly id: string;
  readonly type: string;
  /** Normalised. */
  readonly fqn: string;
  readonly name: string;
  readonly deleted: boolean;
  /** 0.1, 0.2, … */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  readonly updatedBy: string;
  readonly sourceHash: string | undefined;
  readonly document: JsonObject;
}

/** The columns of `toEntityRow`, in its order. */
export const ENTITY_COLUMNS = 'id, type, fqn, name, deleted, version, updated_at, updated_by, source_hash, document';

export function toEntityRow(row: SqlRow): EntityRow {
  return {
    id: textAt(row, 0),
    type: textAt(row, 1),
    fqn: textAt(row, 2),
    name: textAt(row, 3),
    deleted: numberAt(row, 4) !== 0,
    version: numberAt(row, 5),
    updatedAt: numberAt(row, 6),
    updatedBy: textAt(row, 7),
    sourceHash: textOrUndefinedAt(row, 8),
    document: parseJsonObject(textAt(row, 9)),
  };
}

/** The short form in which documents point at other entities: only what never changes. */
export function referenceTo(row: Pick<EntityRow, 'id' | 'type' | 'name' | 'fqn'>): JsonObject {
  return { id: row.id, type: row.type, name: row.name, fullyQualifiedName: row.fqn };
}

/** Versions go up by 0.1; rounding keeps 0.30000000000000004 away. */
export function nextVersion(version: number): number {
  return Math.round((version + 0.1) * 10) / 10;
}
