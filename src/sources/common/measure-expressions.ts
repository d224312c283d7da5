import type { Condition, Measure, MeasuredColumn, Operand } from '../measures.js';

/** How one engine writes what aggregates are made of. */
export interface ExpressionSyntax {
  readonly quote: (name: string) => string;
  /** What MIN and MAX take: the column, or its length. */
  readonly operand: (column: MeasuredColumn, on?: Operand) => string;
  readonly condition: (condition: Condition) => string;
}

type Plain = Extract<
  Measure,
  { of: 'rows' } | { of: 'values' } | { of: 'distinct' } | { of: 'min' | 'max' } | { of: 'countWhere' }
>;

/** The aggregates that all engines write alike; sums, means and deviations are each engine's own. */
export function plainExpression(measure: Plain, { quote, operand, condition }: ExpressionSyntax): string {
  switch (measure.of) {
    case 'rows':
      return 'COUNT(*)';
    case 'values':
      return `COUNT(${quote(measure.column.name)})`;
    case 'distinct':
      return `COUNT(DISTINCT ${quote(measure.column.name)})`;
    case 'min':
    case 'max':
      return `${measure.of.toUpperCase()}(${operand(measure.column, measure.on)})`;
    case 'countWhere':
      return `COALESCE(SUM(CASE WHEN ${condition(measure.condition)} THEN 1 ELSE 0 END), 0)`;
  }
}
