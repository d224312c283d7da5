import type { Actor } from './actor.js';
import type { Json, JsonObject } from './json-value.js';
import { objectsOf, omit } from './json-value.js';
import type { EntityKind } from './kinds/entity-kind.js';
import type { Fields } from './kinds/field-names.js';
import { maskSecrets } from './secret-vault.js';
import type { EntityRow } from './store/entity-row.js';

/** An entity as an answer shows it. `row` has its secrets in clear; only a bot gets to see them. */
export function viewEntity(kind: EntityKind, row: EntityRow, fields: Fields, actor: Actor): JsonObject {
  const document = kind.holdsSecrets === true && !actor.bot ? maskSecrets(row.document) : row.document;
  return {
    id: row.id,
    name: row.name,
    fullyQualifiedName: row.fqn,
    ...shown(kind, document, fields),
    version: row.version,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    deleted: row.deleted,
    ...(row.sourceHash === undefined ? {} : { sourceHash: row.sourceHash }),
  };
}

/** Keys of an answer that aren't part of an entity's document, whatever a PATCH does to them. */
export const MANAGED_KEYS = [
  'id',
  'name',
  'fullyQualifiedName',
  'version',
  'updatedAt',
  'updatedBy',
  'deleted',
  'sourceHash',
  'href',
  'changeDescription',
];

function shown(kind: EntityKind, document: JsonObject, fields: Fields): JsonObject {
  const visible: Record<string, Json | undefined> = {};
  for (const key of LISTS) {
    if (kind.onRequest.has(key) && isWanted(fields, key)) visible[key] = [];
  }
  for (const key of Object.keys(document)) {
    if (!kind.onRequest.has(key) || isWanted(fields, key)) visible[key] = document[key];
  }
  const { columns } = visible;
  if (columns !== undefined) visible['columns'] = isWanted(fields, 'tags') ? withTags(columns) : withoutTags(columns);
  return visible;
}

/** Lists that are present when asked for, even if empty: a PATCH may append to them. */
const LISTS = ['owners', 'tags'];

function isWanted(fields: Fields, key: string): boolean {
  return fields === 'all' || fields.has(key);
}

function withTags(columns: Json): JsonObject[] {
  return objectsOf(columns).map((column) => {
    const tagged = column['tags'] === undefined ? { ...column, tags: [] } : column;
    return tagged['children'] === undefined ? tagged : { ...tagged, children: withTags(tagged['children']) };
  });
}

function withoutTags(columns: Json): JsonObject[] {
  return objectsOf(columns).map((column) => {
    const bare = column['tags'] === undefined ? column : omit(column, ['tags']);
    return bare['children'] === undefined ? bare : { ...bare, children: withoutTags(bare['children']) };
  });
}
