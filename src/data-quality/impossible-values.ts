import { ownValues } from '../measures/index.js';
import type { MeasureDialect, MeasuredColumn } from '../sources/index.js';
import type { Condition, Measure } from './measure.js';

/** What a test's sets are read with. */
export interface ReadSets {
  readonly dialect: MeasureDialect;
  readonly column: (name: string) => MeasuredColumn;
}

/**
 * What is said of values of a test's sets that no row of their column can have, as 2026-13-45 of dates: they are looked
 * for in none.
 */
export function impossibleValues(measures: readonly Measure[], { dialect, column }: ReadSets): readonly string[] {
  const lines = measures.flatMap((measure) =>
    measure.kind !== 'countWhere'
      ? []
      : setsOf(measure.where).flatMap(({ column: name, values }) =>
          values.flatMap((value) => {
            const own = value === null ? undefined : ownValues(column(name), value, dialect);
            if (own === undefined || Array.isArray(own)) return [];
            return [
              `${JSON.stringify(value)} is in no row of ${name} (${column(name).dataType}). Such a column has ${own.allowed}.`,
            ];
          })
        )
  );
  return [...new Set(lines)];
}

function setsOf(condition: Condition): readonly Extract<Condition, { op: 'in' }>[] {
  switch (condition.op) {
    case 'in':
      return [condition];
    case 'not':
      return setsOf(condition.of);
    case 'or':
      return condition.any.flatMap(setsOf);
    case 'and':
      return condition.all.flatMap(setsOf);
    default:
      return [];
  }
}
