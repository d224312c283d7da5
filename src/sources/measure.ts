import type { Condition, Scalar } from './condition.js';
import type { MeasuredColumn } from './measured-column.js';
import type { SchemaRef } from './source.js';

export interface TableRef extends SchemaRef {
  readonly table: string;
}

/**
 * Which part of the rows. With the same seed each statement of a run reads the same rows if the engine can do that
 * (Snowflake: only percentages of tables). A percentage is above 0 and below 100.
 */
export type Sample =
  | {
      readonly by: 'percentage';
      readonly percent: number;
      readonly method?: 'BERNOULLI' | 'SYSTEM';
      readonly seed: number;
    }
  | { readonly by: 'rows'; readonly rows: number; readonly randomized: boolean; readonly seed: number };

/** The rows that are measured: a table's, those of a partition of it, or a sample of those. */
export interface RowSet {
  readonly table: TableRef;
  readonly isView: boolean;
  /** A user's SELECT that replaces the table. */
  readonly query?: string;
  readonly where?: Condition;
  readonly sample?: Sample;
}

/**
 * `length`: of a string, in the unit of the engine's own length function (MySQL: bytes). `characters`: always
 * characters.
 */
export type Operand = 'value' | 'length' | 'characters';

interface Amount {
  readonly column: MeasuredColumn;
  readonly on?: Operand;
  readonly finite?: boolean;
  /** Decimals that a double can't hold, infinities and NaN come as text. */
  readonly exact?: boolean;
}

/**
 * One number or value about rows. All except `rows` leave out NULLs; with `finite`, NaN, infinities and what else a
 * column holds that is no number (or time) as well.
 */
export type Measure =
  | { readonly of: 'rows' }
  | { readonly of: 'values'; readonly column: MeasuredColumn; readonly finite?: boolean }
  | ({ readonly of: 'min' | 'max' } & Amount)
  | ({ readonly of: 'sum' | 'mean' | 'stddev' } & Amount)
  | { readonly of: 'distinct'; readonly column: MeasuredColumn; readonly approximate?: boolean }
  /** Values that occur exactly once. */
  | { readonly of: 'unique'; readonly column: MeasuredColumn }
  /** Linear interpolation between the two nearest values (percentile_cont), unless an estimate is enough. */
  | {
      readonly of: 'percentile';
      readonly column: MeasuredColumn;
      readonly on?: Operand;
      readonly finite?: boolean;
      /** 0 to 1. */
      readonly fraction: number;
      readonly approximate?: boolean;
      /** Of decimals that are counted: as text, with all digits; infinities and NaN come as text. */
      readonly exact?: boolean;
    }
  /** Values in the bin number `at`. */
  | ({ readonly of: 'bin'; readonly at: number } & Bins)
  | { readonly of: 'countWhere'; readonly condition: Condition };

/** Bins of a column's values: those below the first bound, from each bound up to the next, and from the last one on. */
export interface Bins {
  readonly column: MeasuredColumn;
  /** Ascending. */
  readonly bounds: readonly Scalar[];
  readonly finite?: boolean;
}

/**
 * Integers that a double can't hold are bigints; times are ISO 8601 strings without a zone; TIME on MySQL is seconds.
 */
export type MeasureValue = number | bigint | string | null;
