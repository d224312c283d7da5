/** Types of entities that have a page, with the word for several of them. */
export const PAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['databaseService', 'Services'],
  ['database', 'Databases'],
  ['databaseSchema', 'Schemas'],
  ['table', 'Tables'],
  ['storedProcedure', 'Stored procedures'],
]);

/** Singular words for types, as pages say them. */
export const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['databaseService', 'service'],
  ['database', 'database'],
  ['databaseSchema', 'schema'],
  ['table', 'table'],
  ['storedProcedure', 'procedure'],
]);

/** Address of an entity's page, undefined when its type has none. */
export function entityHref(type: string, fqn: string): string {
  return `/${type}/${encodeURIComponent(fqn)}`;
}
