import { ROW_COUNT } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { ColumnRule } from '../test-rule.js';

export const columnValuesToBeNotNull: ColumnRule = {
  name: 'columnValuesToBeNotNull',
  level: 'column',
  values: ['nullCount'],
  plan: ({ column, countRows }) => {
    const nulls = { kind: 'nullCount', column: column.name } as const;
    return {
      kind: 'measured',
      measures: countRows ? [nulls, ROW_COUNT] : [nulls],
      failing: { op: 'isNull', column: column.name },
      judge: ({ value }) => {
        const nullCount = numberOf(value(nulls) ?? 0, 'nullCount');
        const rows = countRows ? { all: numberOf(value(ROW_COUNT), 'rowCount'), failed: nullCount } : undefined;
        const text = `Found nullCount=${nullCount}. It should be 0`;
        return outcome(nullCount === 0, text, { nullCount }, rows === undefined ? {} : { rows });
      },
    };
  },
};
