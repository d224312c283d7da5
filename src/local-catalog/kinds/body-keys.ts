import type { JsonObject } from '../json-value.js';
import { objectOf, omit, textOf } from '../json-value.js';
import type { EntityRow } from '../store/entity-row.js';
import { referenceTo } from '../store/entity-row.js';

/** What databases, schemas, tables and procedures show only when asked for it. */
export const ASSET_KEYS_ON_REQUEST: ReadonlySet<string> = new Set(['owners', 'tags', 'extension', 'lifeCycle']);

export function nameOf(body: JsonObject): string {
  return textOf(body['name']) ?? '';
}

/** A container's reference as the create request gives it: the FQN alone. */
export function containerFqn(row: EntityRow, key: string): string | undefined {
  return textOf(objectOf(row.document[key])?.['fullyQualifiedName']);
}

/** A document as a create request: without what `build` adds, with name and hash. */
export function withName(row: EntityRow, added: readonly string[]): JsonObject {
  const hash = row.sourceHash === undefined ? {} : { sourceHash: row.sourceHash };
  return { name: row.name, ...omit(row.document, added), ...hash };
}

/** References to an entity's container and to what contains that, as documents carry them. */
export function ancestry(parent: EntityRow, key: string): JsonObject {
  const above: Record<string, JsonObject[string]> = {};
  for (const inherited of ['database', 'service', 'serviceType']) {
    const value = parent.document[inherited];
    if (value !== undefined) above[inherited] = value;
  }
  return { [key]: referenceTo(parent), ...above };
}
