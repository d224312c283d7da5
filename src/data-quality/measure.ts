/** What tests want to know of a table, as data: the connector makes SQL of it. Names are the source's own, unquoted. */

/** A value as rows hold it. Numbers that a double can't hold come as text. */
export type CellValue = string | number | boolean | null;

export type Condition =
  | { readonly op: 'isNull'; readonly column: string }
  /** NULL is in no set. */
  | { readonly op: 'in'; readonly column: string; readonly values: readonly CellValue[] }
  /** The engine's own regular expressions; NULL does not match. */
  | { readonly op: 'matches'; readonly column: string; readonly pattern: string }
  /** Below `min` or above `max`; bounds of date columns are ISO 8601 texts in UTC. */
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

/** The same text for the same measure: equal measures of several tests are measured once. */
export function measureKey(measure: Measure): string {
  return JSON.stringify(measure);
}

export const ROW_COUNT: Measure = { kind: 'rowCount' };
