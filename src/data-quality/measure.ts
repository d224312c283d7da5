/**
 * What tests want to know about a table, as data: the connector turns it into SQL. Names are the source's own,
 * unquoted.
 */

/** A value as rows have it. Numbers that a double can't hold are strings. */
export type CellValue = string | number | boolean | null;

export type Condition =
  | { readonly op: 'isNull'; readonly column: string }
  /** NULL isn't in any set. */
  | { readonly op: 'in'; readonly column: string; readonly values: readonly CellValue[] }
  /** The engine's own regular expressions; NULL doesn't match. */
  | { readonly op: 'matches'; readonly column: string; readonly pattern: string }
  /** Below `min` or above `max`; bounds of date columns are ISO 8601 strings in UTC. */
  | { readonly op: 'outside'; readonly column: string; readonly min?: number | string; readonly max?: number | string }
  /** Length in characters. */
  | { readonly op: 'lengthOutside'; readonly column: string; readonly min?: number; readonly max?: number }
  | {
      readonly op: 'since';
      readonly column: string;
      readonly amount: number;
      readonly unit: 'HOUR' | 'DAY' | 'MONTH' | 'YEAR';
    }
  /** Occurs in more than one row of the table. */
  | { readonly op: 'repeated'; readonly column: string }
  | { readonly op: 'or'; readonly any: readonly Condition[] }
  | { readonly op: 'and'; readonly all: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition };

export const COLUMN_STATISTICS = [
  'valuesCount',
  'nullCount',
  'min',
  'max',
  'mean',
  'sum',
  'stddev',
  'median',
  'minLength',
  'maxLength',
  'uniqueCount',
] as const;

export type ColumnStatistic = (typeof COLUMN_STATISTICS)[number];

export type Measure =
  | { readonly kind: 'rowCount' }
  | { readonly kind: ColumnStatistic; readonly column: string }
  | { readonly kind: 'countWhere'; readonly where: Condition };

/** The same string for equal measures: those that several tests have in common are measured once. */
export function measureKey(measure: Measure): string {
  return JSON.stringify(measure);
}

export const ROW_COUNT: Measure = { kind: 'rowCount' };
