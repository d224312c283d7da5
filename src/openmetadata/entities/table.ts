import type { ColumnDataType } from './data-type.js';
import type { CreateRequestBase, TagLabel } from './references.js';
import type { TableType } from './table-type.js';

export type ColumnConstraint = 'NULL' | 'NOT_NULL' | 'UNIQUE' | 'PRIMARY_KEY';

export interface Column {
  /** Rewritten by `rewriteColumnName`, never empty. */
  readonly name: string;
  readonly dataType: ColumnDataType;
  readonly displayName?: string;
  readonly arrayDataType?: ColumnDataType;
  /** Characters or bytes. */
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** The type as users write it. */
  readonly dataTypeDisplay?: string;
  readonly description?: string;
  readonly fullyQualifiedName?: string;
  readonly tags?: readonly TagLabel[];
  readonly constraint?: ColumnConstraint;
  /** 1-based. */
  readonly ordinalPosition?: number;
  /** A JSON schema as text, for JSON columns. */
  readonly jsonSchema?: string;
  readonly children?: readonly Column[];
}

export type ConstraintType = 'UNIQUE' | 'PRIMARY_KEY' | 'FOREIGN_KEY' | 'SORT_KEY' | 'DIST_KEY' | 'CLUSTER_KEY';
export type RelationshipType = 'ONE_TO_ONE' | 'ONE_TO_MANY' | 'MANY_TO_ONE' | 'MANY_TO_MANY';

export interface TableConstraint {
  readonly constraintType?: ConstraintType;
  readonly columns?: readonly string[];
  /** Column FQNs of the other table, FOREIGN_KEY only. */
  readonly referredColumns?: readonly string[];
  readonly relationshipType?: RelationshipType;
}

export type PartitionIntervalType =
  'TIME-UNIT' | 'INTEGER-RANGE' | 'INGESTION-TIME' | 'COLUMN-VALUE' | 'INJECTED' | 'ENUM' | 'OTHER';

export interface PartitionColumnDetails {
  readonly columnName?: string;
  readonly intervalType?: PartitionIntervalType;
  readonly interval?: string;
}

export interface TablePartition {
  readonly columns?: readonly PartitionColumnDetails[];
}

export interface CreateTableRequest extends CreateRequestBase {
  /** FQN of the schema. */
  readonly databaseSchema: string;
  readonly columns: readonly Column[];
  readonly tableType?: TableType;
  readonly tableConstraints?: readonly TableConstraint[];
  readonly tablePartition?: TablePartition;
  /** The view's query, or the table's DDL. */
  readonly schemaDefinition?: string;
  readonly locationPath?: string;
  /** FQNs. */
  readonly aliases?: readonly string[];
  readonly retentionPeriod?: string;
  readonly fileFormat?: string;
}
