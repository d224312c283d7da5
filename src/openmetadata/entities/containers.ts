import type { CreateRequestBase, EntityReference, TagLabel } from './references.js';
import type { DatabaseServiceType } from './database-service-type.js';

/** Body of PUT `/services/databaseServices`. The only body that contains readable secrets. */
export interface CreateDatabaseServiceRequest {
  /** Not rewritten. */
  readonly name: string;
  readonly serviceType: DatabaseServiceType;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: readonly TagLabel[];
  readonly owners?: readonly EntityReference[];
  readonly domains?: readonly string[];
  /** Left out when the recipe says `storeServiceConnection: false`. */
  readonly connection?: ServiceConnection;
}

export interface ServiceConnection {
  readonly config: Readonly<Record<string, unknown>>;
}

export interface CreateDatabaseRequest extends CreateRequestBase {
  /** FQN of the database service. */
  readonly service: string;
  readonly default?: boolean;
  readonly retentionPeriod?: string;
}

export interface CreateDatabaseSchemaRequest extends CreateRequestBase {
  /** FQN of the database. */
  readonly database: string;
  readonly retentionPeriod?: string;
}
