import type { TableType } from '../../../openmetadata/index.js';
import type { SourceColumn } from '../../records.js';

/** An object of a schema that becomes a table in OpenMetadata, before its columns are read. */
export interface ListedObject {
  readonly name: string;
  readonly tableType: TableType;
  readonly description?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** Epoch milliseconds; absent for streams, stages and semantic views, which don't report it. */
  readonly lastDdl?: number;
  readonly clusteringKey?: string;
  /** Of a stream. */
  readonly origin?: StreamOrigin;
  /** Of a semantic view. */
  readonly columns?: readonly SourceColumn[];
  /** Another object of the schema has this name, and is the one that OpenMetadata has. */
  readonly isSecond?: true;
}

/** The table or view whose changes a stream reports. */
export interface StreamOrigin {
  readonly database: string;
  readonly schema: string;
  readonly table: string;
}
