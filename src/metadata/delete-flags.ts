import type { EntityKind } from '../openmetadata/index.js';
import type { SourceEntity } from '../sources/index.js';

/** A recipe's flags: what is marked deleted when the source no longer has it. */
export interface DeleteFlags {
  readonly markDeletedTables: boolean;
  readonly markDeletedStoredProcedures: boolean;
  readonly markDeletedSchemas: boolean;
  readonly markDeletedDatabases: boolean;
}

/** The collection of what a schema holds. */
export const KIND_OF = { table: 'tables', procedure: 'storedProcedures' } as const satisfies Record<string, EntityKind>;

/** Collections, by what the source calls their members. */
export const COLLECTION = {
  ...KIND_OF,
  schema: 'databaseSchemas',
  database: 'databases',
} as const satisfies Record<SourceEntity, EntityKind>;

/** Of what a schema holds, the collections in which deletions are marked. */
export function enabledKinds(flags: DeleteFlags): readonly EntityKind[] {
  return [
    ...(flags.markDeletedTables ? [KIND_OF.table] : []),
    ...(flags.markDeletedStoredProcedures ? [KIND_OF.procedure] : []),
  ];
}
