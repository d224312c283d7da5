import { badRequest } from '../api-error.js';

/** Names of the search indexes that hold one type of entity each; an index of everything means tables here. */
const INDEX_TYPES: ReadonlyMap<string, string> = new Map([
  ['table_search_index', 'table'],
  ['table', 'table'],
  ['dataAsset', 'table'],
  ['all', 'table'],
  ['database_search_index', 'database'],
  ['database', 'database'],
  ['database_schema_search_index', 'databaseSchema'],
  ['databaseSchema', 'databaseSchema'],
  ['stored_procedure_search_index', 'storedProcedure'],
  ['storedProcedure', 'storedProcedure'],
  ['container_search_index', 'container'],
  ['container', 'container'],
  ['query_search_index', 'query'],
  ['query', 'query'],
  ['user_search_index', 'user'],
  ['user', 'user'],
]);

/** The type that an index holds. @throws ApiError 400 for an index that the catalog doesn't have */
export function indexedType(index: string | undefined): string {
  const type = INDEX_TYPES.get(index ?? 'table_search_index');
  if (type === undefined) throw badRequest(`index: ${index} is not one of ${[...INDEX_TYPES.keys()].join(', ')}`);
  return type;
}
