import { badRequest } from '../api-error.js';

/** How a field of the search index is read from the entities table. Text fields are compared in lower case. */
export interface SearchField {
  readonly sql: string;
  readonly kind: 'text' | 'flag';
}

const FIELDS: ReadonlyMap<string, SearchField> = new Map([
  ['id', { sql: 'lower(id)', kind: 'text' }],
  ['name', { sql: 'name_key', kind: 'text' }],
  ['fullyQualifiedName', { sql: 'fqn_key', kind: 'text' }],
  ['deleted', { sql: 'deleted', kind: 'flag' }],
  ['tableType', { sql: 'lower(subtype)', kind: 'text' }],
  ['entityType', { sql: 'lower(type)', kind: 'text' }],
  ['serviceType', textOf('$.serviceType')],
  ['service.name', textOf('$.service.name')],
  ['service.fullyQualifiedName', textOf('$.service.fullyQualifiedName')],
  ['database.name', textOf('$.database.name')],
  ['database.fullyQualifiedName', textOf('$.database.fullyQualifiedName')],
  ['databaseSchema.name', textOf('$.databaseSchema.name')],
  ['databaseSchema.fullyQualifiedName', textOf('$.databaseSchema.fullyQualifiedName')],
  ['schemaDefinition', textOf('$.schemaDefinition')],
  ['fullPath', textOf('$.fullPath')],
  ['description', textOf('$.description')],
  ['displayName', textOf('$.displayName')],
  ['email', textOf('$.email')],
  ['processedLineage', { sql: "json_extract(document, '$.processedLineage')", kind: 'flag' }],
]);

/** `.keyword` names the same field. @throws ApiError 400 for a field that the catalog can't search */
export function searchField(name: string): SearchField {
  const field = FIELDS.get(name.replace(/\.(keyword|raw)$/, ''));
  if (field === undefined)
    throw badRequest(`The field ${name} cannot be searched here; ${[...FIELDS.keys()].join(', ')} can`);
  return field;
}

function textOf(path: string): SearchField {
  return { sql: `lower(json_extract(document, '${path}'))`, kind: 'text' };
}
