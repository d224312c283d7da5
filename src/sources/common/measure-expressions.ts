import type { Condition } from '../condition.js';
import type { Measure, Operand } from '../measure.js';
import type { Placement } from '../measure-dialect.js';
import type { MeasuredColumn } from '../measured-column.js';

/** How one engine writes the parts of aggregates. */
export interface ExpressionSyntax {
  readonly quote: (name: string) => string;
  /** What MIN and MAX take: the column, or its length. */
  readonly operand: (column: MeasuredColumn, on?: Operand, finite?: boolean) => string;
  readonly condition: (condition: Condition) => string;
}

type Plain = Exclude<Measure, { of: 'sum' | 'mean' | 'stddev' }>;

/**
 * The aggregates that all engines write alike; sums, means and deviations differ by engine. @throws Error for what
 * isn't an aggregate
 */
export function plainExpression(measure: Plain, { quote, operand, condition }: ExpressionSyntax): string {
  switch (measure.of) {
    case 'rows':
      return 'COUNT(*)';
    case 'values':
      return `COUNT(${measure.finite === true ? operand(measure.column, 'value', true) : quote(measure.column.name)})`;
    case 'distinct':
      return `COUNT(DISTINCT ${quote(measure.column.name)})`;
    case 'min':
    case 'max':
      return `${measure.of.toUpperCase()}(${operand(measure.column, measure.on, measure.finite)})`;
    case 'countWhere':
      return `COALESCE(SUM(CASE WHEN ${condition(measure.condition)} THEN 1 ELSE 0 END), 0)`;
    case 'unique':
    case 'percentile':
    case 'bin':
      throw new Error(`${measure.of} is read from grouped counts`);
  }
}

/** How measures are answered by an engine without answers from metadata and without an aggregate for percentiles. */
export function usualPlacement({ of }: Measure): Placement {
  return of === 'unique' || of === 'percentile' || of === 'bin' ? 'grouped' : 'aggregate';
}

/** The columns of a subquery's select list. */
export function columnList(columns: readonly MeasuredColumn[] | 'all', quote: ExpressionSyntax['quote']): string {
  return columns === 'all' ? '*' : columns.map(({ name }) => quote(name)).join(', ') || '1 AS one';
}
