import type { Condition, Measure } from './measure.js';

export type ComparedCondition = Extract<Condition, { op: 'in' | 'matches' }>;

/** Those conditions of measures that compare a column with what somebody wrote, wherever they stand. */
export function comparedConditions(measures: readonly Measure[]): readonly ComparedCondition[] {
  return measures.flatMap((measure) => (measure.kind === 'countWhere' ? within(measure.where) : []));
}

function within(condition: Condition): readonly ComparedCondition[] {
  switch (condition.op) {
    case 'in':
    case 'matches':
      return [condition];
    case 'not':
      return within(condition.of);
    case 'or':
      return condition.any.flatMap(within);
    case 'and':
      return condition.all.flatMap(within);
    default:
      return [];
  }
}
