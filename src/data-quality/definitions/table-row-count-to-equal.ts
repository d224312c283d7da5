import { ROW_COUNT } from '../measure.js';
import { numberOf, outcome } from '../outcome.js';
import type { TableRule } from '../test-rule.js';

export const tableRowCountToEqual: TableRule = {
  name: 'tableRowCountToEqual',
  level: 'table',
  values: ['rowCount'],
  plan: ({ parameters }) => {
    const expected = parameters.requiredInteger('value');
    return {
      kind: 'measured',
      measures: [ROW_COUNT],
      judge: ({ value }) => {
        const rowCount = numberOf(value(ROW_COUNT), 'rowCount');
        return outcome(rowCount === expected, `Found rowCount=${rowCount} rows vs. the expected ${expected}`, {
          rowCount,
        });
      },
    };
  },
};
