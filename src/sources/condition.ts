import type { MeasuredColumn } from './measured-column.js';

/** One value of a row, as the driver returns it. */
export type Cell = string | number | bigint | boolean | Date | Uint8Array | null;

/** A time, epoch milliseconds. */
export interface Moment {
  readonly time: number;
  /** Microseconds more, below 1,000, of one that somebody wrote. */
  readonly micros?: number;
  /** How it is counted where a clock's own days, months and years are; `time` is by those of UTC. */
  readonly back?: { readonly from: number; readonly amount: number; readonly unit: 'DAY' | 'MONTH' | 'YEAR' };
}

/**
 * A value in a condition. A time is a moment: a column whose type has a zone is compared with that,
 * one without a zone with what the source's own clock showed then (Snowflake, SQLite: UTC), as a date or a timestamp by
 * its type. A decimal is a number that a double can't hold, as `-12.5` would be written.
 */
export type Scalar = string | number | bigint | boolean | Moment | { readonly decimal: string };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Which rows, as data. NULL isn't in a set or a range, and matches nothing. */
export type Condition =
  | { readonly op: 'isNull'; readonly column: MeasuredColumn }
  | { readonly op: 'in'; readonly column: MeasuredColumn; readonly values: readonly Scalar[] }
  /** What `MeasureDialect.shown` of the column returned. */
  | { readonly op: 'shown'; readonly column: MeasuredColumn; readonly cells: readonly NonNullable<Cell>[] }
  | {
      readonly op: 'compare';
      readonly column: MeasuredColumn;
      readonly is: Comparison;
      readonly value: Scalar;
      /** `length`: compares the length in characters. */
      readonly on?: 'value' | 'length';
    }
  /** The engine's own regular expressions, as it defines a match; without case where the column's type has none. */
  | { readonly op: 'matches'; readonly column: MeasuredColumn; readonly pattern: string }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  /** A user's own SQL, in brackets. */
  | { readonly op: 'sql'; readonly sql: string };
