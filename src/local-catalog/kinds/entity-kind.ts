import type { z } from 'zod';
import type { JsonObject } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import type { Lookup } from '../writing/lookup.js';

/** The place of an entity that is being written. */
export interface Place {
  /** Normalised FQN of the entity itself. */
  readonly fqn: string;
  /** The live entity that contains it; absent at the top. */
  readonly parent: EntityRow | undefined;
  readonly lookup: Lookup;
  /** The document that a PATCH changes: what it leaves unchanged need not be checked again. */
  readonly before?: JsonObject;
}

/**
 * Everything that differs between types of entities. One object per type, one file per family; `all-kinds.ts` lists
 * them.
 */
export interface EntityKind {
  /** Singular, as in references: `table`. */
  readonly type: string;
  /** Below `/api/v1/`: `tables`, `services/databaseServices`. */
  readonly path: string;
  /** The create request. */
  readonly model: z.ZodType<JsonObject>;
  /** The create request with the keys that only a PATCH may set. */
  readonly patchModel: z.ZodType<JsonObject>;
  /** Keys that an answer only has when the `fields` parameter names them. */
  readonly onRequest: ReadonlySet<string>;
  /** Keys of the document that say where the entity is; `build` makes them, and a PATCH can't change them. */
  readonly containerKeys: readonly string[];
  /** Types that live below this one, at any depth. */
  readonly contains: readonly string[];
  /** False: a deletion is always permanent. */
  readonly softDelete: boolean;
  /** True: there is PUT `<path>/bulk`. */
  readonly bulk: boolean;
  /** True: there is DELETE `<path>/deleteStale`. */
  readonly deleteStale?: boolean;
  /** List filters by ancestor: query parameter → true when the ancestor is the direct parent. */
  readonly filters: Readonly<Record<string, 'parent' | 'ancestor'>>;
  /** True: the document may hold secrets, which are sealed in the file and masked for people. */
  readonly holdsSecrets?: boolean;
  /** Keys that keep their stored value when a PUT leaves them out. */
  readonly keptKeys?: readonly string[];
  nameOf(body: JsonObject): string;
  /** Type and normalised FQN of the container that the body names. @throws ApiError 400 or 404 */
  parentOf(body: JsonObject, lookup: Lookup): { readonly type: string; readonly fqn: string } | undefined;
  /** Names between the container and the entity in its FQN: the column of a test case. */
  within?(body: JsonObject): readonly string[];
  /**
   * The document of a checked body (nulls removed): references resolved, FQNs of columns made, `name` and `sourceHash`
   * taken out.
   * @throws ApiError 400 or 404 for what the server refuses
   */
  build(body: JsonObject, place: Place): JsonObject;
  /** Final corrections to what a PUT makes of an existing entity. */
  merged?(stored: JsonObject, merged: JsonObject): JsonObject;
  /** The create request that would make this entity; the way back from `build`, for PATCH. */
  toBody(row: EntityRow): JsonObject;
  /** Called in the transaction, after the row is written. */
  afterWrite?(row: EntityRow, place: Place): void;
}
