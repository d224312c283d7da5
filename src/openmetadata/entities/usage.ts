import type { EntityReference } from './references.js';

/** Collections with their own usage; only that of tables is written, the others follow from it. */
export type UsageKind = 'table' | 'databaseSchema' | 'database';

/** Body of POST and PUT `/usage/table/{id}`. */
export interface UsageRequest {
  /** `2026-11-27` */
  readonly date: string;
  readonly count: number;
}

export interface JoinedWith {
  /** FQN of the other column. */
  readonly fullyQualifiedName: string;
  readonly joinCount: number;
}

export interface ColumnJoins {
  /** As stored, without the table. */
  readonly columnName: string;
  readonly joinedWith: readonly JoinedWith[];
}

/** Body of PUT `/tables/{id}/joins`. */
export interface TableJoinsRequest {
  /** `2026-11-27`, within the last 30 days. */
  readonly startDate: string;
  readonly dayCount?: number;
  readonly columnJoins: readonly ColumnJoins[];
  readonly directTableJoins: readonly JoinedWith[];
}

/** Body of POST `/queryCostRecord`. */
export interface CreateQueryCostRecordRequest {
  /** Milliseconds; a query has one record per timestamp. */
  readonly timestamp: number;
  readonly jsonSchema: 'queryCostRecord';
  readonly queryReference: EntityReference;
  readonly cost: number;
  readonly count: number;
  /** Milliseconds. */
  readonly totalDuration: number;
}
