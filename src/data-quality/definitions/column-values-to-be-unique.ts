import { ROW_COUNT } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

/** NULLs don't count as values: any number of them is unique. */
export const columnValuesToBeUnique: ColumnRule = {
  name: 'columnValuesToBeUnique',
  level: 'column',
  values: ['valueCount', 'uniqueCount'],
  plan: ({ column, countRows }) => {
    const values = { kind: 'valuesCount', column: column.name } as const;
    const unique = { kind: 'uniqueCount', column: column.name } as const;
    return {
      kind: 'measured',
      measures: countRows ? [values, unique, ROW_COUNT] : [values, unique],
      failing: { op: 'repeated', column: column.name },
      judge: ({ value }) => {
        const valueCount = numberOf(value(values) ?? 0, 'valuesCount');
        const uniqueCount = numberOf(value(unique) ?? 0, 'uniqueCount');
        const rows = countRows ? { all: numberOf(value(ROW_COUNT), 'rowCount'), passed: uniqueCount } : undefined;
        const text = `Found valuesCount=${valueCount} vs. uniqueCount=${uniqueCount}.`;
        return outcome(
          valueCount === uniqueCount,
          text,
          { valueCount, uniqueCount },
          rows === undefined ? {} : { rows }
        );
      },
    };
  },
};
