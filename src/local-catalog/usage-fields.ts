import type { JsonObject } from './json-value.js';
import type { Fields } from './kinds/field-names.js';
import { tableJoins } from './routes/table-joins.js';
import type { EntityRow } from './store/entity-row.js';
import { JoinStore } from './store/join-store.js';
import type { Sqlite } from './store/sqlite.js';
import { UsageStore, usageStats } from './store/usage-store.js';

const USED_TYPES: ReadonlySet<string> = new Set(['table', 'databaseSchema', 'database']);

/** The fields `usageSummary` and `joins` of an entity, when an answer should have them. */
export function usageFields(sqlite: Sqlite, row: EntityRow, fields: Fields): JsonObject {
  const wants = (field: string): boolean => fields === 'all' || fields.has(field);
  const newest = USED_TYPES.has(row.type) && wants('usageSummary') ? new UsageStore(sqlite).newest(row.id) : undefined;
  return {
    ...(newest === undefined ? {} : { usageSummary: usageStats(newest) }),
    ...(row.type === 'table' && wants('joins') ? { joins: tableJoins(new JoinStore(sqlite), row.id) } : {}),
  };
}
