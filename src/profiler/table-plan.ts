import type { SampleSetting } from '../measures/index.js';
import type { MeasuredColumn, RowSet } from '../sources/index.js';
import type { ColumnKind } from './column-kind.js';

/** What to measure for a column. */
export interface ColumnPlan {
  /** Under the name that the source has. */
  readonly column: MeasuredColumn;
  /** As the catalog has it. */
  readonly catalogName: string;
  readonly kind: ColumnKind;
  /** Metrics to publish; only those that this kind of column has. */
  readonly metrics: readonly string[];
  readonly customMetrics: readonly CustomMetric[];
}

export interface CustomMetric {
  readonly name: string;
  /** A SELECT that returns one number. */
  readonly sql: string;
  /** Why it isn't sent. */
  readonly refused?: string;
}

/** Everything that decides what is in a table's profile: equal plans on equal rows give equal profiles. */
export interface TablePlan {
  readonly id: string;
  readonly fqn: string;
  readonly rows: RowSet;
  readonly columns: readonly ColumnPlan[];
  /** Of the table: rowCount, columnCount, system … */
  readonly tableMetrics: readonly string[];
  readonly customMetrics: readonly CustomMetric[];
  /** As named in the profile. */
  readonly profileSample?: number;
  readonly profileSampleType?: 'PERCENTAGE' | 'ROWS';
  /** More rows were asked for than the source samples at once. */
  readonly sampleCutTo?: number;
  readonly approximatePercentiles: boolean;
  readonly approximateDistinct: boolean;
  /** Columns that a sample of rows may show; undefined when none is wanted. */
  readonly sampleData?: { readonly columns: readonly ColumnPlan[]; readonly rows: number };
  /** Rows are wanted and none may be shown: those that OpenMetadata has of earlier runs go. */
  readonly emptiesSample?: true;
  /** A dynamic sample of a partition, or of a user's SELECT: chosen when its rows are counted. */
  readonly byCount?: { readonly setting: SampleSetting; readonly randomized: boolean; readonly seed: number };
  /** The rows that were counted for it. */
  readonly counted?: number;
  /** A dynamic sample can't be chosen: the catalogue doesn't say how many rows there are. */
  readonly unsized?: boolean;
  /** Why only free metrics are measured. */
  readonly tooLarge?: string;
  /** The rows of a time window change even if the table doesn't. */
  readonly movesWithTime: boolean;
}
