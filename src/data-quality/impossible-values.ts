import { ownValues } from '../measures/index.js';
import type { MeasureDialect, MeasuredColumn } from '../sources/index.js';
import { comparedConditions } from './compared-conditions.js';
import type { Measure } from './measure.js';

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
  const lines = comparedConditions(measures).flatMap((condition) =>
    condition.op !== 'in'
      ? []
      : condition.values.flatMap((value) => {
          const { dataType } = column(condition.column);
          const own = value === null ? undefined : ownValues(column(condition.column), value, dialect);
          if (own === undefined || Array.isArray(own)) return [];
          return [
            `${JSON.stringify(value)} is in no row of ${condition.column} (${dataType}). Such a column has ${own.allowed}.`,
          ];
        })
  );
  return [...new Set(lines)];
}
