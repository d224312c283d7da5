import type { MeasuredColumn, RowSet } from '../sources/index.js';
import type { ColumnKind } from './column-kind.js';

/** What is to be measured of a column. */
export interface ColumnPlan {
  /** Under the name that the source has. */
  readonly column: MeasuredColumn;
  /** As the catalog has it. */
  readonly catalogName: string;
  readonly kind: ColumnKind;
  /** Metrics to publish; only such that the kind of column has. */
  readonly metrics: readonly string[];
  readonly customMetrics: readonly CustomMetric[];
}

export interface CustomMetric {
  readonly name: string;
  /** A SELECT of one number. */
  readonly sql: string;
}

/** Everything that decides what a table's profile is made of; equal plans of equal rows give equal profiles. */
export interface TablePlan {
  readonly id: string;
  readonly fqn: string;
  readonly rows: RowSet;
  readonly columns: readonly ColumnPlan[];
  /** Of the table: rowCount, columnCount, system … */
  readonly tableMetrics: readonly string[];
  readonly customMetrics: readonly CustomMetric[];
  /** As the profile says them. */
  readonly profileSample?: number;
  readonly profileSampleType?: 'PERCENTAGE' | 'ROWS';
  readonly approximatePercentiles: boolean;
  readonly approximateDistinct: boolean;
  /** Columns that a sample of rows may show; undefined when none is wanted. */
  readonly sampleData?: { readonly columns: readonly ColumnPlan[]; readonly rows: number };
  /** Why only metrics that cost nothing are taken. */
  readonly tooLarge?: string;
  /** The rows of a window in time change without a change of the table. */
  readonly movesWithTime: boolean;
}
