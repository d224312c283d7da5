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
