import type { CreateDatabaseRequest, CreateDatabaseSchemaRequest } from './containers.js';
import type { CreateQueryRequest } from './query.js';
import type { CreateStoredProcedureRequest } from './stored-procedure.js';
import type { CreateTableRequest } from './table.js';

/** The collections a run writes to, by their names in the REST paths, and the request each takes. */
export interface CreateRequests {
  readonly databases: CreateDatabaseRequest;
  readonly databaseSchemas: CreateDatabaseSchemaRequest;
  readonly tables: CreateTableRequest;
  readonly storedProcedures: CreateStoredProcedureRequest;
}

export type EntityKind = keyof CreateRequests;

/** Also the collections with a `/bulk` path. */
export interface BulkRequests extends CreateRequests {
  readonly queries: CreateQueryRequest;
}

export type BulkKind = keyof BulkRequests;

/** One row of a bulk answer. `request` names the entity, by its FQN. */
export interface BulkRow {
  readonly request?: unknown;
  readonly status?: number;
  readonly message?: string;
}

/** The server's answer to a bulk PUT and to deleteStale. */
export interface BulkOperationResult {
  readonly dryRun?: boolean;
  readonly status?: 'success' | 'failure' | 'aborted' | 'partialSuccess' | 'running';
  readonly abortReason?: string;
  readonly numberOfRowsProcessed?: number;
  readonly numberOfRowsPassed?: number;
  readonly numberOfRowsFailed?: number;
  readonly successRequest?: readonly BulkRow[];
  readonly failedRequest?: readonly BulkRow[];
}
