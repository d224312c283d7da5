import { VIEW_LIKE_TYPES } from '../entities/index.js';
import type { CallOptions } from '../http/transport.js';
import type { EntitiesApi } from './entities-api.js';
import type { TableRecord } from './entity-records.js';
import type { EntityScope } from './entity-scope.js';

/** A view-like table with its query. */
export type ViewRecord = TableRecord & { readonly schemaDefinition: string };

const PAGE = 100;
const types: ReadonlySet<string> = new Set(VIEW_LIKE_TYPES);

/**
 * Pages of the view-like tables below a scope, from the server's tables and not from its search index: so they are
 * complete right after ingestion, and if the index is broken. Views without a definition are left out.
 */
export async function* listViews(
  tables: Pick<EntitiesApi<'tables'>, 'list'>,
  scope: EntityScope,
  { signal }: CallOptions = {}
): AsyncGenerator<readonly ViewRecord[], void, undefined> {
  for await (const { entities } of tables.list(scope, { fields: ['schemaDefinition'], limit: PAGE, signal })) {
    const views = entities.filter((table) => types.has(table.tableType ?? '')).filter(hasDefinition);
    if (views.length > 0) yield views;
  }
}

function hasDefinition(table: TableRecord): table is ViewRecord {
  return table.schemaDefinition !== undefined && table.schemaDefinition.trim() !== '';
}
