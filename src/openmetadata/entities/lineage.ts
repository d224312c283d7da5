import type { EntityReference } from './references.js';

export type LineageSource =
  | 'Manual'
  | 'ViewLineage'
  | 'QueryLineage'
  | 'PipelineLineage'
  | 'DashboardLineage'
  | 'DbtLineage'
  | 'SparkLineage'
  | 'OpenLineage'
  | 'ExternalTableLineage'
  | 'CrossDatabaseLineage'
  | 'ChildAssets';

/** Several columns of the upstream table flow into one of the downstream table; all are column FQNs. */
export interface ColumnLineage {
  readonly fromColumns?: readonly string[];
  readonly toColumn?: string;
  readonly function?: string;
}

export interface TempLineageTable {
  readonly fromEntity: string;
  readonly toEntity: string;
}

export interface LineageDetails {
  /** Masked statement. */
  readonly sqlQuery?: string;
  readonly source?: LineageSource;
  readonly columnsLineage?: readonly ColumnLineage[];
  /** The stored procedure or pipeline that made the edge. */
  readonly pipeline?: EntityReference;
  readonly description?: string;
  readonly tempLineageTables?: readonly TempLineageTable[];
}

export interface EntitiesEdge {
  readonly fromEntity: EntityReference;
  readonly toEntity: EntityReference;
  readonly description?: string;
  readonly lineageDetails?: LineageDetails;
}

/** Body of PUT `/lineage`. */
export interface AddLineageRequest {
  readonly edge: EntitiesEdge;
}
