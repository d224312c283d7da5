/**
 * What a source says about a database, independent of any engine and of OpenMetadata's REST bodies. `src/metadata`
 * turns these records into create requests; constraint rules, filters and FQNs live there, once for all sources. Names
 * are the source's own, unquoted and not rewritten.
 */
import type { ColumnDataType, TableType } from '../openmetadata/index.js';

export interface SourceTag {
  readonly classification: string;
  readonly tag: string;
}

export interface SourceColumn {
  readonly name: string;
  readonly dataType: ColumnDataType;
  /** The type as users write it, e.g. `decimal(10,2)`. */
  readonly dataTypeDisplay: string;
  /** Characters or bytes; 1 where the type has none. */
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly arrayDataType?: ColumnDataType;
  readonly description?: string;
  readonly nullable: boolean;
  /** 1-based. Left out where the reference says it is not sent (MySQL). */
  readonly ordinalPosition?: number;
  readonly children?: readonly SourceColumn[];
  readonly tags?: readonly SourceTag[];
}

export interface SourceForeignKey {
  readonly columns: readonly string[];
  readonly referred: {
    /** Absent: the table's own database. */
    readonly database?: string;
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
    /** Whether the referred columns are a key there; true when left out. */
    readonly unique?: boolean;
    /**
     * The engine takes column names in any case (of ASCII letters alone, with `ascii`), so that a key may spell them
     * otherwise. Exact when absent.
     */
    readonly columnCase?: 'any' | 'ascii';
  };
}

export interface SourcePartition {
  readonly columns: readonly {
    readonly columnName: string;
    readonly intervalType:
      'TIME-UNIT' | 'INTEGER-RANGE' | 'INGESTION-TIME' | 'COLUMN-VALUE' | 'INJECTED' | 'ENUM' | 'OTHER';
    readonly interval?: string;
  }[];
}

export interface SourceTable {
  readonly kind: 'table';
  readonly name: string;
  readonly tableType: TableType;
  readonly description?: string;
  readonly columns: readonly SourceColumn[];
  readonly primaryKey?: readonly string[];
  readonly uniqueKeys?: readonly (readonly string[])[];
  readonly foreignKeys?: readonly SourceForeignKey[];
  readonly partition?: SourcePartition;
  /** A view's SQL, or DDL when the recipe asks for it. */
  readonly definition?: string;
  readonly sourceUrl?: string;
  /** Milliseconds since the epoch, UTC. */
  readonly createdAt?: number;
  /** Login or role of the source that owns it; only with `includeOwners`. */
  readonly owner?: string;
  readonly tags?: readonly SourceTag[];
  /** Things left out of this table, for the report (a column of a type that could not be read, …). */
  readonly warnings?: readonly string[];
}

export interface SourceProcedure {
  readonly kind: 'procedure';
  readonly name: string;
  readonly procedureType: 'StoredProcedure' | 'Function' | 'UDF';
  readonly language?: 'SQL' | 'Java' | 'JavaScript' | 'Python' | 'External';
  readonly code: string;
  readonly description?: string;
  readonly sourceUrl?: string;
  /** Login or role of the source that owns it; only with `includeOwners`. */
  readonly owner?: string;
  readonly tags?: readonly SourceTag[];
}

/** Listed by the source but not selected by the recipe: counts as seen, is not read further. */
export interface SourceUnselected {
  readonly kind: 'unselected';
  readonly entity: 'table' | 'procedure';
  readonly name: string;
  /** For the report, e.g. `filtered by tableFilterPattern.excludes: ^tmp_`. */
  readonly reason: string;
}

/** Known by the source to be gone (incremental reads only). */
export interface SourceDeleted {
  readonly kind: 'deleted';
  readonly entity: 'table' | 'procedure';
  readonly name: string;
}

/** One object that is there but could not be read: a record error; it counts as seen. */
export interface SourceProblem {
  readonly kind: 'problem';
  readonly entity: 'table' | 'procedure';
  readonly name: string;
  readonly message: string;
}

export type SourceRecord = SourceTable | SourceProcedure | SourceUnselected | SourceDeleted | SourceProblem;

export interface SourceDatabase {
  readonly kind: 'database';
  readonly name: string;
  readonly description?: string;
  readonly sourceUrl?: string;
  /** Login or role of the source that owns it; only with `includeOwners`. */
  readonly owner?: string;
  readonly tags?: readonly SourceTag[];
}

export interface SourceSchema {
  readonly kind: 'schema';
  readonly database: string;
  readonly name: string;
  readonly description?: string;
  readonly sourceUrl?: string;
  /** Login or role of the source that owns it; only with `includeOwners`. */
  readonly owner?: string;
  readonly tags?: readonly SourceTag[];
  /** How many tables and procedures it holds, roughly: work is cut by it. */
  readonly weight: number;
}

/** A database or schema the recipe's patterns leave out. */
export interface SourceUnselectedScope {
  readonly kind: 'unselected';
  readonly entity: 'database' | 'schema';
  readonly database: string;
  /** Absent for a database. */
  readonly schema?: string;
  readonly reason: string;
}

/** A database or schema that is there but cannot be listed: nothing below it may be deleted. */
export interface SourceScopeProblem {
  readonly kind: 'problem';
  readonly entity: 'database' | 'schema';
  readonly database: string;
  readonly schema?: string;
  readonly message: string;
}

export type SourceScope = SourceDatabase | SourceSchema | SourceUnselectedScope | SourceScopeProblem;
