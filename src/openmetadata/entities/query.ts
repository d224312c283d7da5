import type { EntityReference, TagLabel } from './references.js';

/** Body of PUT `/queries` and a row of PUT `/queries/bulk`. The name defaults to the MD5 of the statement. */
export interface CreateQueryRequest {
  /** Masked statement. */
  readonly query: string;
  /** FQN of the database service. */
  readonly service: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: readonly TagLabel[];
  readonly query_type?: string;
  readonly exclude_usage?: boolean;
  /** Milliseconds, as in the query log. */
  readonly duration?: number;
  /** FQNs of users known to OpenMetadata. */
  readonly users?: readonly string[];
  /** Names of users of the database. */
  readonly usedBy?: readonly string[];
  readonly dialect?: string;
  /** Milliseconds since the epoch. */
  readonly queryDate?: number;
  readonly queryUsedIn?: readonly EntityReference[];
  readonly triggeredBy?: EntityReference;
  readonly processedLineage?: boolean;
}
